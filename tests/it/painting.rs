//! The open image painted on, and at its own size, through the real worker.

use kizumi_engine::message::{Command, Event, Outcome};
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};

use crate::common::SIZE_PX;
use crate::rig::{Rig, iterated, outcome, projection_ended};

/// A black square on the picture, and where it is.
fn painted(picture: &Picture) -> (Picture, Picture) {
    let inside = |y: usize, x: usize| (20..30).contains(&y) && (20..30).contains(&x);
    let picture = Picture::from_fn(picture.channels, SIZE_PX, SIZE_PX, |c, y, x| {
        if inside(y, x) {
            0.0
        } else {
            picture.at(c, y, x)
        }
    });
    let mask = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, x| {
        f32::from(u8::from(inside(y, x)))
    });
    (picture, mask)
}

#[test]
fn a_painted_picture_is_projected_until_the_file_is_opened_again() {
    let rig = Rig::with_model();
    let file = rig.open(rig.image_file());
    assert!(!file.painted && file.mask.is_none());
    let (picture, mask) = painted(&file.picture);
    rig.project(50_000);
    rig.until(iterated);
    rig.repaint(picture.clone(), mask.clone(), None);
    let events = rig.until(|event| matches!(event, Event::ImageOpened(_)));
    assert_eq!(outcome(&events, projection_ended), Some(&Outcome::Stopped));
    let Some(Event::ImageOpened(opened)) = events.last() else {
        unreachable!("the last event matched")
    };
    assert!(opened.painted);
    assert_eq!(
        (&opened.picture, opened.mask.as_ref()),
        (&picture, Some(&mask))
    );

    let identity = ProjectionConfig {
        alpha: 0.0,
        iterations: 1,
        stop_early: false,
        ..Default::default()
    };
    let (last, _) = rig.projected(identity, MapConfig::default());
    assert_eq!(last.iterate, picture);

    let again = rig.open(rig.image_file());
    assert!(!again.painted);
    assert_eq!(again.picture, file.picture);
    let (last, _) = rig.projected(identity, MapConfig::default());
    assert_eq!(last.iterate, file.picture);
}

#[test]
fn what_cannot_be_painted_is_refused_and_changes_nothing() {
    let rig = Rig::with_model();
    let complaint = |picture: &Picture, mask: &Picture| {
        rig.repaint(picture.clone(), mask.clone(), None);
        rig.complaint()
    };
    let (good, mask) = painted(&Picture::filled(1, SIZE_PX, SIZE_PX, 0.5));
    assert!(complaint(&good, &mask).contains("image"), "none is open");
    let file = rig.open(rig.image_file());
    let small = Picture::filled(1, 8, 8, 0.0);
    assert!(complaint(&small, &mask).contains("8 x 8"));
    assert!(complaint(&good, &small).contains("8 x 8"));
    assert!(complaint(&Picture::filled(3, SIZE_PX, SIZE_PX, 0.5), &mask).contains("channel"));
    let mut broken = good.clone();
    broken.pixels[5] = f32::NAN;
    assert!(complaint(&broken, &mask).contains("NaN"));
    broken.pixels.pop();
    assert!(complaint(&broken, &mask).contains("values"));
    let config = ProjectionConfig {
        iterations: 0,
        ..Default::default()
    };
    let (last, _) = rig.projected(config, MapConfig::default());
    assert_eq!(last.iterate, file.picture);
}

#[test]
fn the_source_is_the_file_at_its_own_size() {
    let rig = Rig::with_model();
    rig.engine.send(Command::OpenSource(rig.image.get()));
    assert!(rig.complaint().contains("image"));
    let path = rig.folder.path().join("photograph.png");
    let image = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, 7]));
    image.save(&path).expect("saves");
    let opened = rig.open(path.clone());
    assert_eq!(opened.placement.source_px, (300, 200));
    rig.engine.send(Command::OpenSource(rig.image.get()));
    let source = rig.wait_for(|event| match event {
        Event::SourceOpened(source) => Some(source),
        _ => None,
    });
    assert_eq!((source.image.width, source.image.height), (300, 200));
    assert_eq!(source.image.bytes, image.into_raw());
    assert_eq!(source.path, path);
    assert_eq!(
        source.placement.source_from_canvas(64.0, 32.0),
        (300.0, 100.0)
    );

    std::fs::remove_file(&path).expect("removes");
    rig.engine.send(Command::OpenSource(rig.image.get()));
    assert!(rig.complaint().contains("photograph.png"));
    rig.project(1);
    rig.until(projection_ended);
}
