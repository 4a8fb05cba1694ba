#![allow(clippy::unwrap_used)]

use std::fs;

use image::{Rgb, RgbImage};
use kizumi_image::input::Aspect;
use kizumi_image::picture::Picture;

use super::*;

/// A photograph of 60 x 30, and what an inspection found in it.
fn photograph(folder: &Path, name: &str) -> Image {
    let path = folder.join(format!("{name}.png"));
    let pixels = RgbImage::from_fn(60, 30, |x, y| Rgb([x as u8, y as u8, 7]));
    pixels.save(&path).unwrap();
    let map = Picture::from_fn(1, 6, 6, |_, y, x| f32::from(u8::from((y, x) == (3, 4))));
    Image {
        name: name.into(),
        map: Some((SmallMap::from(&map), Stamp::of(&path))),
        path,
    }
}

fn copies(images: Vec<Image>) -> Copies {
    let data = DataConfig {
        size_px: 12,
        aspect: Aspect::Letterbox,
        ..DataConfig::default()
    };
    let style = Style {
        data,
        colormap: Colormap::Grey,
        opacity: 1.0,
        high: Some(1.0),
    };
    Copies {
        images,
        style: Some(style),
    }
}

fn written(copies: &Copies, folder: &Path) -> Copied {
    copies.write(folder, &AtomicBool::new(false), &mut |_| {})
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn images_are_copied_as_they_are_with_overlays_of_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let image = photograph(folder.path(), "a");
    let original = fs::read(&image.path).unwrap();
    let into = folder.path().join("rejects/of today");
    let copied = written(&copies(vec![image]), &into);
    assert_eq!(
        (copied.images, copied.overlays, copied.troubles),
        (1, 1, Vec::new())
    );
    assert_eq!(names(&into), ["a.png", "a_overlay.png"]);
    assert_eq!(fs::read(into.join("a.png")).unwrap(), original);
    let overlay = image::open(into.join("a_overlay.png")).unwrap().into_rgb8();
    assert_eq!(overlay.dimensions(), (60, 30));
    // Letterboxed: a pixel of the map is 10 of the photograph, from 15 rows above it.
    assert!(
        overlay.get_pixel(45, 20)[2] > 180,
        "{:?}",
        overlay.get_pixel(45, 20)
    );
    assert_eq!(overlay.get_pixel(5, 5), &Rgb([5, 5, 7]));
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let image = photograph(folder.path(), "a");
    let into = folder.path().join("into");
    fs::create_dir(&into).unwrap();
    fs::write(into.join("a.png"), "precious").unwrap();
    fs::write(into.join("a-2_overlay.png"), "precious").unwrap();
    let copied = written(&copies(vec![image]), &into);
    assert_eq!((copied.images, copied.overlays), (1, 1));
    assert_eq!(
        names(&into),
        ["a-2_overlay.png", "a-3.png", "a-3_overlay.png", "a.png"]
    );
    for kept in ["a.png", "a-2_overlay.png"] {
        assert_eq!(fs::read(into.join(kept)).unwrap(), b"precious");
    }
}

#[test]
fn what_cannot_be_copied_is_named_and_the_others_are_copied() {
    let folder = tempfile::tempdir().unwrap();
    let [gone, changed, broken, good] =
        ["gone", "changed", "broken", "good"].map(|name| photograph(folder.path(), name));
    fs::remove_file(&gone.path).unwrap();
    fs::write(&changed.path, "another").unwrap();
    fs::write(&broken.path, "no image").unwrap();
    let broken = Image {
        map: broken.map.map(|(map, _)| (map, None)),
        ..broken
    };
    let paths = [&gone, &changed].map(|image| image.path.clone());
    let into = folder.path().join("into");
    let copied = written(&copies(vec![gone, changed, broken, good]), &into);
    assert_eq!((copied.images, copied.overlays), (3, 1));
    let [
        Trouble::NotCopied(file, _),
        Trouble::Changed(other),
        Trouble::NoOverlay(why),
    ] = &copied.troubles[..]
    else {
        panic!("{:?}", copied.troubles);
    };
    assert_eq!((Path::new(file), other), (&*paths[0], &paths[1]));
    assert!(why.to_string().contains("broken.png"), "{why}");
    assert_eq!(
        names(&into),
        ["broken.png", "changed.png", "good.png", "good_overlay.png"]
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named_and_copying_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let copies = copies(vec![photograph(folder.path(), "a")]);
    let below_a_file = folder.path().join("a.png/into");
    let copied = written(&copies, &below_a_file);
    let [Trouble::NotCopied(file, _)] = &copied.troubles[..] else {
        panic!("{copied:?}");
    };
    assert_eq!((copied.images, Path::new(file)), (0, &*below_a_file));
    let into = folder.path().join("into");
    let copied = copies.write(&into, &AtomicBool::new(true), &mut |_| {});
    assert_eq!((copied.images, copied.stopped), (0, Some(1)));
    assert!(names(&into).is_empty());
}

#[test]
fn without_the_model_or_its_maps_images_are_copied_alone() {
    let folder = tempfile::tempdir().unwrap();
    let image = photograph(folder.path(), "a");
    let without_map = Image {
        map: None,
        ..image.clone()
    };
    let into = folder.path().join("into");
    let copied = written(&copies(vec![without_map]), &into);
    assert_eq!((copied.images, copied.overlays), (1, 0));
    let without_model = Copies {
        style: None,
        ..copies(vec![image])
    };
    let copied = written(&without_model, &into);
    assert_eq!((copied.images, copied.overlays), (1, 0));
    assert_eq!(names(&into), ["a-2.png", "a.png"]);
}

#[test]
fn progress_and_the_end_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let images = ["a", "b"].map(|name| photograph(folder.path(), name));
    let copier = Copier::default();
    let (woken, wakes) = channel();
    let into = folder.path().join("into");
    let all = copier.begin(copies(images.into()), into.clone(), move || {
        woken.send(()).unwrap();
    });
    assert_eq!(all, 2);
    let mut news = Vec::new();
    while !matches!(news.last(), Some(News::Over(_))) {
        wakes.recv().unwrap();
        news.extend(copier.poll());
    }
    let over = Copied {
        folder: into,
        images: 2,
        overlays: 2,
        ..Copied::default()
    };
    assert_eq!(news, [News::Done(1), News::Done(2), News::Over(over)]);
}
