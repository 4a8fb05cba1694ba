//! Failures of a worker.

use kizumi_engine::message::{Cause, Failure};
use kizumi_image::shown::shown;

use super::Worded;
use super::models::and_kept;
use super::remarks::of_training;

impl Worded for Failure {
    /// What went wrong, with the file's name if there is one; rather in English than not at all.
    fn japanese(&self) -> String {
        match (of_cause(&self.cause), &self.path) {
            (None, _) => self.text.clone(),
            (Some(words), None) => words,
            (Some(words), Some(path)) => format!("{}：{words}", shown(path)),
        }
    }
}

/// The words for a cause; `None` where there are none but those of the failure.
pub(super) fn of_cause(cause: &Cause) -> Option<String> {
    let words = match cause {
        Cause::Remark(remark) => return Some(remark.japanese()),
        Cause::Loaded(matter) => return Some(matter.japanese()),
        Cause::Training(matter) => return Some(of_training(*matter)),
        Cause::PartNotFound { likeness, least } => {
            return Some(format!(
                "対象の部品が見つかりません。類似度は{likeness:.2}で、{least:.2}以上が必要です。"
            ));
        }
        Cause::Diverged => "学習が発散しました。最後の正常な重みを残しています。",
        Cause::Mask(matter) => return Some(matter.japanese()),
        Cause::Unreadable => "読み込めません。存在しないか、アクセスできません。",
        Cause::NotAnImage => "PNG、JPEG、BMP、TIFF、WebPの画像ではありません。",
        Cause::DamagedImage => "画像が壊れているか、途中で切れています。",
        Cause::OtherPixels => {
            "この種類の画像には対応していません。16ビットまでの整数か、0から1までの浮動小数点の静止画が必要です。"
        }
        Cause::OtherDepth => {
            "モデルが学習した画像とビット深度が異なるため、比べられません。同じビット深度の画像で学習したモデルが必要です。"
        }
        Cause::TooLarge => "画像が大きすぎます。",
        Cause::OutOfMemory => "画像が大きすぎて、空きメモリに収まりません。",
        Cause::TooSmall => "画像が小さすぎるか、細長すぎます。",
        Cause::OutsideCrop => "画像の大きさが、切り出し範囲を定めた写真と異なります。",
        Cause::MaskSize => "マスクと画像の大きさが一致しません。",
        Cause::MaskTooDark => "非可逆圧縮のマスクが暗すぎて、欠陥の範囲を読み取れません。",
        Cause::NoImages => "使用できる画像がありません。",
        Cause::NotAModel => "Kizumiのモデルではないか、壊れています。",
        Cause::OtherVersion => "別のバージョンのKizumiのモデルです。",
        Cause::DiskFull => "ディスクの空き容量が足りません。",
        Cause::Forbidden => "アクセス権がありません。",
        Cause::Device => "計算デバイスに問題が発生しました。",
        Cause::Denied(denial) => return Some(denial.japanese()),
        Cause::Refused(refusal) => return Some(refusal.japanese()),
        Cause::NotAligned(error) => {
            return Some(format!("位置合わせできません：{}", error.japanese()));
        }
        Cause::AllBroken { images, first } => {
            return Some(format!(
                "画像{images}枚のどれも使えません。最初の1枚：{}",
                first.japanese()
            ));
        }
        Cause::TrainingFailed { why, kept } => {
            let reason = why.japanese();
            return Some(and_kept(
                reason.trim_end_matches('。').to_owned(),
                kept.as_ref(),
            ));
        }
        Cause::Other => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use kizumi_compute::refusal::Refusal;
    use kizumi_compute::training::news::Kept;
    use kizumi_compute::training::note::TrainingNote;
    use kizumi_dataset::load_note::{HeldOutNow, LoadMatter, LoadNote};
    use kizumi_dataset::truth::{MaskMatter, MaskNote};
    use kizumi_engine::message::{Denial, Waiting};
    use kizumi_image::remark::Remark;
    use kizumi_image::setting::{Setting, require_within};

    use super::*;
    use crate::language::Language::{English, Japanese};
    use crate::text::is_japanese;

    #[test]
    fn a_training_that_failed_says_why_and_what_is_left_and_is_kept_as_it_is() {
        let refusal = Refusal::NoNormals {
            folder: "/set".into(),
        };
        let failed = Failure::new(
            Cause::TrainingFailed {
                why: Box::new(refusal.into()),
                kept: Some(Kept::Autosave("/a".into())),
            },
            "text",
        );
        let japanese = failed.said_in(Japanese);
        assert!(japanese.starts_with("/set：学習に使える"), "{japanese}");
        assert!(japanese.contains("学習した内容は /a に"), "{japanese}");
        let kept = serde_json::to_string(&failed).expect("plain data serialises");
        let read: Failure = serde_json::from_str(&kept).expect("it was written so");
        assert_eq!(read, failed);
    }

    #[test]
    fn what_a_worker_does_not_do_is_said_in_both_languages() {
        let denials = [
            Denial::WhileTraining(Waiting::Training),
            Denial::TooManyTiles {
                picture_px: (9000, 7000),
                tiles: 12,
                most: 7,
            },
            Denial::Lost {
                reason: "12".into(),
            },
        ];
        for denial in denials {
            let failure = Failure::from(denial);
            let japanese = failure.said_in(Japanese);
            assert!(is_japanese(&japanese), "{japanese}");
            assert_eq!(failure.text.contains("12"), japanese.contains("12"));
            assert!(!is_japanese(&failure.said_in(English)));
        }
        let invalid = require_within(Setting::Batch, 2000, 1..=1024).expect_err("too many");
        let japanese = Failure::from(invalid).said_in(Japanese);
        assert_eq!(
            japanese,
            "バッチサイズの2000は、1から1024の範囲にありません"
        );
    }

    #[test]
    fn failures_are_said_in_both_languages() {
        let failure = Failure {
            cause: Cause::NotAnImage,
            path: Some("/set/a.txt".into()),
            text: "/set/a.txt: is no PNG".into(),
        };
        assert_eq!(failure.said_in(English), "/set/a.txt: is no PNG");
        let japanese = failure.said_in(Japanese);
        assert!(japanese.starts_with("/set/a.txt：PNG"), "{japanese}");
        assert!(!japanese.contains("is no"), "{japanese}");
        let remark = Failure::from(&Remark::BitsUsed { used_bits: 12 }).of("/set/b.tif");
        let english = "/set/b.tif: 12 of 16 bits are used; 4095 is white.";
        assert_eq!(remark.said_in(English), english);
        let japanese = remark.said_in(Japanese);
        assert!(
            japanese.starts_with("/set/b.tif：16ビットのうち12"),
            "{japanese}"
        );
        let notes = [
            LoadMatter::Remarked {
                remark: Remark::AlphaIgnored,
                files: 12,
            },
            LoadMatter::Common(Remark::BitsUsed { used_bits: 12 }),
            LoadMatter::ToGrey { images: 12 },
            LoadMatter::ToRgb { images: 12 },
            LoadMatter::BitsOfTest {
                value: 12,
                of_training: 7,
            },
            LoadMatter::GroundLeftOut { percent: 12 },
            LoadMatter::Remembered {
                remembered: 12,
                images: 70,
            },
            LoadMatter::OtherImages {
                before: (12, 3),
                now: (9, 0),
                held_out: HeldOutNow::Gone,
            },
        ];
        for matter in notes {
            let note = LoadNote {
                matter,
                file: Some("/set/c.tif".into()),
            };
            let failure = Failure::from(&note);
            assert_eq!(failure.said_in(English), note.to_string());
            let japanese = failure.said_in(Japanese);
            assert!(
                japanese.starts_with("/set/c.tif：") && japanese.contains("12"),
                "{japanese}"
            );
            assert!(is_japanese(&japanese), "{japanese}");
        }
        for matter in [
            MaskMatter::Empty,
            MaskMatter::Outside,
            MaskMatter::OfNormal,
            MaskMatter::NearlyAll(97),
            MaskMatter::Turned,
            MaskMatter::PerhapsNotTurned,
        ] {
            let note = MaskNote::Odd("/set/m.png".into(), matter);
            let japanese = Failure::from(note).said_in(Japanese);
            let (_, words) = japanese.split_once('：').unwrap_or_default();
            assert!(
                words.starts_with(|letter| letter > '\u{3040}'),
                "{japanese}"
            );
            assert_eq!(words.contains("含めません"), words.contains("指標"));
        }
        let elsewhere = TrainingNote::other_file("/m/a".as_ref(), "/m/b".as_ref());
        for (note, said) in [
            (TrainingNote::best_weights(12, 70), "学習画像12枚"),
            (TrainingNote::not_saved_so_far(&anyhow!("full")), "途中まで"),
            (
                TrainingNote::autosave_stays(&anyhow!("busy")),
                "モデルは保存",
            ),
            (elsewhere, "/m/b：指定のファイル"),
        ] {
            let failure = Failure::from(&note);
            assert_eq!(failure.said_in(English), note.to_string());
            let japanese = failure.said_in(Japanese);
            assert!(japanese.starts_with(said), "{japanese}");
        }
        let odd = Failure::from("odd");
        assert_eq!(
            odd.said_in(Japanese),
            "odd",
            "rather in English than not at all"
        );
    }
}
