//! Why a file or a folder is not used.

use kizumi_dataset::left_out::Reason;
use kizumi_dataset::list_fault::ListFault;

use super::Worded;

impl Worded for Reason {
    /// In a few words.
    fn japanese(&self) -> String {
        let words = match self {
            Reason::NotAnImage(ending) if ending.is_empty() => "画像以外：拡張子なし",
            Reason::NotAnImage(ending) => return format!("画像以外：{ending}"),
            Reason::Hidden => "隠しファイル",
            Reason::Unreadable { why, .. } => return format!("読み込めません（{why}）"),
            Reason::LabelsOfPart => {
                "そのフォルダだけのラベルのため読み込みません（そのフォルダを開くか、ここでラベルを付けてください）"
            }
            Reason::FolderElsewhere => "別の場所で読み込むフォルダへのリンク",
            Reason::Results => "このプログラムの出力",
            Reason::NotKnownNormal => "良品か不明のため学習対象外",
            Reason::DefectInTraining => "欠陥があるため学習対象外",
            Reason::NormalAndDefective => "良品と不良品の両方に同じ画像がある",
            Reason::SameAsDefective => "同じ画像が別の名前でNGとラベル付けされている",
            Reason::Beside => "用途を示すフォルダの外にある",
            Reason::Unwanted => "使わないと指定",
            Reason::Points => "隣の画像の三次元データ",
            Reason::NotListed => "一覧表に記載なし",
            Reason::Listed(fault) => list_fault(*fault),
            Reason::Annotation(why) => return format!("アノテーションの問題：{why}"),
            Reason::AnnotationDamaged => "アノテーションを使用できない",
            Reason::MaskWithoutImage => "対応する画像のないマスク",
            Reason::MaskCopy => "対応する画像のマスクは別のファイル",
            Reason::MaskOfSeveral => "同名の画像が複数あり、どれのマスクか不明",
            Reason::MaskOrImage => "隣の画像に基づく名前で、画像かマスクか不明",
            Reason::MaskUnreadable(why) => return format!("マスクを読み込めません（{why}）"),
        };
        words.to_owned()
    }
}

fn list_fault(fault: ListFault) -> &'static str {
    match fault {
        ListFault::Missing => "一覧表にあるがファイルがない",
        ListFault::MaskMissing => "一覧表にあるがマスクがない",
        ListFault::ForComparison => "使う画像に添えて一覧表にある切り出し画像または比較用の画像",
        ListFault::MaskOfPart => "欠陥ではなく部品のマスク（良品の画像にもある）",
        ListFault::Contradiction => "一覧表の記載が矛盾",
        ListFault::Contradictions => "複数の一覧表の記載が矛盾",
        ListFault::NormalInBadFolder => "一覧表では良品だがフォルダ名では不良",
        ListFault::NormalWithMarks => "一覧表では良品だがマスクに欠陥がある",
        ListFault::DefectInTraining => "一覧表では学習用だが欠陥品",
        ListFault::NotKnownNormal => "一覧表では学習用だが良品との記載がない",
    }
}

#[cfg(test)]
mod tests {
    use kizumi_dataset::catalog::Note;

    use super::*;
    use crate::text::is_japanese;

    #[test]
    fn what_is_left_out_is_said_with_its_reason_in_japanese() {
        let why = || "EIO 5".to_owned();
        let unreadable = Reason::Unreadable {
            why: why(),
            image: true,
        };
        let listed = [
            ListFault::Missing,
            ListFault::MaskMissing,
            ListFault::ForComparison,
            ListFault::MaskOfPart,
            ListFault::Contradiction,
            ListFault::Contradictions,
            ListFault::NormalInBadFolder,
            ListFault::NormalWithMarks,
            ListFault::DefectInTraining,
            ListFault::NotKnownNormal,
        ]
        .map(Reason::Listed);
        let reasons = [
            Reason::NotAnImage(String::new()),
            Reason::NotAnImage(".txt".into()),
            Reason::Hidden,
            unreadable,
            Reason::LabelsOfPart,
            Reason::FolderElsewhere,
            Reason::Results,
            Reason::NotKnownNormal,
            Reason::DefectInTraining,
            Reason::NormalAndDefective,
            Reason::SameAsDefective,
            Reason::Beside,
            Reason::Unwanted,
            Reason::Points,
            Reason::NotListed,
            Reason::Annotation(why()),
            Reason::AnnotationDamaged,
            Reason::MaskWithoutImage,
            Reason::MaskCopy,
            Reason::MaskOfSeveral,
            Reason::MaskOrImage,
            Reason::MaskUnreadable(why()),
        ];
        let mut all = Vec::new();
        for reason in reasons.into_iter().chain(listed) {
            let words = reason.japanese();
            assert!(is_japanese(&words), "{words}");
            if reason.to_string().contains("EIO 5") {
                assert!(words.contains("EIO 5"), "{words}");
            }
            let note = Note::LeftOut {
                reason,
                files: ["a.png", "b.png", "c.png", "d.png", "e.png"]
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            };
            let note = note.japanese();
            assert!(
                note.contains(&words) && note.contains("c.png、ほか2件"),
                "{note}"
            );
            all.push(words);
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{all:?}");
    }
}
