//! Step 1: which images of a folder are normal.

use super::plural;
use crate::ui::panels::numbers::count;
use kizumi_report::words;

words! {
    /// Step 1: which images of a folder are normal.
    pub struct Question;

    heading = "Which of these images are normal?", "どれが良品の画像ですか？";
    help = "Kizumi learns from images of good parts alone, and the names in this folder do not say which those are.",
        "良品の画像だけから学習しますが、フォルダ名からはどれが良品か判断できません。";
    help_named = "Kizumi learns from images of good parts alone. What the names say is filled in below; because of what \
         follows, have a look before it is used.",
        "良品の画像だけから学習します。フォルダ名から判断した内容を下に示しています。次の点を確認してください。";
    unread: fn(&str, usize) -> String = |first, more| format!(
            "{first}{} names images here, and Kizumi does not understand it. If it says which are normal, save it \
             as a CSV file with the columns image and label, and open the folder again.",
            match more { 0 => String::new(), more => format!(" (and {more} more)") }
        ),
        |first, more| format!(
            "{first}{}にここの画像の名前がありますが、読み取れません。良品かどうかが書かれている場合は、imageとlabelの列を持つCSVとして保存し、フォルダを開き直してください。",
            match more { 0 => String::new(), more => format!("（ほか{more}件）") }
        );
    normal = "Normal: learn", "良品：学習する";
    defective = "Defective: test", "不良品：テストする";
    test = "To inspect", "検査する";
    unused = "Leave out", "使わない";
    images: fn(usize) -> String = |number| plural(number, "1 image", "{} images"),
        |number| format!("{}枚", count(number as u64));
    directly = "directly in the folder", "フォルダ直下";
    open = "Open the data set", "データセットを開く";
    needed = "Say something about each, and choose at least one as normal.",
        "すべてについて指定し、良品を1つ以上選んでください。";
    by_names = "Open and label the images", "開いてラベルを付ける";
    by_names_help = "Nothing is claimed of the images until labels say it: one by one, or by the names of their files.",
        "良品か不良品かは、1枚ずつ、またはファイル名でラベルを付けて示します。";
    cancel = "Cancel", "キャンセル";
    /// Of how many images nobody has said what they show, and how many there are.
    to_inspect: fn(usize, usize) -> String =
        |unknown, all| match unknown {
            0 => "To inspect: labels say what these images show.".into(),
            _ if unknown == all => "To inspect: nobody has said what these images show.".into(),
            _ => format!("To inspect: nobody has said what {unknown} of the {all} images show."),
        },
        |unknown, all| match unknown {
            0 => "検査する画像：ラベルで良品・不良品が示されています。".into(),
            _ if unknown == all => "検査する画像：良品か不良品かは分かっていません。".into(),
            _ => format!("検査する画像：{all}枚のうち{unknown}枚は良品か不良品か分かっていません。"),
        };
    learn_from = "Learn from them: they are normal", "良品として学習に使う";
    all_normal = "Images alone: all are taken as normal, to learn from.",
        "画像だけのフォルダ：すべて良品として学習に使います。";
    only_inspect = "Only inspect them", "検査だけに使う";
    said = "You said which images are normal.", "良品の画像は手動で指定されています。";
    again = "Say it anew…", "指定し直す…";
}
