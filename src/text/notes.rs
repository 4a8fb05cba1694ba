//! What a person should know of a data set.

use kizumi_dataset::catalog::Note;
use kizumi_dataset::few::Few;
use kizumi_dataset::fingerprint::Twin;
use kizumi_dataset::left_out::{Ending, PassedOver, Reason};
use kizumi_dataset::truth::MaskMatter;
use kizumi_image::remark::largest_of;

use super::{Worded, few, together};

impl Worded for Note {
    fn japanese(&self) -> String {
        match self {
            Note::Listed { lists } => format!(
                "画像の良否と用途は、{}の記載に従っています。",
                lists.join("、")
            ),
            Note::PartsListed { lists } => format!(
                "学習用とテスト用の区分は、{}の記載に従っています。",
                lists.join("、")
            ),
            Note::Answered { images } => {
                format!(
                    "フォルダ名では良否が分からないため、画像{images}枚のラベルに従っています。"
                )
            }
            Note::Neutral(folders) => format!(
                "次のフォルダの名前は良否を示さないものと見なし、中の画像をすべて良品として扱います：{}",
                few(folders)
            ),
            Note::ListedElsewhere { rows } => {
                format!("一覧表の{rows}行は、ほかのフォルダのファイルを指しています。")
            }
            Note::Unlisted { images } => format!(
                "画像{images}枚は一覧表に記載がないため、フォルダとマスクから良否を判断しました。"
            ),
            Note::Unread { files } => format!(
                "次のファイルは学習画像の名前を含みますが、内容を解釈できません。不良の記載があるかもしれません：{}",
                few(files)
            ),
            Note::SpeakOfDefects { files } => format!(
                "すべて良品として扱う画像のそばに、画像名を示さずに不良について書かれた、または解釈できないファイルがあります：{}",
                few(files)
            ),
            Note::SaidBeside { files } => format!(
                "画像をすべて良品として扱いますが、フォルダの隣に良否を示す可能性があるものがあります。使うには一つ上のフォルダを開いてください：{}",
                few(files)
            ),
            Note::OpenedAside { folder, beside } => format!(
                "画像をすべて良品として扱いますが、「{beside}」の中または隣にあるフォルダ「{folder}」は不良品の可能性があります。"
            ),
            Note::LikeMasks { folder } => {
                format!("「{folder}」の画像はマスクのように見えますが、良品の写真として扱います。")
            }
            Note::FolderNamedUnsure { folder } => format!(
                "フォルダ名「{folder}」によると不良品が混ざっている可能性がありますが、画像をすべて良品として扱います。"
            ),
            Note::OddImages(names) => format!(
                "ほかとサイズまたは色が異なる画像が{}枚ありますが、良品として扱います：{}",
                names.count(),
                few(names)
            ),
            Note::ByNumber { lists } => format!(
                "{}では多くの画像が0のため、0を良品、1を不良品として扱います。",
                lists.join("、")
            ),
            Note::UnknownWords { images, words } => format!(
                "画像{images}枚のアノテーションに、解釈できない語があります：{}",
                few(words)
            ),
            Note::Annotated { images } => {
                format!("画像{images}枚の良否は、アノテーションに従っています。")
            }
            Note::Boxed { images } => format!(
                "画像{images}枚では欠陥が輪郭ではなく矩形で示されているため、矩形全体を欠陥として扱います。"
            ),
            Note::FolderNamedBad { folder } => {
                format!(
                    "フォルダ名「{folder}」は不良を示していますが、中の画像は良品として扱います。"
                )
            }
            Note::NamedBad(names) => format!(
                "不良を示す名前の画像が{}枚ありますが、良品として扱います：{}",
                names.count(),
                few(names)
            ),
            Note::NamedMasks(names) => format!(
                "マスクを示す名前の画像が{}枚ありますが、写真と見られるため画像として扱います：{}",
                names.count(),
                few(names)
            ),
            Note::WithoutMask { images } => {
                format!("欠陥品{images}枚にはマスクがないため、画素の指標に含めません。")
            }
            Note::Unknown { images } => {
                format!(
                    "テスト画像{images}枚は良否が不明です。検査はしますが、評価には含めません。"
                )
            }
            Note::NoNormals => {
                "学習に使える良品画像がありません。このデータは検査と評価にだけ使えます。".into()
            }
            Note::FewNormals { images, wanted } => {
                format!(
                    "良品画像が{images}枚しかありません。{wanted}枚以上あると結果が良くなります。"
                )
            }
            Note::LeftOut { reason, files } => left_out(reason, files),
            Note::PassedOver(passed_over) => passed_over.japanese(),
            Note::Broken(files) => format!(
                "画像{}枚を読み込めません（枚数には含まれています）：{}",
                files.count(),
                few(files)
            ),
            Note::UnusableMasks(masks) => format!(
                "マスク{}件は使用できないため、画素の指標に含めません：{}",
                masks.count(),
                few(masks)
            ),
            Note::OddMasks { matter, masks } => odd_masks(*matter, masks),
            Note::Bits { used_bits: 16 } => {
                "16ビットの画像で、すべてのビットが使われています。".into()
            }
            Note::Bits { used_bits } => format!(
                "16ビットの画像で、使われているのは{used_bits}ビットです。{}を白とします。",
                largest_of(*used_bits)
            ),
            Note::BitsOfTest {
                value,
                of_training,
                file,
            } => format!(
                "使われているビット数は、テスト画像{file}から判断しました。値は最大{value}です（学習画像では{of_training}）。"
            ),
            Note::Copies { test, training } => {
                copies("テスト画像", "が学習画像と同一です", test)
                    + &copies("学習画像", "がほかの学習画像の複製です", training)
            }
        }
    }
}

