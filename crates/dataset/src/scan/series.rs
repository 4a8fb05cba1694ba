//! Several pictures of each part that lie in one folder: `7_rgb` and `7_depth`, `7.png` and `7.tif`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use kizumi_image::decode::{Backdrop, Limits, decode};

use super::made::says_made;
use super::mask_names::SEPARATORS;
use crate::file_name::{ending, stem};

/// Parts with several pictures, at least: a few may be called so by chance.
const FEWEST: usize = 3;

/// Pictures of each kind that are looked at.
const LOOKED_AT: usize = 3;

/// Of more kinds than this none is another picture of the same.
const MAX_KINDS: usize = 8;

/// Folders in which pictures are looked at.
const MAX_FOLDERS: usize = 8;

/// How many times the pixels of another one a picture of another camera has, at least.
const LARGER: f64 = 1.5;

/// What pictures of other sensors than a camera for visible light are called.
const SENSORS: &str = "ir nir swir mwir lwir infrared infrarot thermal thermo therm temperature xray ct depth height range \
     disparity pointcloud xyz normals polar dolp aolp phase amplitude 赤外 熱 深度 高さ 距離 红外 热 高度";

/// In visible light; alone it is a visualisation.
const VISIBLE: &str = "vis";

/// How the pictures of a part are told apart: by the word behind its name, and by their endings.
type Kind = (String, String);

/// Pictures of parts of which others lie beside them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Series<'a> {
    /// Those by another sensor, or of another size, depth or colours than the others.
    pub of_other_sensors: Vec<&'a Path>,
    /// Those that are called as what is made of an image is.
    pub made: Vec<&'a Path>,
}

impl<'a> Series<'a> {
    /// Among images to learn from.
    pub fn among(learned: &[&'a Path]) -> Self {
        let mut folders: BTreeMap<Option<&Path>, BTreeMap<String, BTreeMap<Kind, &Path>>> =
            BTreeMap::new();
        let stems: HashSet<(Option<&Path>, String)> = learned
            .iter()
            .map(|path| (path.parent(), stem(path)))
            .collect();
        for &path in learned {
            let is_image = |name: &str| stems.contains(&(path.parent(), name.to_owned()));
            let (part, word) = parted(&stem(path), is_image);
            let parts = folders.entry(path.parent()).or_default();
            let pictures = parts.entry(part).or_default();
            pictures.insert((word, ending(path)), path);
        }
        let mut series = Self::default();
        let mut looked_at = 0;
        for parts in folders.into_values() {
            let mut kinds: BTreeMap<Kind, Vec<&'a Path>> = BTreeMap::new();
            for pictures in parts.into_values().filter(|pictures| pictures.len() > 1) {
                for (kind, path) in pictures {
                    kinds.entry(kind).or_default().push(path);
                }
            }
            kinds.retain(|_, pictures| pictures.len() >= FEWEST);
            if !(2..=MAX_KINDS).contains(&kinds.len()) {
                continue;
            }
            let (made, kinds): (BTreeMap<_, _>, BTreeMap<_, _>) = kinds
                .into_iter()
                .partition(|((word, _), _)| says_made(word) && word != VISIBLE);
            if !kinds.is_empty() {
                series.made.extend(made.into_values().flatten());
            }
            looked_at += 1;
            series
                .of_other_sensors
                .extend(of_other_sensors(kinds, looked_at <= MAX_FOLDERS));
        }
        series
    }
}

/// The name of a part, and the word behind it; numbers are of the name, but for one behind that of another image.
fn parted(stem: &str, is_image: impl Fn(&str) -> bool) -> (String, String) {
    let is_word = |word: &str| word.contains(char::is_alphabetic);
    match stem.rsplit_once(SEPARATORS) {
        Some((part, word)) if (is_word(word) || is_image(part)) && !part.is_empty() => {
            (part.into(), word.into())
        }
        _ => (stem.into(), String::new()),
    }
}

/// The pictures by other sensors than the first kind that is not called after one; with `can_look` what they look like
/// counts, too.
fn of_other_sensors(kinds: BTreeMap<Kind, Vec<&Path>>, can_look: bool) -> Vec<&Path> {
    // As drones call what they see in visible light, near by and from afar, and in infrared.
    let drone: BTreeSet<&str> = kinds.keys().map(|(word, _)| word.as_str()).collect();
    let is_of_drone = drone.contains("t") && drone.iter().all(|word| "vwzts".contains(word));
    let is_named = |(word, _): &Kind| {
        SENSORS.split_whitespace().any(|sensor| sensor == word)
            || is_of_drone && ["t", "z"].contains(&word.as_str())
    };
    let (named, mut others): (Vec<_>, Vec<_>) =
        kinds.into_iter().partition(|(kind, _)| is_named(kind));
    let mut named: Vec<Vec<&Path>> = named.into_iter().map(|(_, pictures)| pictures).collect();
    if others.is_empty() && !named.is_empty() {
        // One of them has to be the picture of the part.
        named.remove(0);
    }
    let looks = others.iter().map(|(_, pictures)| match can_look {
        true => Look::of(pictures),
        false => None,
    });
    let looks: Vec<Option<Look>> = looks.collect();
    let main = looks.iter().flatten().max_by(|a, b| {
        let rank = |look: &Look| (!look.is_deep, look.is_coloured);
        let by_size = a.pixels.total_cmp(&b.pixels);
        rank(a).cmp(&rank(b)).then(by_size)
    });
    let is_other = |look: &Option<Look>| {
        let both = look.as_ref().zip(main);
        both.is_some_and(|(look, main)| look.is_other_than(main))
    };
    let mut is_other = looks.iter().map(is_other);
    others.retain(|_| is_other.next().unwrap_or(false));
    let others = others.into_iter().map(|(_, pictures)| pictures);
    named.into_iter().chain(others).flatten().collect()
}

/// What the pictures of one kind are like.
pub(super) struct Look {
    is_coloured: bool,
    /// More than 8 bits a value.
    is_deep: bool,
    pixels: f64,
}

impl Look {
    /// `None` where they differ, or cannot be read.
    pub fn of(pictures: &[&Path]) -> Option<Self> {
        let some = (0..LOOKED_AT).map(|at| pictures[at * pictures.len() / LOOKED_AT]);
        let mut looks = some.map(|path| {
            let decoded = decode(path, Limits::PARALLEL, Backdrop::White).ok()?;
            let image = decoded.image;
            Some(Self {
                is_coloured: image.color().has_color(),
                is_deep: decoded.bits > 8,
                pixels: f64::from(image.width()) * f64::from(image.height()),
            })
        });
        let first = looks.next()??;
        looks
            .all(|look| look.is_some_and(|look| !look.is_other_than(&first)))
            .then_some(first)
    }

