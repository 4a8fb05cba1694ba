use std::path::Path;

use image::RgbImage;
use kizumi_image::decode::{Backdrop, Limits, decode, decode_bytes};
use kizumi_image::file_error::Reason;
use kizumi_image::jpeg;

use super::jpeg_writer::{Layout, Scan};

fn checked(file: &[u8]) -> Result<(), Reason> {
    jpeg::read(file, |_, _, _| Ok(())).map(drop)
}

fn decoded(file: &[u8]) -> RgbImage {
    let decoded = decode_bytes(file, Limits::HARD, Backdrop::White).unwrap();
    decoded.image.to_rgb8()
}

/// Grey with an edge, a little noise, and colours that change slowly.
fn sample(component: usize, x: f32, y: f32) -> f32 {
    match component {
        0 => 60.0 + 120.0 * x + 40.0 * f32::from(y > 0.6) + 6.0 * (917.0 * x * y).sin(),
        1 => 128.0 + 40.0 * (3.0 * x).sin(),
        _ => 128.0 + 40.0 * (4.0 * y).cos(),
    }
}

const SIZE_PX: (usize, usize) = (75, 60);

fn plain() -> Layout {
    Layout::plain(SIZE_PX.0, SIZE_PX.1)
}

/// In steps: coefficients by bands, then one more bit of them.
fn progressive() -> Layout {
    let mut scans = vec![Scan::band(&[0, 1, 2], (0, 0), (0, 1))];
    for component in 0..3 {
        scans.push(Scan::band(&[component], (1, 5), (0, 2)));
        scans.push(Scan::band(&[component], (6, 63), (0, 2)));
    }
    scans.push(Scan::band(&[0, 1, 2], (0, 0), (1, 0)));
    for component in 0..3 {
        scans.push(Scan::band(&[component], (1, 63), (2, 1)));
        scans.push(Scan::band(&[component], (1, 63), (1, 0)));
    }
    Layout {
        progressive: true,
        scans,
        ..plain()
    }
}

/// Layouts by what they are.
fn layouts() -> Vec<(&'static str, Layout)> {
    let separate = vec![Scan::whole(&[0]), Scan::whole(&[1]), Scan::whole(&[2])];
    vec![
        ("plain", plain()),
        (
            "grey",
            Layout {
                sampling: vec![(1, 1)],
                scans: vec![Scan::whole(&[0])],
                ..plain()
            },
        ),
        (
            "grey with idle factors",
            Layout {
                sampling: vec![(2, 2)],
                scans: vec![Scan::whole(&[0])],
                ..plain()
            },
        ),
        (
            "4:2:0",
            Layout {
                sampling: vec![(2, 2), (1, 1), (1, 1)],
                ..plain()
            },
        ),
        (
            "4:1:1",
            Layout {
                sampling: vec![(4, 1), (1, 1), (1, 1)],
                ..plain()
            },
        ),
        (
            "restart markers",
            Layout {
                restart_interval: 3,
                ..plain()
            },
        ),
        ("progressive", progressive()),
        (
            "progressive 4:2:0, restart markers",
            Layout {
                sampling: vec![(2, 2), (1, 1), (1, 1)],
                restart_interval: 2,
                ..progressive()
            },
        ),
        (
            "separate scans",
            Layout {
                scans: separate.clone(),
                ..plain()
            },
        ),
        (
            "separate scans of 4:2:0, restart markers",
            Layout {
                sampling: vec![(2, 2), (1, 1), (1, 1)],
                scans: separate,
                restart_interval: 4,
                ..plain()
            },
        ),
        (
            "one scan of luma, one of both colours",
            Layout {
                sampling: vec![(2, 1), (1, 1), (1, 1)],
                scans: vec![Scan::whole(&[0]), Scan::whole(&[1, 2])],
                ..plain()
            },
        ),
        (
            "luma coarser than colours",
            Layout {
                sampling: vec![(1, 1), (2, 2), (2, 2)],
                ..plain()
            },
        ),
        (
            "without Huffman tables",
            Layout {
                tables: false,
                ..plain()
            },
        ),
    ]
}

#[test]
fn no_sound_layout_is_taken_for_damage() {
    for (name, layout) in layouts() {
        for (width, height) in [SIZE_PX, (1, 1), (8, 8), (17, 9), (100, 3)] {
            let layout = Layout {
                size_px: (width, height),
                ..layout.clone()
            };
            let mut file = layout.write(sample);
            assert_eq!(checked(&file), Ok(()), "{name}, {width} x {height}");
            file.extend(b"\xFF\xD9 and what a camera appends \xFF\xD8");
            assert_eq!(checked(&file), Ok(()), "{name}, bytes behind its end");
        }
    }
}

#[test]
fn a_jpeg_that_is_cut_off_anywhere_is_refused() {
    for (name, layout) in layouts() {
        let file = layout.write(sample);
        for len in (0..file.len())
            .step_by(7)
            .chain(file.len() - 20..file.len())
        {
            let cut = checked(&file[..len]);
            assert!(
                matches!(cut, Err(Reason::Truncated(_))),
                "{name}, {len} bytes: {cut:?}"
            );
        }
    }
}

#[test]
fn a_hole_in_the_data_is_refused_nearly_wherever_it_is() {
    let (mut holes, mut missed) = (0, Vec::new());
    for (name, layout) in layouts() {
        let file = layout.write(sample);
        let data = file
            .windows(2)
            .position(|pair| pair == [0xFF, 0xDA])
            .unwrap()
            + 16;
        for at in (data..file.len() - 34).step_by(11) {
            let mut lost = file.clone();
            lost.drain(at..at + 32);
            holes += 1;
            if checked(&lost).is_ok() {
                missed.push((name, at));
            }
        }
    }
    // Now and then codes that were never written make as many blocks as are lost.
    assert!(50 * missed.len() < holes, "{missed:?} of {holes}");
}