impl Worded for PassedOver {
    /// A sentence.
    fn japanese(&self) -> String {
        let Self { files, endings } = self;
        format!(
            "画像以外のファイル{files}件は対象外です（{}）。",
            together(endings.first.iter().map(ending), endings.more)
        )
    }
}

fn left_out(reason: &Reason, files: &Few) -> String {
    let (count, files, why) = (files.count(), few(files), reason.japanese());
    match reason {
        Reason::Unreadable { .. } | Reason::MaskUnreadable(_) => format!("{files}：{why}"),
        Reason::MaskWithoutImage => format!("対応する画像のないマスクが{count}件あります：{files}"),
        Reason::Results | Reason::FolderElsewhere => {
            format!("{files}：{why}のため、使用しません。")
        }
        _ => format!("{count}件のファイルを使用しません（{why}）：{files}"),
    }
}

fn odd_masks(matter: MaskMatter, masks: &Few) -> String {
    let words = match matter {
        MaskMatter::Empty => "不良画像のマスクに何も塗られていないため、画素の指標に含めません",
        MaskMatter::Outside => {
            "不良画像のマスクが切り出し範囲の外にしかないため、画素の指標に含めません"
        }
        MaskMatter::OfNormal => "良品画像のマスクに欠陥が塗られているため、使用しません",
        MaskMatter::NearlyAll(_) => {
            "マスクが画像のほぼ全体に塗られ、反転している可能性があるため、画素の指標に含めません"
        }
        MaskMatter::Turned => "マスクを画像と同じく、向きのタグに従って回転しました",
        MaskMatter::PerhapsNotTurned => {
            "マスクは、表示される向きで描かれたものとして扱います（画像は向きのタグで回転されています）"
        }
    };
    format!("{words}（{}件）：{}", masks.count(), few(masks))
}

fn ending(Ending { ending, files }: &Ending) -> String {
    match ending.as_str() {
        "" => format!("拡張子なし{files}件"),
        ending => format!("{ending} {files}件"),
    }
}

