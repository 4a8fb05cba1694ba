//! Why an image file cannot be used.

use kizumi_engine::message::Cause;
use kizumi_image::file_error::{FileError, Reason};
use kizumi_image::shown::shown;

use super::Worded;
use super::failures::of_cause;

impl Worded for FileError {
    fn japanese(&self) -> String {
        format!("{}：{}", shown(&self.path), self.reason.japanese())
    }
}

impl Worded for Reason {
    /// A sentence, and the values that a cause does not have.
    fn japanese(&self) -> String {
        let words = of_cause(&Cause::from(self)).unwrap_or_else(|| self.to_string());
        match details(self) {
            Some(details) => format!("{words}（{details}）"),
            None => words,
        }
    }
}

fn details(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::Unreadable(why) => super::system::answer(why),
        Reason::NotAFile => "ファイルではありません".into(),
        Reason::Empty => "0バイト".into(),
        Reason::Truncated(what) => (*what).into(),
        Reason::Unsupported(what) | Reason::Damaged(what) => what.clone(),
        Reason::NotFinite => "NaNまたは無限大の画素".into(),
        Reason::Animated => "アニメーション".into(),
        Reason::TooManyBytes { bytes, limit_bytes } => {
            format!("{bytes}バイト、上限{limit_bytes}バイト")
        }
        Reason::TooManyPixels {
            width,
            height,
            limit_px,
        } => format!("{width} x {height}画素、上限{limit_px}画素"),
        Reason::TooMuchMemory {
            needed_bytes,
            free_bytes,
        } => format!(
            "必要{} MB、空き{} MB（その4分の1まで）",
            needed_bytes.div_ceil(1_000_000),
            free_bytes / 1_000_000
        ),
        Reason::NoPixels { width, height } => format!("{width} x {height}"),
        Reason::OutOfRange { min, max } => format!("値は{min}～{max}"),
        Reason::BeyondWhite { largest, white } => {
            format!("値は最大{largest}、モデルの画像では{white}")
        }
        Reason::MoreBits { largest, used_bits } => {
            format!("16ビット中{used_bits}ビット使用、値は最大{largest}、モデルの画像は8ビット")
        }
        Reason::TooNarrow {
            width,
            height,
            pixels,
        } => format!("{width} x {height}画素が、テクスチャモードでは{pixels}画素になります"),
        Reason::OtherSize {
            image_px,
            photograph_px,
        } => format!(
            "{} x {}画素、写真は{} x {}画素",
            image_px.0, image_px.1, photograph_px.0, photograph_px.1
        ),
        Reason::CropBeyond { crop, image_px } => {
            format!("{} x {}画素、切り出し範囲は{crop}", image_px.0, image_px.1)
        }
        Reason::PartNotFound { normals, .. } => {
            format!("良品では{:.2}～{:.2}", normals.0, normals.1)
        }
        Reason::MaskSize { mask_px, image_px } => format!(
            "マスク{} x {}画素、画像{} x {}画素",
            mask_px.0, mask_px.1, image_px.0, image_px.1
        ),
        Reason::UnknownFormat | Reason::DecoderPanicked | Reason::MarksTooDark => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_japanese;

    #[test]
    fn every_reason_is_said_in_japanese_with_its_values() {
        let (image_px, photograph_px, mask_px) = ((123, 45), (678, 90), (321, 54));
        for (reason, said) in [
            (Reason::Unreadable("EIO 5".into()), vec!["EIO 5"]),
            (Reason::NotAFile, vec!["ファイルではありません"]),
            (Reason::Empty, vec!["0バイト"]),
            (
                Reason::TooManyBytes {
                    bytes: 123,
                    limit_bytes: 45,
                },
                vec!["123", "45"],
            ),
            (
                Reason::TooManyPixels {
                    width: 123,
                    height: 45,
                    limit_px: 678,
                },
                vec!["123", "45", "678"],
            ),
            (
                Reason::TooMuchMemory {
                    needed_bytes: 123_000_000,
                    free_bytes: 45_000_000,
                },
                vec!["123", "45"],
            ),
            (
                Reason::NoPixels {
                    width: 0,
                    height: 45,
                },
                vec!["0 x 45"],
            ),
            (Reason::UnknownFormat, vec!["PNG", "WebP"]),
            (Reason::Truncated("of rows"), vec!["of rows"]),
            (Reason::Animated, vec!["アニメーション"]),
            (Reason::Unsupported("CMYK".into()), vec!["CMYK"]),
            (Reason::Damaged("checksum".into()), vec!["checksum"]),
            (Reason::DecoderPanicked, vec![]),
            (Reason::NotFinite, vec!["NaN"]),
            (
                Reason::OutOfRange {
                    min: -1.5,
                    max: 2.5,
                },
                vec!["-1.5", "2.5"],
            ),
            (
                Reason::BeyondWhite {
                    largest: 123,
                    white: 45,
                },
                vec!["123", "45"],
            ),
            (
                Reason::MoreBits {
                    largest: 123,
                    used_bits: 12,
                },
                vec!["123", "12"],
            ),
            (
                Reason::TooNarrow {
                    width: 123,
                    height: 45,
                    pixels: 678,
                },
                vec!["123", "45", "678"],
            ),
            (
                Reason::OtherSize {
                    image_px,
                    photograph_px,
                },
                vec!["123 x 45", "678 x 90"],
            ),
            (
                Reason::PartNotFound {
                    likeness: 0.25,
                    least: 0.75,
                    normals: (0.8, 0.9),
                },
                vec!["0.25", "0.75", "0.80", "0.90"],
            ),
            (Reason::MarksTooDark, vec![]),
            (
                Reason::MaskSize { mask_px, image_px },
                vec!["321 x 54", "123 x 45"],
            ),
        ] {
            let error = reason.of("/set/a.png");
            let words = error.japanese();
            assert!(words.starts_with("/set/a.png："), "{words}");
            assert!(is_japanese(&words), "{words}");
            for said in said {
                assert!(words.contains(said), "{said} in {words}");
            }
        }
    }
}
