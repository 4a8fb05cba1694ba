//! Files of which there is one for each image under another name: `gt_1.txt`, `1_boxes.txt` or `rle/1.rle` for `1.png`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::camera_record::is_of_camera;
use crate::file_name::stem;
use crate::walk;

/// The fewest such files.
const FEWEST: usize = 3;

/// The most parts of a name that are looked at: longer ones are sentences.
const MAX_PARTS: usize = 24;

/// The most files of a set that are opened to see what wrote them.
const MAX_OPENED: usize = 64;

/// Sums of files, points in space, and what a program had begun to write.
const OTHER: [&str; 10] = [
    ".md5", ".sha1", ".sha256", ".crc", ".ply", ".pcd", ".stl", ".tmp", ".part", ".lock",
];

/// Those of these files that lie in sets of one for most images each, called as those are with something before or
/// behind that all of a set have. What cameras write is none of them.
pub(super) fn one_each<'a>(images: &[&Path], files: &[&'a Path]) -> Vec<&'a Path> {
    let stems: HashSet<String> = images.iter().map(|image| stem(image)).collect();
    let mut sets: HashMap<[String; 3], BTreeMap<String, &Path>> = HashMap::new();
    for file in files {
        let (name, ending) = (stem(file), walk::ending(file));
        if OTHER.contains(&ending.as_str()) {
            continue;
        }
        for (start, end) in spans(&name) {
            if stems.contains(&name[start..end]) {
                let affixes = [ending.clone(), name[..start].into(), name[end..].into()];
                let set = sets.entry(affixes).or_default();
                set.insert(name[start..end].to_owned(), file);
            }
        }
    }
    let is_for_most = |set: &BTreeMap<String, &Path>| {
        let is_set = set.len() >= FEWEST && 2 * set.len() >= stems.len();
        is_set && !set.values().take(MAX_OPENED).all(|file| is_of_camera(file))
    };
    let sets = sets.into_values().filter(is_for_most);
    let found: HashSet<&Path> = sets.flat_map(BTreeMap::into_values).collect();
    let files = files.iter().copied();
    files.filter(|file| found.contains(file)).collect()
}

/// The parts of a name that may be that of an image, each from and up to a place where words end.
fn spans(name: &str) -> Vec<(usize, usize)> {
    let separators = name.char_indices();
    let separators = separators.filter(|(_, letter)| !letter.is_alphanumeric());
    let separators: Vec<_> = separators.take(MAX_PARTS).collect();
    let after = separators.iter().map(|(at, sign)| at + sign.len_utf8());
    let starts = std::iter::once(0).chain(after);
    let ends = || {
        let before = separators.iter().map(|(at, _)| *at);
        before.chain([name.len()])
    };
    let spans = starts.flat_map(|start| ends().map(move |end| (start, end)));
    spans.filter(|(start, end)| start < end).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Which of the files that `name` gives for ten images are taken as one for each.
    fn found(numbers: std::ops::Range<usize>, name: fn(usize) -> String, text: &str) -> usize {
        let folder = crate::test_folder::test_folder();
        let images: Vec<_> = (0..10).map(|at| format!("p_{at}.png")).collect();
        let images: Vec<&Path> = images.iter().map(Path::new).collect();
        let files: Vec<_> = numbers.map(|at| folder.path().join(name(at))).collect();
        for file in &files {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let files: Vec<&Path> = files.iter().map(|file| file.as_path()).collect();
        one_each(&images, &files).len()
    }

    #[test]
    fn files_with_something_before_or_behind_the_name_of_each_image_are_found() {
        let names: [fn(usize) -> String; 7] = [
            |at| format!("gt_txt/gt_p_{at}.txt"),
            |at| format!("p_{at}_boxes.txt"),
            |at| format!("Bounding Boxes/P_{at} anno.txt"),
            |at| format!("rle/p_{at}.rle"),
            |at| format!("p_{at}.png.roi"),
            |at| format!("svg/p_{at}.svg"),
            |at| format!("x/p_{at}.001"),
        ];
        for name in names {
            assert_eq!(found(0..10, name, "1 2 3 4"), 10, "{}", name(0));
            assert_eq!(found(0..5, name, "1 2 3 4"), 5, "{}: of most", name(0));
        }
    }

    #[test]
    fn what_is_of_few_images_or_of_none_or_of_a_camera_is_none_of_them() {
        assert_eq!(found(0..4, |at| format!("p_{at}.rle"), "1"), 0);
        assert_eq!(found(10..20, |at| format!("p_{at}.rle"), "1"), 0);
        assert_eq!(found(0..10, |at| format!("{at}/p_{at}{at}.rle"), "1"), 0);
        assert_eq!(found(0..10, |at| format!("p_{at}.md5"), "1"), 0);
        assert_eq!(found(0..10, |at| format!("p_{at}.png.aux.xml"), "<x/>"), 0);
        let sem = "[SemImageFile]\r\nImageName=p.png\r\nMagnification=300\r\n";
        assert_eq!(found(0..10, |at| format!("info/p_{at}.txt"), sem), 0);
        let log = "exposure_us: 2000\ngain = 3.1\n";
        assert_eq!(found(0..10, |at| format!("info/p_{at}_info.txt"), log), 0);
        let result = "exposure_us: 2000\nresult: NG\n";
        let name = |at| format!("info/p_{at}_info.txt");
        assert_eq!(found(0..10, name, result), 10);
    }
}