/// A sentence; nothing without twins.
fn copies(images: &str, are: &str, twins: &Few<Twin>) -> String {
    match twins.count() {
        0 => String::new(),
        count => format!("{images}{count}枚{are}（{}）。", few(twins)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::text::is_japanese;

    fn names() -> Few {
        let names = ["a.png", "b.png", "c.png", "d.png", "e.png"];
        names.into_iter().map(str::to_owned).collect()
    }

    /// A note of every kind, and what has to be said in it.
    fn notes() -> Vec<(Note, Vec<&'static str>)> {
        let lists = || vec!["a.csv".to_owned(), "b.csv".to_owned()];
        let twins = |names: &[&str]| {
            let twin = |name: &&str| Twin {
                copy: format!("{name}-copy"),
                original: (*name).into(),
            };
            names.iter().map(twin).collect::<Few<Twin>>()
        };
        let ending = |ending: &str, files| Ending {
            ending: ending.into(),
            files,
        };
        let odd = |matter| Note::OddMasks {
            matter,
            masks: names(),
        };
        let images = 17;
        let named = || vec!["5", "a.png", "c.png", "2"];
        vec![
            (Note::Listed { lists: lists() }, vec!["a.csv", "b.csv"]),
            (Note::PartsListed { lists: lists() }, vec!["a.csv", "b.csv"]),
            (Note::Answered { images }, vec!["17"]),
            (Note::Neutral(names()), vec!["a.png", "c.png", "2"]),
            (Note::ListedElsewhere { rows: 17 }, vec!["17"]),
            (Note::Unlisted { images }, vec!["17"]),
            (Note::Unread { files: names() }, vec!["c.png"]),
            (Note::SpeakOfDefects { files: names() }, vec!["c.png"]),
            (Note::SaidBeside { files: names() }, vec!["c.png"]),
            (
                Note::OpenedAside {
                    folder: "weird".into(),
                    beside: "good".into(),
                },
                vec!["weird", "good"],
            ),
            (
                Note::LikeMasks {
                    folder: "gt".into(),
                },
                vec!["gt"],
            ),
            (
                Note::FolderNamedUnsure {
                    folder: "mixed".into(),
                },
                vec!["mixed"],
            ),
            (Note::OddImages(names()), named()),
            (Note::ByNumber { lists: lists() }, vec!["a.csv", "b.csv"]),
            (
                Note::UnknownWords {
                    images,
                    words: names(),
                },
                vec!["17", "c.png"],
            ),
            (Note::Annotated { images }, vec!["17"]),
            (Note::Boxed { images }, vec!["17"]),
            (
                Note::FolderNamedBad {
                    folder: "NG".into(),
                },
                vec!["NG"],
            ),
            (Note::NamedBad(names()), named()),
            (Note::NamedMasks(names()), named()),
            (Note::WithoutMask { images }, vec!["17"]),
            (Note::Unknown { images }, vec!["17"]),
            (Note::NoNormals, vec![]),
            (Note::FewNormals { images, wanted: 20 }, vec!["17", "20"]),
            (
                Note::LeftOut {
                    reason: Reason::Beside,
                    files: names(),
                },
                named(),
            ),
            (
                Note::PassedOver(PassedOver {
                    files: 17,
                    endings: [ending(".heic", 9), ending("", 8)].into_iter().collect(),
                }),
                vec!["17", ".heic", "9", "8"],
            ),
            (Note::Broken(names()), named()),
            (Note::UnusableMasks(names()), named()),
            (odd(MaskMatter::Empty), named()),
            (odd(MaskMatter::Outside), named()),
            (odd(MaskMatter::OfNormal), named()),
            (odd(MaskMatter::NearlyAll(97)), named()),
            (odd(MaskMatter::Turned), named()),
            (odd(MaskMatter::PerhapsNotTurned), named()),
            (Note::Bits { used_bits: 12 }, vec!["16", "12", "4095"]),
            (Note::Bits { used_bits: 16 }, vec!["16"]),
            (
                Note::BitsOfTest {
                    value: 4000,
                    of_training: 17,
                    file: "a.png".into(),
                },
                vec!["4000", "17", "a.png"],
            ),
            (
                Note::Copies {
                    test: twins(&["a", "b"]),
                    training: twins(&["c"]),
                },
                vec!["2", "a-copy = a", "b-copy = b", "1", "c-copy = c"],
            ),
        ]
    }

    #[test]
    fn notes_are_said_in_both_languages_with_their_numbers_and_names() {
        for (note, said) in notes() {
            let (english, japanese) = (
                note.said_in(Language::English),
                note.said_in(Language::Japanese),
            );
            assert_eq!(english, note.to_string());
            assert!(!is_japanese(&english), "{english}");
            assert!(is_japanese(&japanese), "{japanese}");
            for said in said {
                assert!(japanese.contains(said), "{said} in {japanese}");
                assert!(english.contains(said), "{said} in {english}");
            }
        }
    }
}
