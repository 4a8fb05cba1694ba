//! What is odd about files that were read, images that were loaded, masks and trainings.

use kizumi_compute::training::note::{TrainingMatter, TrainingNote};
use kizumi_dataset::load_note::{HeldOutNow, LoadMatter, LoadNote};
use kizumi_dataset::truth::{MaskMatter, MaskNote};
use kizumi_image::mask_oddity::MaskOddity;
use kizumi_image::remark::{Remark, largest_of};
use kizumi_image::shown::shown;

use super::Worded;

impl Worded for TrainingNote {
    fn japanese(&self) -> String {
        let words = of_training(self.matter);
        match &self.file {
            Some(file) => format!("{}：{words}", shown(file)),
            None => words,
        }
    }
}

pub(super) fn of_training(matter: TrainingMatter) -> String {
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

impl Worded for MaskNote {
    fn japanese(&self) -> String {
        let words = match self {
            Self::Unusable(error) => {
                format!("{}画素の指標には含めません。", error.reason.japanese())
            }
            Self::Odd(_, matter) => matter.japanese(),
        };
        format!("{}：{words}", shown(self.path()))
    }
}

impl Worded for MaskMatter {
    fn japanese(&self) -> String {
        match self {
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
}

impl Worded for MaskOddity {
    fn japanese(&self) -> String {
        match self {
            Self::Empty => "何も塗られていません。".into(),
            Self::Outside => "切り出し範囲の外だけが塗られています。".into(),
            Self::NearlyAll(percent) => {
                format!("画像の{percent} %が塗られており、反転している可能性があります。")
            }
            Self::Turned => MaskMatter::Turned.japanese(),
            Self::PerhapsNotTurned => MaskMatter::PerhapsNotTurned.japanese(),
        }
    }
}

impl Worded for LoadNote {
    fn japanese(&self) -> String {
        let words = self.matter.japanese();
        match &self.file {
            Some(file) => format!("{}：{words}", shown(file)),
            None => words,
        }
    }
}

impl Worded for LoadMatter {
    fn japanese(&self) -> String {
        match *self {
            Self::Remarked { remark, files } => {
                format!("{files}枚：{}", remark.japanese())
            }
            Self::Common(remark) => remark.japanese(),
            LoadMatter::ToGrey { images } => format!("RGB画像{images}枚をグレーに変換しました。"),
            LoadMatter::ToRgb { images } => format!("グレー画像{images}枚をRGBに変換しました。"),
            LoadMatter::BitsOfTest { value, of_training } => format!(
                "使われているビット数は、このテスト画像から判断しました。値は最大{value}です（学習画像では{of_training}）。"
            ),
            Self::GroundLeftOut { percent } => format!(
                "部品を囲む範囲の{percent} %は、写真ごとに異なる背景です。この部分は無視し、部品だけを検査します。"
            ),
            Self::Remembered { remembered, images } => format!(
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
}

impl Worded for Remark {
    /// A sentence.
    fn japanese(&self) -> String {
        match *self {
            Self::AlphaIgnored => "アルファチャンネルがすべて0のため、無視しました。".into(),
            Self::Reoriented => "向きのタグに従って回転しました。".into(),
            Self::SeveralPages { page, pages } => {
                format!("全{pages}ページのうち、{page}ページ目だけを読み込みました。")
            }
            Self::Animated => "アニメーションのうち、静止画だけを読み込みました。".into(),
            Self::ChannelsIgnored { channels } => {
                format!("色とアルファ以外の{channels}チャンネルを無視しました。")
            }
            Self::DataLeftOver => {
                "画素よりも多くのデータがあります。幅または高さが誤っている可能性があります。"
                    .into()
            }
            Self::ChecksumMissing => "画素のチェックサムがありません。".into(),
            Self::LengthsMissing => {
                "データの長さが記録されていないため、画素に必要な長さとみなしました。".into()
            }
            Self::OutsidePalette { pixels } => {
                format!("パレットにない番号の画素{pixels}個を黒としました。")
            }
            Self::NeverWritten { pixels } => {
                format!("データで飛ばされた画素{pixels}個を、パレットの最初の色としました。")
            }
            Self::UnknownRevision { major, minor } => format!(
                "JFIFに{major}.{minor:02}という版はありません。ヘッダーが壊れている可能性があります。"
            ),
            Self::SeveralParts => "写真に部品が2つあり、そのうち1つだけを検査します。".into(),
            Self::FloatingPoint { min, max } => {
                format!("浮動小数点の値（{min:.3}～{max:.3}）です。1を白とします。")
            }
            Self::BitsUsed { used_bits } => format!(
                "16ビットのうち{used_bits}ビットが使われています。{}を白とします。",
                largest_of(used_bits)
            ),
            Self::PerhapsDark { used_bits } => format!(
                "16ビットのうち{used_bits}ビットしか使われていないようですが、このモデルでは65535が白です。\
                 画像が暗すぎる可能性があります。"
            ),
            Self::OtherDepth { bits, model_bits } => format!(
                "{bits}ビットの画像です。モデルが学習した画像は{model_bits}ビットです。白同士を同じとみなします。"
            ),
            Self::ToGrey => "モデルに合わせて、RGBをグレーに変換しました。".into(),
            Self::ToRgb => "モデルに合わせて、グレーをRGBに変換しました。".into(),
        }
    }
}
