//! What the project's documents point to.

use std::path::{Path, PathBuf};

/// The Markdown files of a folder.
fn markdown_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of the project");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "md"))
}

/// The targets of links and pictures that are no addresses and no places in the same file.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let ends = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let files = ends.map(|target| target.split('#').next().unwrap_or_default());
    files.filter(|target| !target.is_empty() && !target.contains("://"))
}

#[test]
fn links_and_pictures_of_documents_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents: Vec<PathBuf> = markdown_in(root)
        .chain(markdown_in(&root.join("docs")))
        .collect();
    assert!(documents.len() > 5, "{documents:?}");
    let mut links = 0;
    for document in &documents {
        let text = std::fs::read_to_string(document).expect("a document");
        let folder = document.parent().expect("a folder");
        for target in targets(&text) {
            let path = folder.join(target);
            assert!(path.exists(), "{}: {target}", document.display());
            links += 1;
        }
    }
    assert!(links > 10, "{links} links");
}
