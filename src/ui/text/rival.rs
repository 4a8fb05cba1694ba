//! Two models on one set of images.

use kizumi_report::words;

use super::plural;
use crate::ui::panels::numbers::count;

words! {
    /// Two models on one set of images.
    pub struct Rival;

    heading = "Two models", "2つのモデル";
    keep = "Keep as A to compare", "Aとして残して比較";
    keep_help = "Puts these verdicts aside. Open another model and inspect the same images with it: \
         its verdicts are B.",
        "現在の判定を残します。別のモデルを開いて同じ画像を検査すると、その判定がBになります。";
    next = "Open another model and inspect these images with it: its verdicts will be B.",
        "別のモデルを開き、同じ画像を検査してください。その判定がBになります。";
    open_other = "Open another model…", "別のモデルを開く…";
    /// Names of both models.
    names: fn(&str, &str) -> String =
        |a, b| format!("A: {a}\nB: {b}"),
        |a, b| format!("モデルA：{a}\nモデルB：{b}");
    /// Images that both have judged, and those of which they think otherwise.
    differing: fn(usize, usize) -> String =
        |shared, differing| format!(
            "They differ on {} of {}.",
            count(differing as u64),
            plural(shared, "1 image", "{} images")
        ),
        |shared, differing| format!(
            "{}枚のうち{}枚で判定が異なります。",
            count(shared as u64),
            count(differing as u64)
        );
    sides: [&'static str; 2] = ["A", "B"], ["A", "B"];
    rows: [&'static str; 4] =
        ["Image AUROC", "Good parts rejected", "Defective passed", "To be looked at"],
        ["画像AUROC", "過検出", "見逃し", "要確認"];
    show_differing = "Show these", "表示する";
    side = "Shown on the wall", "一覧に表示するモデル";
    side_help = "Verdicts, scores and heatmaps of A or of B.",
        "AまたはBの判定・スコア・ヒートマップを表示します。";
    maps: fn(&str) -> String = |name| format!("Show the maps of {name} as A"),
        |name| format!("{name} のマップをAとして並べる");
    maps_help = "Projects this image with the model that was put aside, too. The large picture shows both: A left of the \
         divider, B right of it.",
        "残したモデルでもこの画像を投影し、大きな画像に両方を表示します。仕切り線の左がA、右がBです。";
    maps_gone = "Model A is no longer in memory, so its maps cannot be shown. Open it and put it aside again.",
        "モデルAがメモリに残っていないため、マップを表示できません。もう一度開いて残してください。";
    one_scale = "A and B on one scale", "AとBは同じ尺度";
    own_scales = "A and B each on a scale of its own", "AとBはそれぞれ別の尺度";
    computing = "computing…", "計算中…";
    verdict = "Verdict", "判定";
    adopt = "Go back to A", "Aに戻す";
    adopt_help = "Opens A again; its review comes back with it.",
        "Aを開き直します。その検査結果も元に戻ります。";
    drop = "End the comparison", "比較を終了";
    fate = "A and B differ", "AとBで異なる";
    chart = "A and B", "AとB";
    chart_name = "Scores of B over those of A", "Aのスコアに対するBのスコア";
    axes: (&'static str, &'static str) = ("A: score ÷ threshold", "B: score ÷ threshold"),
        ("A：スコア÷しきい値", "B：スコア÷しきい値");
    chart_help = "Each point is an image; 1 is the reject threshold. Ringed: the verdicts differ. \
         Click one to find it on the wall.",
        "点は1枚の画像、1は不良しきい値です。囲みのある点は判定が異なります。\
         クリックすると一覧で選択されます。";
    chart_empty = "Appears when the model at hand has inspected these images, too.",
        "現在のモデルでも検査すると表示されます。";
}
