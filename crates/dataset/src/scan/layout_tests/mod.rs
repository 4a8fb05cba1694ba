//! Folders of images, built small, and what is found in them: one file for each subject.

#![allow(clippy::unwrap_used)]

mod defects;
mod described_sets;
mod masks;
mod neutral;
mod numbers;
mod opened;
mod other_files;
mod public_sets;
mod questions;
mod sorted_parts;
mod taken_back;

use std::path::Path;

use image::{GrayImage, Luma};

use super::*;
use crate::catalog::Kind;

/// What a file holds.
#[derive(Clone, Copy, Debug)]
enum Content {
    /// A photograph.
    Photo,
    /// Another one.
    Other,
    /// A mask with a region.
    Blob,
    /// A mask that marks nothing.
    Black,
    /// A mask with soft edges.
    Soft,
    /// No picture at all.
    Text,
    /// This text.
    Said(&'static str),
    /// Whatever this writes.
    Written(fn(&Path)),
}
use Content::{Black, Blob, Other, Photo, Said, Soft, Text, Written};

/// `count` files; `{}` in the name is the number, from 0 on.
type Files = (&'static str, usize, Content);

/// Normal images to train on; normal, defective, unknown ones to test with; masks; files left out.
pub(super) type Counts = (usize, usize, usize, usize, usize, usize);

/// A layout: its name, what is in it, what is found, which kinds of defects.
type Row = (
    &'static str,
    &'static [Files],
    Counts,
    &'static [&'static str],
);

fn write(path: &Path, content: Content) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let value: fn(u32, u32) -> u8 = match content {
        Photo => |x, y| (40 + 9 * x + 5 * y) as u8,
        Other => |x, y| (40 + 5 * x + 9 * y) as u8,
        Blob => |x, y| 255 * u8::from(x < 3 && y < 4),
        Black => |_, _| 0,
        Soft => |x, y| 250_u32.saturating_sub(9 * (x + 5 * y)) as u8 * u8::from(x < 5 && y < 5),
        Text => return std::fs::write(path, "text").unwrap(),
        Said(text) => return std::fs::write(path, text).unwrap(),
        Written(write) => return write(path),
    };
    // No two photographs are the same.
    let noise: u32 = match content {
        Photo | Other => path.to_string_lossy().bytes().fold(7, |sum, byte| {
            u32::from(byte).wrapping_add(sum.wrapping_mul(31))
        }),
        _ => 0,
    };
    // Compression with losses leaves nothing of a little.
    let strength = if crate::file_name::ending(path).starts_with("jp") {
        16
    } else {
        1
    };
    GrayImage::from_fn(12, 12, |x, y| {
        let bits = if y == 11 { noise >> (2 * x) & 3 } else { 0 };
        Luma([value(x, y) ^ (bits * strength) as u8])
    })
    .save(path)
    .unwrap();
}

fn build(files: &[Files]) -> tempfile::TempDir {
    let folder = crate::test_folder::test_folder();
    for (name, count, content) in files {
        for number in 0..*count {
            let name = name.replace("{}", &number.to_string());
            write(&folder.path().join(name), *content);
        }
    }
    folder
}

/// What `kizumi data --json` gives as numbers.
pub(super) fn counts(catalog: &Catalog) -> Counts {
    let test = catalog.counts();
    (
        catalog.train.len(),
        test.normal,
        test.defective,
        test.unknown,
        test.masks,
        catalog.left_out.len(),
    )
}

/// Holds each of these layouts to what is right.
fn hold(rows: &[Row]) {
    for (name, files, expected, kinds) in rows {
        let folder = build(files);
        let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            counts(&catalog),
            *expected,
            "{name}: {:?}",
            catalog.left_out
        );
        let found = catalog.counts().kinds;
        assert!(found.keys().eq(kinds.iter()), "{name}: {found:?}");
        let all = catalog.train.iter().chain(&catalog.test);
        for entry in all {
            assert!(entry.path.is_file(), "{name}");
        }
    }
}

fn asked(files: &[Files]) -> Vec<(String, usize, Kind)> {
    let folder = build(files);
    match scan(folder.path()) {
        Err(ScanError::Ambiguous { path, groups, .. }) => {
            assert_eq!(path, folder.path());
            let text = scan(folder.path()).unwrap_err().to_string();
            assert!(
                text.contains("--normal DIR") && text.contains("--test DIR"),
                "{text}"
            );
            let name = |group: &Group| {
                assert!(!group.samples.is_empty() && group.samples.len() <= 6);
                let below = group.folder.strip_prefix(folder.path()).unwrap();
                below.display().to_string()
            };
            let groups = groups.iter();
            groups
                .map(|group| (name(group), group.images, group.guess.clone()))
                .collect()
        }
        other => panic!("{other:?}"),
    }
}
