//! Files that are called after one image each: `gt_1.txt`, `1_boxes.txt` or `rle/1.rle` for `1.png`. Most programs for
//! annotation write one where there is something to say, and none for an image without a defect.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::camera_record::is_of_camera;
use super::names::{Word, word};
use crate::file_name::stem;
use crate::walk;

/// The fewest such files, where there is one for most images.
const FEWEST: usize = 3;

/// The fewest where there are less.
const FEWEST_OF_SOME: usize = 2;

/// Bytes of the name of an image without which a name with it in may be called so by chance.
const LONG_NAME: usize = 3;

/// The most parts of a name that are looked at: longer ones are sentences.
const MAX_PARTS: usize = 24;

/// The most files of a set that are opened to see what wrote them.
const MAX_OPENED: usize = 64;

/// Sums of files, points in space, and what a program had begun to write.
const OTHER: [&str; 11] = [
    ".md5", ".sha1", ".sha256", ".crc", ".ply", ".pcd", ".stl", ".tmp", ".part", ".lock", ".ovr",
];

/// Those of these files that lie in sets of one for an image each, called as those are with something before or behind that
/// all of a set have; also one alone, if that says that something is wrong. What cameras write is none of them.
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
    let is_set = |([_, before, behind], set): &([String; 3], BTreeMap<String, &Path>)| {
        let is_of_most = set.len() >= FEWEST && 2 * set.len() >= stems.len();
        let is_bad = word(&format!("{before} {behind}")).is_some_and(Word::is_bad);
        let is_of_some = (set.len() >= FEWEST_OF_SOME || is_bad)
            && set.keys().all(|name| name.len() >= LONG_NAME);
        (is_of_most || is_of_some) && !set.values().take(MAX_OPENED).all(|file| is_of_camera(file))
    };
    let sets = sets.into_iter().filter(is_set).map(|(_, set)| set);
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
            assert_eq!(found(0..3, name, "1 2 3 4"), 3, "{}: of some", name(0));
        }
    }

    #[test]
    fn what_is_of_few_images_or_of_none_or_of_a_camera_is_none_of_them() {
        assert_eq!(found(0..1, |at| format!("p_{at}.rle"), "1"), 0);
        assert_eq!(found(0..4, |at| format!("report {at}.rle"), "1"), 0);
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
