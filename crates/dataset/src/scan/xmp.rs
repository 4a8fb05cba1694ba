//! What programs for photographs keep beside each of them: how a person rated it, and under which words.

use std::collections::BTreeSet;
use std::path::Path;

use kizumi_image::regular;

/// The most files that are opened, and of each the most that is read.
const MAX_FILES: usize = 4096;
const MAX_BYTES: u64 = 256 << 10;

/// Where a person's judgement begins, and where it ends.
const JUDGED: [(&str, &str); 5] = [
    ("xmp:Rating=\"", "\""),
    ("<xmp:Rating>", "<"),
    ("xmp:Label=\"", "\""),
    ("<xmp:Label>", "<"),
    ("<dc:subject>", "</dc:subject>"),
];

/// Those of these files in which some images are judged otherwise than others.
pub(super) fn judged<'a>(files: &[&'a Path]) -> Vec<&'a Path> {
    let judgement = |file: &&'a Path| (*file, judgement(file));
    let all: Vec<(&Path, Vec<String>)> = files.iter().take(MAX_FILES).map(judgement).collect();
    let different: BTreeSet<&Vec<String>> = all.iter().map(|(_, said)| said).collect();
    let are_judged = different.len() > 1;
    let judged = all
        .iter()
        .filter(|(_, said)| are_judged && !said.is_empty());
    judged.map(|(file, _)| *file).collect()
}

fn judgement(file: &Path) -> Vec<String> {
    let bytes = regular::beginning(file, MAX_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let said = JUDGED.iter().filter_map(|(begins, ends)| {
        let rest = &text[text.find(begins)? + begins.len()..];
        let said = rest[..rest.find(ends)?].trim();
        (!said.is_empty()).then(|| said.to_owned())
    });
    said.collect()
}
