//! Long lists of images: in parts, and with no more pictures than are wanted.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::cli::Place;
use crate::common::pictures;

const KINDS: [&str; 5] = ["heatmap", "overlay", "projected", "strip", "map"];

/// A model, and in `many` 13 images of which two are broken and two would get the same name.
fn place_with_many() -> Place {
    let place = Place::with_model(1);
    for (i, picture) in pictures(1, 11).iter().enumerate() {
        let folder = if i < 5 { "many" } else { "many/below" };
        place.save(&format!("{folder}/{i}.png"), picture);
    }
    place.write("many/2b.png", b"this is no image at all");
    place.write("many/below/9b.png", b"");
    fs::rename(place.path("many/1.png"), place.path("many/below_5.png")).expect("renames");
    place
}

/// `results.csv` and `results.jsonl` in a folder.
fn tables(place: &Place, folder: &str) -> (String, String) {
    let read = |file| {
        let path = place.path(folder).join(file);
        fs::read_to_string(path).expect("a table")
    };
    (read("results.csv"), read("results.jsonl"))
}

/// The pictures in a folder.
fn files(place: &Place, folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(place.path(folder)).expect("a folder of results");
    entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("results."))
        .collect()
}

#[test]
fn parts_put_together_are_the_whole() {
    let place = place_with_many();
    let whole = place
        .inspect(&["many", "data"])
        .ends_with(1)
        .says("17 images inspected, 2 could not be used");
    for count in [1, 3, 7, 40] {
        let (mut csv, mut jsonl, mut stdout) = (String::new(), String::new(), String::new());
        let mut pictures = BTreeSet::new();
        for number in 1..=count {
            let out = format!("parts/{count}/{number}");
            let shard = format!("{number}/{count}");
            let arguments = ["many", "data", "--shard", &shard, "--out", &out];
            stdout += &place.inspect_into(&arguments).stdout();
            let part = tables(&place, &out);
            let rows = part.1.lines().count();
            assert!(rows <= 19_usize.div_ceil(count), "{rows} in {shard}");
            csv += &part.0;
            jsonl += &part.1;
            for file in files(&place, &out) {
                assert!(pictures.insert(file), "two parts have one name");
            }
        }
        assert_eq!((csv, jsonl), tables(&place, "results"), "{count} parts");
        assert_eq!(pictures, files(&place, "results"), "{count} parts");
        assert_eq!(stdout, whole.stdout());
    }
    assert_eq!(files(&place, "results").len(), 17 * KINDS.len());
}

#[test]
fn broken_images_are_counted_where_they_lie() {
    let place = place_with_many();
    let lists = |part: &str, status| {
        let arguments = ["many", "--shard", part, "--out", "results"];
        place.inspect_into(&arguments).ends_with(status)
    };
    // In order: 0, 2, 2b, 3, 4, below/5, ... 9, 9b, 10, below_5.
    lists("1/3", 1)
        .says("2b.png: is no PNG")
        .says("3 images inspected, 1 could not be used");
    lists("2/3", 0).says("4 images inspected: results");
    lists("3/3", 1)
        .says("9b.png: is empty")
        .says("4 images inspected, 1 could not be used");
    // Others may have usable ones.
    lists("3/13", 1).says("0 images inspected, 1 could not be used");
    let (csv, jsonl) = tables(&place, "results");
    assert!(csv.is_empty() && jsonl.is_empty());
    place
        .inspect_into(&["many", "--shard", "2/99", "--out", "results"])
        .succeeds()
        .says("0 images inspected");
}

#[test]
fn impossible_parts_and_pictures_are_usage_errors() {
    let place = Place::with_model(1);
    let refuses = |option: &str, values: &[&str], allowed: &str| {
        for value in values {
            let ran = place
                .inspect(&["data", &format!("{option}={value}")])
                .ends_with(2)
                .says(option)
                .says(allowed);
            assert!(ran.stdout().is_empty(), "{option} {value}");
            assert!(!place.path("results").exists(), "{option} {value}");
        }
    };
    let parts = ["0/3", "4/3", "x/y", "", "1", "1/0", "-1/3", "1/2/3", "1,3"];
    refuses("--shard", &parts, "1 <= K <= N");
    let pictures = ["", "maps", "all,map", "map,none", "heatmap,,map"];
    refuses(
        "--pictures",
        &pictures,
        "heatmap, overlay, projected, strip",
    );
}

#[test]
fn the_pictures_that_are_named_are_written() {
    let place = Place::with_model(3);
    let image = "data/test/scratch/15.png";
    // Maps are numbers, the others pictures to look at.
    let file_name = |kind: &str| match kind {
        "map" => "15_map.tiff".to_owned(),
        kind => format!("15_{kind}.png"),
    };
    for (wanted, kinds) in [
        ("all", &KINDS[..]),
        ("none", &[]),
        ("map", &["map"]),
        ("strip,heatmap", &["heatmap", "strip"]),
        ("overlay,projected,overlay", &["overlay", "projected"]),
    ] {
        let out = format!("results/{wanted}");
        let arguments = [image, "--pictures", wanted, "--out", &out];
        place.inspect_into(&arguments).succeeds();
        let expected = kinds.iter().map(|kind| file_name(kind));
        assert_eq!(files(&place, &out), expected.collect());
        let row: Value = serde_json::from_str(&tables(&place, &out).1).expect("a row is JSON");
        for kind in KINDS {
            let name = file_name(kind);
            let named = kinds.contains(&kind).then_some(name.as_str());
            assert_eq!(row[kind].as_str(), named, "{wanted}");
            if named.is_some() {
                let bytes = |out: &str| fs::read(place.path(out).join(&name)).expect("a picture");
                assert_eq!(bytes(&out), bytes("results/all"), "{wanted}");
            }
        }
    }
}
