//! Failures of the worker in the language of the window. In English they are said as they are logged.

use kizumi_compute::training::note::TrainingMatter;
use kizumi_dataset::load_note::{HeldOutNow, LoadMatter};
use kizumi_dataset::truth::MaskMatter;
use kizumi_engine::message::{Cause, Failure};
use kizumi_image::remark::{Remark, largest_of};
use kizumi_image::shown::shown;

use super::{Language, Text};

impl Text {
    /// What went wrong, with the file's name if there is one.
    pub fn failure(&self, failure: &Failure) -> String {
        let words = match self.language {
            Language::English => None,
            Language::Japanese => japanese(failure.cause),
        };
        match (words, &failure.path) {
            (None, _) => failure.text.clone(),
            (Some(words), None) => words,
            (Some(words), Some(path)) => format!("{}：{words}", shown(path)),
        }
    }
}

fn japanese(cause: Cause) -> Option<String> {
    let words = match cause {
        Cause::Remark(remark) => return Some(remark_in_japanese(remark)),
        Cause::Loaded(matter) => return Some(loaded(matter)),
        Cause::Training(matter) => return Some(of_training(matter)),
        Cause::PartNotFound { likeness, least } => {
            return Some(format!(
                "対象の部品が見つかりません。類似度は{likeness:.2}で、{least:.2}以上が必要です。"
            ));
        }
        Cause::Diverged => "学習が発散しました。最後の正常な重みを残しています。",
        Cause::Mask(matter) => return Some(of_mask(matter)),
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
        Cause::Other => return None,
    };
    Some(words.to_owned())
}

fn of_training(matter: TrainingMatter) -> String {
    match matter {
        TrainingMatter::BestWeights { seen, until } => format!(
            "学習画像{seen}枚の時点の重みを残しました。{until}枚まで学習しても、検証画像の再構成は良くなりませんでした。"
        ),
        TrainingMatter::NotSavedSoFar => {
            "途中までのモデルを保存できませんでした。学習は続けます。".into()
        }
        TrainingMatter::AutosaveStays => {
            "モデルは保存しましたが、途中経過のファイルを削除できませんでした。".into()
        }
        TrainingMatter::OtherFile => {
            "指定のファイルは別の学習のものなので変更せず、このファイルに保存しました。".into()
        }
    }
}

fn of_mask(matter: MaskMatter) -> String {
    match matter {
        MaskMatter::Empty => {
            "不良画像のマスクですが、何も塗られていません。画素の指標には含めません。".into()
        }
        MaskMatter::Outside => {
            "切り出し範囲の外だけが塗られています。モデルには見えないため、画素の指標には含めません。".into()
        }
        MaskMatter::OfNormal => {
            "良品画像のマスクですが、欠陥が塗られています。このマスクは使いません。".into()
        }
        MaskMatter::NearlyAll(percent) => format!(
            "画像の{percent} %が塗られており、反転している可能性があります。画素の指標には含めません。"
        ),
        MaskMatter::Turned => "画像と同じく、向きのタグに従って回転しました。".into(),
        MaskMatter::PerhapsNotTurned => {
            "表示される向きで描かれたものとして扱います。画像が向きのタグで回転される前に描かれたかどうかは、\
             大きさからは分かりません。"
                .into()
        }
    }
}

fn loaded(matter: LoadMatter) -> String {
    match matter {
        LoadMatter::Remarked { remark, files } => {
            format!("{files}枚：{}", remark_in_japanese(remark))
        }
        LoadMatter::Common(remark) => remark_in_japanese(remark),
        LoadMatter::ToGrey { images } => format!("RGB画像{images}枚をグレーに変換しました。"),
        LoadMatter::ToRgb { images } => format!("グレー画像{images}枚をRGBに変換しました。"),
        LoadMatter::BitsOfTest { value, of_training } => format!(
            "使われているビット数は、このテスト画像から判断しました。値は最大{value}です（学習画像では{of_training}）。"
        ),
        LoadMatter::GroundLeftOut { percent } => format!(
            "部品を囲む範囲の{percent} %は、写真ごとに異なる背景です。この部分は無視し、部品だけを検査します。"
        ),
        LoadMatter::Remembered { remembered, images } => format!(
            "良品画像{images}枚のうち、均等に選んだ{remembered}枚の特徴を記憶しました。これ以上は数分かかり、新しい情報はほとんど増えません。"
        ),
        LoadMatter::OtherImages {
            before,
            now,
            held_out,
        } => format!(
            "モデルが学習した画像とは異なります。以前は学習用{}枚と検証用{}枚、今回は{}枚と{}枚です。{}",
            before.0,
            before.1,
            now.0,
            now.1,
            match held_out {
                HeldOutNow::Same => "検証用だった画像は、今回も検証用です。",
                HeldOutNow::Gone => {
                    "検証用だった画像が含まれないため、学習結果を判定する画像がありません。"
                }
                HeldOutNow::Unknown => {
                    "モデルにはどの画像が検証用だったかの記録がなく、今回の検証用画像の一部は学習済みの可能性があります。その結果は実際より良く見えます。"
                }
            }
        ),
    }
}

