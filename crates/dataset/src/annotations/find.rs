//! Which images of a folder are annotated, and by which files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::{Annotation, AnnotationError, coco, labelme, yolo};

/// The most JSON files that are looked at for annotations of many images; where there are more, they are
/// about one image each.
const MAX_SHARED: usize = 64;

/// Folders that such a file may lie below the one that was opened.
const MAX_DEPTH: usize = 4;

/// The annotations of a folder. Paths are below it.
#[derive(Debug, Default)]
pub(crate) struct Annotated {
    /// By image.
    pub images: BTreeMap<PathBuf, Annotation>,
    /// Whether they say of every image what it shows, whatever its folder is called.
    pub is_complete: bool,
    /// Files that cannot be used, and why: annotations, and the images that they are of.
    pub left_out: Vec<AnnotationError>,
    /// Images whose annotation cannot be used.
    pub damaged: HashSet<PathBuf>,
}

/// Looks for annotations of these images in these documents, all below `root`: a COCO file, then labels of
/// YOLO in folders of their own, then a LabelMe file for each image, then labels of YOLO beside the images, as
/// Darknet lays them.
///
/// # Errors
/// A damaged file that would have been about all images.
pub(crate) fn find(
    root: &Path,
    images: &[&Path],
    documents: &[&Path],
) -> Result<Annotated, AnnotationError> {
    let by_stem = Stems::new(images);
    if let Some(found) = find_coco(root, documents, &by_stem)? {
        return Ok(found);
    }
    let in_labels = images
        .iter()
        .filter_map(|image| Some((*image, labels_of(image)?)));
    if let Some(found) = find_yolo(root, in_labels.collect(), documents) {
        return Ok(found);
    }
    let found = find_labelme(root, documents, &by_stem);
    if !found.images.is_empty() {
        return Ok(found);
    }
    let beside = images
        .iter()
        .map(|image| (*image, image.with_extension("txt")));
    Ok(find_yolo(root, beside.collect(), documents).unwrap_or(found))
}

/// Images by their names without endings, in small letters.
struct Stems<'a>(HashMap<String, Vec<&'a Path>>);

impl<'a> Stems<'a> {
    fn new(images: &[&'a Path]) -> Self {
        let mut stems: HashMap<String, Vec<&Path>> = HashMap::new();
        for image in images {
            stems.entry(stem(image)).or_default().push(image);
        }
        Self(stems)
    }

    fn of(&self, path: &Path) -> &[&'a Path] {
        self.0.get(&stem(path)).map_or(&[], Vec::as_slice)
    }
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().to_lowercase()
}

fn has_ending(path: &Path, ending: &str) -> bool {
    let own = path.extension().unwrap_or_default();
    own.eq_ignore_ascii_case(ending)
}

fn find_coco(
    root: &Path,
    documents: &[&Path],
    by_stem: &Stems<'_>,
) -> Result<Option<Annotated>, AnnotationError> {
    let shared: Vec<&Path> = documents
        .iter()
        .copied()
        .filter(|path| has_ending(path, "json") && path.components().count() <= MAX_DEPTH)
        .filter(|path| by_stem.of(path).is_empty())
        .take(MAX_SHARED + 1)
        .collect();
    if shared.len() > MAX_SHARED {
        return Ok(None);
    }
    let mut found = Annotated {
        is_complete: true,
        ..Annotated::default()
    };
    for path in shared {
        let file = root.join(path);
        let entries = match coco::parse(&file) {
            Ok(Some(entries)) => entries,
            Ok(None) => continue,
            Err(error) if is_meant(path) => return Err(error),
            Err(_) => continue,
        };
        for (name, annotation) in entries {
            match place(by_stem, path, &name) {
                Ok(image) => {
                    found.images.insert(image.into(), annotation);
                }
                Err(reason) => found.left_out.push(AnnotationError {
                    file: PathBuf::from(name),
                    reason: reason.into(),
                }),
            }
        }
    }
    Ok((!found.images.is_empty()).then_some(found))
}

/// Whether a file by its name or folder holds annotations: damaged, it is no other program's.
fn is_meant(path: &Path) -> bool {
    let text = path.to_string_lossy().to_lowercase();
    ["annotation", "coco", "instances_"]
        .iter()
        .any(|word| text.contains(word))
}

/// The image that a shared file calls `name`: the one whose path ends so, and of several the one that lies
/// nearest to the file.
fn place<'a>(by_stem: &Stems<'a>, file: &Path, name: &str) -> Result<&'a Path, &'static str> {
    let name = name.replace('\\', "/");
    let wanted: Vec<&str> = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    let ends_so = |image: &&&Path| {
        let own = image.iter().rev().map(|part| part.to_string_lossy());
        let mut own = own.map(Some).chain(std::iter::repeat(None));
        wanted
            .iter()
            .rev()
            .all(|part| own.next().flatten().is_some_and(|own| own == *part))
    };
    let words = words_of(file);
    // Folders in common, then folders that the file is called after: instances_val2017 is of val2017.
    let nearness = |image: &Path| {
        let common = image
            .components()
            .zip(file.components())
            .take_while(|(one, other)| one == other)
            .count();
        let called = image.parent().is_some_and(|folder| {
            folder
                .iter()
                .any(|part| words.contains(&part.to_string_lossy().to_lowercase()))
        });
        (common, called)
    };
    // Looking through all images for each of as many entries would be slow.
    let called_so = by_stem.of(Path::new(wanted.last().unwrap_or(&"")));
    let mut candidates: Vec<&Path> = called_so.iter().filter(ends_so).copied().collect();
    candidates.sort_by_key(|image| std::cmp::Reverse(nearness(image)));
    match candidates[..] {
        [] => Err("annotated, but missing"),
        [image] => Ok(image),
        [image, next, ..] if nearness(image) > nearness(next) => Ok(image),
        _ => Err("annotated, but several images are called so"),
    }
}