    /// Whether they are of another size, depth or colours.
    pub fn is_other_than(&self, other: &Self) -> bool {
        let times = self.pixels.max(other.pixels) / self.pixels.min(other.pixels);
        (self.is_coloured, self.is_deep) != (other.is_coloured, other.is_deep) || times >= LARGER
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{DynamicImage, ImageBuffer, Luma, Rgb};

    use super::*;

    fn picture(what: &str) -> DynamicImage {
        let grey = |x: u32, y: u32| (7 * x + 3 * y) as u8;
        match what {
            "colour" => ImageBuffer::from_fn(9, 9, |x, y| Rgb([grey(x, y), 90, 7])).into(),
            "small" => ImageBuffer::from_fn(4, 4, |x, y| Rgb([grey(x, y), 90, 7])).into(),
            "grey" => ImageBuffer::from_fn(9, 9, |x, y| Luma([grey(x, y)])).into(),
            _ => ImageBuffer::from_fn(9, 9, |x, y| Luma([300 * (x + y) as u16])).into(),
        }
    }

    /// Which of the pictures of five parts, each called and made so, are by another sensor, and which are made.
    fn found(pictures: &[(&str, &str)]) -> [Vec<String>; 2] {
        let folder = crate::test_folder::test_folder();
        let mut paths = Vec::new();
        for part in 0..5 {
            for (name, what) in pictures {
                let path = folder
                    .path()
                    .join(name.replace("{}", &format!("{part:03}")));
                picture(what).save(&path).unwrap();
                paths.push(path);
            }
        }
        let learned: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
        let series = Series::among(&learned);
        let first = |paths: Vec<&Path>| {
            let names = paths.into_iter().map(|path| path.file_name().unwrap());
            let names = names.map(|name| name.to_str().unwrap().to_owned());
            names.filter(|name| name.contains("000")).collect()
        };
        [first(series.of_other_sensors), first(series.made)]
    }

    #[test]
    fn pictures_of_one_part_by_another_sensor_are_told_by_name_size_depth_and_colour() {
        for (one, other) in [
            (("{}.png", "colour"), ("{}.tif", "deep")),
            (("{}.jpg", "colour"), ("{}.png", "small")),
            (("{}_V.jpg", "colour"), ("{}_T.jpg", "colour")),
            (("{}_W.jpg", "colour"), ("{}_Z.jpg", "small")),
            (("{}_rgb.png", "colour"), ("{}_ir.png", "colour")),
            (("{}-vis.png", "grey"), ("{}-xray.png", "grey")),
            (("{}.png", "grey"), ("{}_depth.png", "grey")),
            (("{}_a.png", "colour"), ("{}_b.png", "grey")),
        ] {
            let number = |name: &str| name.replace("{}", "000");
            assert_eq!(
                found(&[one, other]),
                [vec![number(other.0)], vec![]],
                "{other:?}"
            );
        }
    }

    #[test]
    fn views_and_lights_of_one_part_are_alike_and_what_is_made_of_it_is_not() {
        for [one, other] in [
            ["{}_L.png", "{}_R.png"],
            ["{}_top.png", "{}_side.png"],
            ["{}.png", "{}.jpg"],
        ] {
            let pictures = [(one, "colour"), (other, "colour")];
            assert_eq!(found(&pictures), [vec![""; 0], vec![]], "{other}");
        }
        let marked = found(&[("{}_orig.png", "colour"), ("{}_marked.png", "colour")]);
        assert_eq!(marked, [vec![], vec!["000_marked.png".to_owned()]]);
    }
}