#[test]
fn lost_restart_intervals_are_counted() {
    let file = Layout {
        restart_interval: 5,
        ..plain()
    }
    .write(sample);
    let restart = |number: u8| {
        let marker = [0xFF, 0xD0 + number];
        file.windows(2).position(|pair| pair == marker).unwrap()
    };
    // 10 times 8 MCUs are 16 intervals.
    let mut lost = file.clone();
    lost.drain(restart(1)..restart(4));
    let words = "3 of 16 restart intervals are missing";
    assert_eq!(checked(&lost), Err(Reason::Damaged(words.into())));
    let mut swapped = file.clone();
    swapped[restart(2) + 1] = 0xD6;
    assert!(matches!(checked(&swapped), Err(Reason::Damaged(words)) if words.contains("turn")));
}

#[test]
fn a_jpeg_of_which_scans_are_missing_is_refused() {
    let refused = |layout: Layout| checked(&layout.write(sample)).unwrap_err().to_string();
    let mut separate = plain();
    separate.scans = vec![Scan::whole(&[0]), Scan::whole(&[2])];
    assert_eq!(refused(separate), "is damaged: component 2 of 3 is missing");
    let whole = progressive();
    for count in 1..whole.scans.len() {
        let mut first = whole.clone();
        first.scans.truncate(count);
        assert!(
            refused(first).contains("without its last scans"),
            "{count} scans"
        );
    }
    for without in 1..whole.scans.len() {
        let mut others = whole.clone();
        others.scans.remove(without);
        refused(others);
    }
}

#[test]
fn values_that_no_pixels_give_are_refused() {
    let bright = |component, _, _| if component == 0 { 700.0 } else { 128.0 };
    let words = checked(&plain().write(bright)).unwrap_err().to_string();
    assert!(words.contains("out of range"), "{words}");
    let white = |component, _, _| if component == 0 { 255.0 } else { 128.0 };
    assert_eq!(checked(&plain().write(white)), Ok(()));
}

#[test]
fn kinds_that_are_not_read_are_named() {
    let file = plain().write(sample);
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    for (code, kind) in [
        (0xC3, "lossless"),
        (0xC5, "hierarchical"),
        (0xC9, "arithmetic"),
        (0xCA, "arithmetic"),
        (0xF7, "JPEG-LS"),
    ] {
        let mut other = file.clone();
        other[frame + 1] = code;
        let refused = checked(&other).unwrap_err();
        assert!(
            matches!(&refused, Reason::Unsupported(words) if words.contains(kind)),
            "{refused}"
        );
    }
    let mut deep = file;
    deep[frame + 4] = 12;
    let refused = checked(&deep).unwrap_err();
    assert!(matches!(&refused, Reason::Unsupported(words) if words.contains("12 bits")));
}

#[test]
fn every_layout_holds_the_same_picture() {
    let soft = |component, x: f32, y: f32| match component {
        0 => 60.0 + 120.0 * x + 40.0 * y,
        component => sample(component, x, y),
    };
    let plain = decoded(&plain().write(soft));
    for (name, layout) in layouts() {
        if layout.sampling.len() == 1 {
            continue;
        }
        let other = decoded(&layout.write(soft));
        assert_eq!(other.dimensions(), plain.dimensions());
        let differences = other.iter().zip(plain.iter()).map(|(a, b)| a.abs_diff(*b));
        // What is sampled more coarsely is rounded and interpolated.
        let max = differences.max().unwrap();
        assert!(max <= 8, "{name}: {max} of 255");
    }
}

#[test]
fn pixels_are_those_of_libjpeg_to_the_last_bit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damage/libjpeg");
    let mut files = 0;
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "jpg") {
            continue;
        }
        let read = decode(&path, Limits::HARD, Backdrop::White).unwrap().image;
        let expected = decode(&path.with_extension("png"), Limits::HARD, Backdrop::White);
        assert_eq!(read, expected.unwrap().image, "{}", path.display());
        files += 1;
    }
    assert_eq!(files, 11);
}

#[test]
fn components_of_a_size_that_is_no_whole_part_are_read() {
    let layout = Layout {
        sampling: vec![(3, 1), (2, 1), (1, 1)],
        ..plain()
    };
    let soft = |component, x: f32, _| match component {
        0 => 60.0 + 120.0 * x,
        component => sample(component, x, 0.5),
    };
    let (file, plain) = (decoded(&layout.write(soft)), decoded(&plain().write(soft)));
    let differences = file.iter().zip(plain.iter()).map(|(a, b)| a.abs_diff(*b));
    assert!(differences.max() <= Some(12));
}

#[test]
fn two_colours_are_named() {
    let layout = Layout {
        sampling: vec![(1, 1), (1, 1)],
        scans: vec![Scan::whole(&[0, 1])],
        ..plain()
    };
    let refused = checked(&layout.write(sample)).unwrap_err().to_string();
    assert!(refused.contains("two colours"), "{refused}");
}

#[test]
fn a_progressive_jpeg_says_that_its_coefficients_take_memory() {
    let asked = |layout: &Layout| {
        let asked = std::cell::Cell::new((0, 0, 0));
        let refused = jpeg::read(&layout.write(sample), |width, height, pixel_bytes| {
            asked.set((width, height, pixel_bytes));
            Err(Reason::Empty)
        });
        assert_eq!(refused.err(), Some(Reason::Empty));
        asked.get()
    };
    let (width, height) = (SIZE_PX.0 as u32, SIZE_PX.1 as u32);
    assert_eq!(asked(&plain()), (width, height, 6));
    assert_eq!(asked(&progressive()), (width, height, 12));
}