fn words_of(file: &Path) -> Vec<String> {
    let stem = stem(file);
    let words = stem.split(|one: char| !one.is_alphanumeric());
    words.map(str::to_owned).collect()
}

/// Each image is labelled by the file that it is paired with; without such a file it is normal.
fn find_yolo(root: &Path, pairs: Vec<(&Path, PathBuf)>, documents: &[&Path]) -> Option<Annotated> {
    let labels: HashSet<&Path> = documents
        .iter()
        .copied()
        .filter(|path| has_ending(path, "txt"))
        .collect();
    let has_labels = |(_, path): &&(&Path, PathBuf)| labels.contains(path.as_path());
    if pairs.iter().filter(has_labels).count() == 0 {
        return None;
    }
    let names = class_names(root, documents);
    let read: Vec<_> = pairs
        .par_iter()
        .map(|pair| match has_labels(&pair) {
            true => yolo::parse(&root.join(&pair.1), &names),
            false => Ok(yolo::nothing(&root.join(&pair.1))),
        })
        .collect();
    let mut found = Annotated {
        is_complete: true,
        ..Annotated::default()
    };
    let mut is_yolo = false;
    for ((image, path), annotation) in pairs.iter().zip(read) {
        match annotation {
            Ok(annotation) => {
                is_yolo |= labels.contains(path.as_path());
                found.images.insert((*image).into(), annotation);
            }
            Err(error) => found.damage(image, error),
        }
    }
    // Not one of them could be read: they are something else.
    is_yolo.then_some(found)
}

impl Annotated {
    fn damage(&mut self, image: &Path, error: AnnotationError) {
        self.damaged.insert(image.into());
        self.left_out.push(error);
    }
}

/// `labels/.../X.txt` for `images/.../X.jpg`, as Ultralytics looks for it.
fn labels_of(image: &Path) -> Option<PathBuf> {
    let parts: Vec<Component<'_>> = image.components().collect();
    let is_images = |part: &Component<'_>| part.as_os_str().eq_ignore_ascii_case("images");
    let at = parts.iter().rposition(is_images)?;
    let parts = parts.iter().enumerate();
    let path: PathBuf = parts
        .map(|(index, part)| match index == at {
            true => OsStr::new("labels"),
            false => part.as_os_str(),
        })
        .collect();
    Some(path.with_extension("txt"))
}

