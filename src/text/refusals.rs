//! Why a training, a measurement or a search is not begun.

use kizumi_compute::refusal::{Purpose, Refusal};
use kizumi_image::shown::shown;

use super::Worded;

impl Worded for Refusal {
    fn japanese(&self) -> String {
        match self {
            Self::Setting(invalid) => invalid.japanese(),
            Self::NoNormals { folder } => {
                format!("{}：学習に使える良品画像がありません", shown(folder))
            }
            Self::AllHeldOut { folder } => format!(
                "{}：残っている良品画像はすべてモデルの検証用で、学習に使える画像がありません",
                shown(folder)
            ),
            Self::OtherData {
                folder,
                trained_on,
                images: (training, held_out),
                purpose,
            } => format!(
                "{}：モデルが学習したデータセット（{trained_on}：良品画像{training}枚、検証用{held_out}枚）では\
                 ありません。{}には、そのデータセットを開いてください",
                shown(folder),
                of(*purpose)
            ),
            Self::NothingHeldOut { purpose } => {
                format!(
                    "モデルに検証用の画像がないため、{}はできません",
                    of(*purpose)
                )
            }
            Self::Untrained => {
                "ネットワークはまだ何も学習していないため、調整できるものがありません".into()
            }
            Self::TooManyIterations { iterations, most } => format!(
                "モデルは反復{iterations}回で較正されています。自動調整できるのは{most}回までです"
            ),
            Self::TooFewHeldOut { held_out, fewest } => format!(
                "検証用の良品画像が{held_out}枚しかありません。自動調整には{fewest}枚以上が必要です。良品画像を\
                 増やすか、検証用の割合を増やして学習してください"
            ),
            Self::NothingToSpoil => {
                "対象となる画素がほとんどなく、合成欠陥を描けませんでした".into()
            }
            Self::Model(why) => format!("モデルを読み出せません（{why}）"),
        }
    }
}

fn of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Calibrate => "再較正",
        Purpose::Tune => "自動調整",
        Purpose::Heal => "修復の測定",
    }
}
