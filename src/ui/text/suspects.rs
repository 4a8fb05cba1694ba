//! Step 1: normal images that look unlike the others.

use super::plural;
use crate::ui::panels::numbers::count;
use kizumi_report::words;

words! {
    /// Step 1: normal images that look unlike the others.
    pub struct Suspects;

    check = "Check the normal images", "良品画像をチェック";
    check_help = "Compares each with all others. Those that look unlike them, a defective part say, can be \
        left out of training.",
        "各画像をほかの画像と比べます。不良品の混入など、ほかと異なる画像を学習から除外できます。";
    check_again = "Check again", "もう一度チェック";
    cancel = "Cancel", "中止";
    unlike: fn(usize) -> String =
        |number| plural(
            number,
            "1 training image looks unlike the others",
            "{} training images look unlike the others",
        ),
        |number| format!("ほかと異なる学習画像が{}枚あります", count(number as u64));
    alike: fn(usize) -> String =
        |number| format!("All {} normal images look alike", count(number as u64)),
        |number| format!("良品画像{}枚に、ほかと異なるものはありません", count(number as u64));
    left_out: fn(usize) -> String =
        |number| plural(number, "1 image is left out of training", "{} images are left out of training"),
        |number| format!("{}枚を学習から除外中", count(number as u64));
    unmeasured: fn(usize) -> String =
        |number| plural(
            number,
            "1 image was not compared, there are so many",
            "{} images were not compared, there are so many",
        ),
        |number| format!("画像が多いため、{}枚は比較していません", count(number as u64));
    show = "Show them", "表示";
    hide = "Hide", "閉じる";
    change = "Change…", "変更…";
    list_heading = "Strange normal images", "ほかと異なる良品画像";
    list_help = "The strangest first. Look at each, and tick what is not to be learned.",
        "異なる度合いの大きい順です。確認して、学習しない画像にチェックを付けてください。";
    /// Name of an image.
    leave_out: fn(&str) -> String = |name| format!("Leave {name} out of training"),
        |name| format!("{name} を学習から除外");
    suspect = "unlike", "要確認";
    score_help = "How far its strangest patches are from those of the other images.",
        "最も異なる部分が、ほかの画像とどれだけ離れているかを示します。";
    leave_all_out = "Leave all out", "すべて除外";
    take_back = "Take all back", "すべて戻す";
    train_without = "Train without them", "除外して学習";
    train_without_help = "Learns a new model from the other normal images.",
        "残りの良品画像から新しいモデルを学習します。";
}