fn remark_in_japanese(remark: Remark) -> String {
    match remark {
        Remark::AlphaIgnored => "アルファチャンネルがすべて0のため、無視しました。".into(),
        Remark::Reoriented => "向きのタグに従って回転しました。".into(),
        Remark::SeveralPages { page, pages } => {
            format!("全{pages}ページのうち、{page}ページ目だけを読み込みました。")
        }
        Remark::Animated => "アニメーションのうち、静止画だけを読み込みました。".into(),
        Remark::ChannelsIgnored { channels } => {
            format!("色とアルファ以外の{channels}チャンネルを無視しました。")
        }
        Remark::DataLeftOver => {
            "画素よりも多くのデータがあります。幅または高さが誤っている可能性があります。".into()
        }
        Remark::ChecksumMissing => "画素のチェックサムがありません。".into(),
        Remark::LengthsMissing => {
            "データの長さが記録されていないため、画素に必要な長さとみなしました。".into()
        }
        Remark::OutsidePalette { pixels } => {
            format!("パレットにない番号の画素{pixels}個を黒としました。")
        }
        Remark::NeverWritten { pixels } => {
            format!("データで飛ばされた画素{pixels}個を、パレットの最初の色としました。")
        }
        Remark::UnknownRevision { major, minor } => format!(
            "JFIFに{major}.{minor:02}という版はありません。ヘッダーが壊れている可能性があります。"
        ),
        Remark::SeveralParts => "写真に部品が2つあり、そのうち1つだけを検査します。".into(),
        Remark::FloatingPoint { min, max } => {
            format!("浮動小数点の値（{min:.3}～{max:.3}）です。1を白とします。")
        }
        Remark::BitsUsed { used_bits } => format!(
            "16ビットのうち{used_bits}ビットが使われています。{}を白とします。",
            largest_of(used_bits)
        ),
        Remark::PerhapsDark { used_bits } => format!(
            "16ビットのうち{used_bits}ビットしか使われていないようですが、このモデルでは65535が白です。\
             画像が暗すぎる可能性があります。"
        ),
        Remark::OtherDepth { bits, model_bits } => format!(
            "{bits}ビットの画像です。モデルが学習した画像は{model_bits}ビットです。白同士を同じとみなします。"
        ),
        Remark::ToGrey => "モデルに合わせて、RGBをグレーに変換しました。".into(),
        Remark::ToRgb => "モデルに合わせて、グレーをRGBに変換しました。".into(),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use kizumi_compute::training::note::TrainingNote;
    use kizumi_dataset::load_note::LoadNote;
    use kizumi_dataset::truth::MaskNote;

    use super::*;
    use crate::ui::text::{ENGLISH, JAPANESE};

    #[test]
    fn failures_are_said_in_the_language_of_the_window() {
        let failure = Failure {
            cause: Cause::NotAnImage,
            path: Some("/set/a.txt".into()),
            text: "/set/a.txt: is no PNG".into(),
        };
        assert_eq!(ENGLISH.failure(&failure), "/set/a.txt: is no PNG");
        let japanese = JAPANESE.failure(&failure);
        assert!(japanese.starts_with("/set/a.txt：PNG"), "{japanese}");
        assert!(!japanese.contains("is no"), "{japanese}");
        let remark = Failure::from(&Remark::BitsUsed { used_bits: 12 }).of("/set/b.tif");
        let english = "/set/b.tif: 12 of 16 bits are used; 4095 is white.";
        assert_eq!(ENGLISH.failure(&remark), english);
        let japanese = JAPANESE.failure(&remark);
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
            assert_eq!(ENGLISH.failure(&failure), note.to_string());
            let japanese = JAPANESE.failure(&failure);
            assert!(
                japanese.starts_with("/set/c.tif：") && japanese.contains("12"),
                "{japanese}"
            );
            let is_letter = |letter: char| ('\u{3040}'..'\u{a000}').contains(&letter);
            assert!(japanese.chars().any(is_letter), "{japanese}");
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
            let japanese = JAPANESE.failure(&Failure::from(note));
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
            assert_eq!(ENGLISH.failure(&failure), note.to_string());
            let japanese = JAPANESE.failure(&failure);
            assert!(japanese.starts_with(said), "{japanese}");
        }
        let odd = Failure::from("odd");
        assert_eq!(
            JAPANESE.failure(&odd),
            "odd",
            "rather in English than not at all"
        );
    }
}
