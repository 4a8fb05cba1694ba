//! Strips and tiles that hold more than the picture, or of which nothing says how long they are.

use std::io::Write;

use super::*;

const ROWS_PER_STRIP: u16 = 278;

/// A page of 8 bits a pixel in strips of these many rows.
fn strips(size: (u16, u16), compression: u16, rows: u16, pieces: Vec<Vec<u8>>) -> Page {
    let tags: [(u16, &[u16]); 4] = [
        (BITS, &[8]),
        (COMPRESSION, &[compression]),
        (PHOTOMETRIC, &[1]),
        (ROWS_PER_STRIP, &[rows]),
    ];
    Page {
        pieces,
        ..page(size, &tags, &[])
    }
}

fn remarks(page: Page) -> Vec<Remark> {
    decoded(&Kind::Little.file(&[page])).unwrap().remarks
}

/// Rows of 8 pixels as each kind of compression has them.
fn packed(rows: &[u8]) -> [(u16, Vec<u8>); 4] {
    let lzw = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
        .encode(rows)
        .unwrap();
    let mut deflate = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(rows).unwrap();
    let runs = rows
        .chunks(8)
        .flat_map(|row| [&[7], row].concat())
        .collect();
    [
        (1, rows.to_vec()),
        (5, lzw),
        (8, deflate.finish().unwrap()),
        (0x8005, runs),
    ]
}

#[test]
fn a_tiff_whose_strips_hold_more_than_its_width_or_height_is_marked() {
    let rows: Vec<u8> = (0..64).collect();
    for (compression, bytes) in packed(&rows) {
        let found = |size| remarks(strips(size, compression, size.1, vec![bytes.clone()]));
        assert_eq!(found((8, 8)), [], "{compression}");
        for size in [(7, 8), (6, 8), (8, 6)] {
            assert_eq!(found(size), [Remark::DataLeftOver], "{compression}");
        }
        let too_wide = strips((9, 8), compression, 8, vec![bytes]);
        let refused = decoded(&Kind::Little.file(&[too_wide])).unwrap_err();
        assert!(matches!(refused, Reason::Truncated(_)), "{refused}");
    }
    let pieces = || rows.chunks(16).map(<[u8]>::to_vec).collect();
    assert_eq!(remarks(strips((8, 8), 1, 2, pieces())), []);
    for size in [(7, 8), (8, 6)] {
        assert_eq!(
            remarks(strips(size, 1, 2, pieces())),
            [Remark::DataLeftOver]
        );
    }
    // What fills a strip up to a word is no column.
    let padded = [&rows[..62], &[0, 0]].concat();
    assert_eq!(remarks(strips((2, 31), 1, 31, vec![padded])), []);
}

#[test]
fn a_tiff_that_does_not_say_how_long_its_strips_are_is_read_where_nothing_is_compressed() {
    let rows: Vec<u8> = (0..64).collect();
    for (compression, bytes) in packed(&rows) {
        for per_strip in [8, 3] {
            let pieces = match (per_strip, compression) {
                (8, _) => vec![bytes.clone()],
                (_, 1) => rows.chunks(24).map(<[u8]>::to_vec).collect(),
                _ => continue,
            };
            let mut file = Kind::Little.file(&[strips((8, 8), compression, per_strip, pieces)]);
            // Another number makes of the tag of lengths one that nobody knows.
            let at = file
                .windows(4)
                .rposition(|tag| tag == [0x17, 1, 4, 0])
                .unwrap();
            file[at] = 0x18;
            match compression {
                1 => {
                    let read = decoded(&file).unwrap();
                    assert_eq!(read.image.as_bytes(), rows);
                    assert_eq!(read.remarks, [Remark::LengthsMissing]);
                }
                _ => assert_eq!(
                    decoded(&file).unwrap_err(),
                    Reason::Damaged("it does not say how long its strips or tiles are".into())
                ),
            }
        }
    }
}