fn class_names(root: &Path, documents: &[&Path]) -> Vec<String> {
    let is_one = |path: &&&Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_near = path.components().count() <= 2;
        let endings = ["yaml", "yml", "names"];
        is_near && (name == "classes.txt" || endings.iter().any(|ending| has_ending(path, ending)))
    };
    let files = documents.iter().filter(is_one);
    let names = files.filter_map(|path| {
        let bytes = super::read(&root.join(path)).ok()?;
        let names = yolo::class_names(&String::from_utf8_lossy(super::without_bom(&bytes)));
        (!names.is_empty()).then_some(names)
    });
    names.into_iter().next().unwrap_or_default()
}

/// `X.json` for `X.png`, beside it or in a folder of its own.
fn find_labelme(root: &Path, documents: &[&Path], by_stem: &Stems<'_>) -> Annotated {
    let files: Vec<(&Path, &[&Path])> = documents
        .iter()
        .filter(|path| has_ending(path, "json"))
        .map(|path| (*path, by_stem.of(path)))
        .filter(|(_, images)| !images.is_empty())
        .collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|(path, _)| labelme::parse(&root.join(path)))
        .collect();
    let mut found = Annotated::default();
    let is_any = read.iter().any(|read| matches!(read, Ok(Some(_))));
    for ((path, images), annotation) in files.into_iter().zip(read) {
        let beside = images.iter().find(|image| image.parent() == path.parent());
        let image = match (beside, images) {
            (Some(image), _) | (None, [image]) => *image,
            _ => {
                if let Ok(Some(_)) = annotation {
                    found.left_out.push(AnnotationError {
                        file: root.join(path),
                        reason: "annotates an image of which there are several of that name".into(),
                    });
                }
                continue;
            }
        };
        match annotation {
            Ok(Some(annotation)) => {
                found.images.insert(image.into(), annotation);
            }
            Ok(None) => {}
            // Among sound annotations it is one that was damaged.
            Err(error) if is_any || beside.is_some() => found.damage(image, error),
            Err(_) => {}
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    const DENT: &str = r#"{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]]}"#;

    fn labelme(shapes: &str) -> String {
        format!(r#"{{"shapes": [{shapes}], "imagePath": "x", "imageHeight": 9, "imageWidth": 9}}"#)
    }

    fn found(images: &[&str], files: &[(&str, &str)]) -> Result<Annotated, AnnotationError> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let images: Vec<&Path> = images.iter().map(Path::new).collect();
        let documents: Vec<&Path> = files.iter().map(|(name, _)| Path::new(*name)).collect();
        find(dir.path(), &images, &documents)
    }

    /// "image kind" of each annotated image.
    fn kinds(found: &Annotated) -> Vec<String> {
        let line = |(image, annotation): (&PathBuf, &Annotation)| match annotation.kind() {
            Kind::Defect(name) => format!("{} {name}", image.display()),
            _ => format!("{} normal", image.display()),
        };
        found.images.iter().map(line).collect()
    }

    #[test]
    fn labelme_files_are_found_beside_the_images_and_in_a_folder_of_their_own() {
        let (defect, normal) = (labelme(DENT), labelme(""));
        let images = ["a.jpg", "b.jpg", "c.jpg"];
        let beside = [("a.json", &defect[..]), ("b.json", &normal)];
        let apart = [("json/a.json", &defect[..]), ("json/b.json", &normal)];
        for files in [beside, apart] {
            let found = found(&images, &files).unwrap();
            assert_eq!(kinds(&found), ["a.jpg dent", "b.jpg normal"]);
            assert!(!found.is_complete);
        }
    }

    #[test]
    fn a_damaged_annotation_names_its_file_and_spares_the_others() {
        let defect = labelme(DENT);
        let files = [("a.json", &defect[..]), ("b.json", "{")];
        let found = found(&["a.jpg", "b.jpg"], &files).unwrap();
        assert_eq!(kinds(&found), ["a.jpg dent"]);
        assert!(found.damaged.contains(Path::new("b.jpg")));
        let error = found.left_out[0].to_string();
        assert!(
            error.contains("b.json: is no LabelMe annotation"),
            "{error}"
        );
    }

    #[test]
    fn yolo_labels_are_found_and_images_without_are_normal() {
        let images = [
            "images/train/a.jpg",
            "images/train/b.jpg",
            "images/val/c.jpg",
        ];
        let files = [
            ("data.yaml", "names: [dent]"),
            ("labels/train/a.txt", "0 0.1 0.1 0.5 0.1 0.5 0.5"),
            ("labels/val/c.txt", ""),
        ];
        let found = found(&images, &files).unwrap();
        let expected = [
            "images/train/a.jpg dent",
            "images/train/b.jpg normal",
            "images/val/c.jpg normal",
        ];
        assert_eq!(kinds(&found), expected);
        assert!(found.is_complete);
    }

    #[test]
    fn texts_that_are_no_labels_make_no_yolo_set() {
        for (image, text) in [("images/a.jpg", "labels/a.txt"), ("a.jpg", "a.txt")] {
            let found = found(&[image], &[(text, "made in spring")]).unwrap();
            assert!(found.images.is_empty());
        }
    }

    #[test]
    fn yolo_labels_are_found_beside_the_images() {
        let files = [
            ("a.txt", "0 0.5 0.5 0.2 0.2"),
            ("b.txt", ""),
            ("classes.txt", "dent"),
        ];
        let found = found(&["a.jpg", "b.jpg", "c.jpg"], &files).unwrap();
        assert_eq!(
            kinds(&found),
            ["a.jpg dent", "b.jpg normal", "c.jpg normal"]
        );
        assert!(found.is_complete);
    }

    #[test]
    fn outlines_of_labelme_go_before_yolo_labels_beside_the_images() {
        let files = [("a.json", &labelme(DENT)[..]), ("a.txt", "")];
        assert_eq!(kinds(&found(&["a.jpg"], &files).unwrap()), ["a.jpg dent"]);
    }

    fn coco(images: &str, annotations: &str) -> String {
        format!(
            r#"{{"images": [{images}], "annotations": [{annotations}],
            "categories": [{{"id": 1, "name": "dent"}}]}}"#
        )
    }

    #[test]
    fn coco_names_its_images_from_several_folders() {
        let entry = |id: u32, name: &str| {
            format!(r#"{{"id": {id}, "file_name": "{name}", "width": 9, "height": 9}}"#)
        };
        let drawn = r#"{"image_id": 1, "category_id": 1, "segmentation": [[1, 1, 4, 1, 4, 4]]}"#;
        let train = coco(&[entry(1, "a.jpg"), entry(2, "gone.jpg")].join(","), drawn);
        let val = coco(&entry(1, "a.jpg"), "");
        let files = [
            ("annotations/instances_train2017.json", &train[..]),
            ("annotations/instances_val2017.json", &val),
        ];
        let images = ["train2017/a.jpg", "train2017/b.jpg", "val2017/a.jpg"];
        let found = found(&images, &files).unwrap();
        assert_eq!(
            kinds(&found),
            ["train2017/a.jpg dent", "val2017/a.jpg normal"]
        );
        assert_eq!(
            found.left_out[0].to_string(),
            "gone.jpg: annotated, but missing"
        );
    }

    #[test]
    fn a_coco_entry_without_a_name_is_no_image() {
        let entries = r#"{"id": 1, "file_name": "", "width": 9, "height": 9}"#;
        let files = [("annotations/all.json", &coco(entries, "")[..])];
        assert!(found(&["a.jpg"], &files).unwrap().images.is_empty());
    }

    #[test]
    fn a_damaged_coco_file_is_an_error_and_other_json_is_not() {
        let error = found(&["a.jpg"], &[("annotations/all.json", "{\"images\": [")]).unwrap_err();
        assert!(error.file.ends_with("annotations/all.json"));
        assert!(
            found(&["a.jpg"], &[("settings.json", "{")])
                .unwrap()
                .images
                .is_empty()
        );
    }
}
