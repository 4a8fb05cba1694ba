//! What makes it doubtful which images are normal.

use kizumi_dataset::scan::Doubt;

use super::{Worded, few};

impl Worded for Doubt {
    fn japanese(&self) -> String {
        let (names, count) = (few(self.names()), self.names().count());
        match self {
            Doubt::Unsaid(_) => format!("何の画像か名前から分からないフォルダがあります：{names}"),
            Doubt::Folders(_) => {
                format!("良品ではない可能性がある名前のフォルダがあります：{names}")
            }
            Doubt::Made(_) => format!(
                "ほかの画像のコピーや処理結果を示す名前で、内容が元と異なる画像が{count}枚あります：{names}"
            ),
            Doubt::NamedBad(_) => {
                format!("ほかの画像の名前に不良を示す語を加えた画像が{count}枚あります：{names}")
            }
            Doubt::NamedOtherwise(_) => {
                format!(
                    "並んでいる画像と名前の付け方が異なり、不良の可能性がある画像が{count}枚あります：{names}"
                )
            }
            Doubt::Lookalikes(_) => format!("マスクのように見える画像が{count}枚あります：{names}"),
            Doubt::OtherSensors(_) => format!(
                "同じ部品を別のセンサーで撮影した、またはサイズ・ビット数・色が異なる画像が{count}枚あります：{names}"
            ),
            Doubt::Twins(_) => format!("良品と不良品の両方に同じ画像が{count}枚あります：{names}"),
            Doubt::Regions(_) => {
                format!("欠陥ではなく検査領域を示す可能性があるマスクが{count}枚あります：{names}")
            }
            Doubt::Unpaired(_) => {
                format!("どの画像のものか分からないマスクが{count}枚あります：{names}")
            }
            Doubt::NewFolders(_) => {
                format!("前回の指定の後に追加されたフォルダがあります：{names}")
            }
            Doubt::Unopened(_) => format!(
                "マスクやアノテーションの可能性があり、読み取れないファイルが{count}件あります：{names}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn doubts_are_said_in_both_languages_with_their_names() {
        for doubt in [
            Doubt::Unsaid,
            Doubt::Folders,
            Doubt::Made,
            Doubt::NamedBad,
            Doubt::NamedOtherwise,
            Doubt::Lookalikes,
            Doubt::OtherSensors,
            Doubt::Twins,
            Doubt::Regions,
            Doubt::Unpaired,
            Doubt::Unopened,
            Doubt::NewFolders,
        ] {
            let doubt = doubt(["OK?".to_owned()].into_iter().collect());
            let (english, japanese) = (
                doubt.said_in(Language::English),
                doubt.said_in(Language::Japanese),
            );
            assert_eq!(english, doubt.to_string());
            assert!(english.contains("OK?") && english.is_ascii(), "{english}");
            assert!(
                japanese.contains("OK?") && !japanese.is_ascii(),
                "{japanese}"
            );
        }
    }
}
