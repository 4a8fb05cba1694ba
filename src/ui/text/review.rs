//! Step 4: inspecting a whole folder and deciding.

use crate::ui::panels::numbers::{count, duration};
use crate::ui::state::review_view::{CurveKind, Sort};
use crate::ui::state::set::Stale;
use kizumi_method::decision::Verdict;
use kizumi_report::words;

use super::plural;

words! {
    /// Step 4: inspecting a whole folder and deciding.
    pub struct Review;

    images_heading = "Images", "画像";
    source_test: fn(usize) -> String = |number| format!("Test images ({})", count(number as u64)),
        |number| format!("テスト画像（{}枚）", count(number as u64));
    source_normals: fn(usize) -> String =
        |number| format!("Normal images ({})", count(number as u64)),
        |number| format!("良品画像（{}枚）", count(number as u64));
    source_help = "Which images are inspected. Most of the normal ones were trained on, so their \
        scores are lower than those of new parts.",
        "検査する画像を選びます。良品画像の大半は学習に使われているため、\
        スコアは新しい部品より低めに出ます。";
    inspect_all: fn(usize) -> String =
        |number| plural(number, "Inspect 1 image", "Inspect all {} images"),
        |number| format!("{}枚をすべて検査", count(number as u64));
    inspect_again: fn(usize) -> String =
        |number| plural(number, "Inspect 1 image again", "Inspect {} images again"),
        |number| format!("{}枚を再検査", count(number as u64));
    results_heading = "Results", "結果";
    report = "Report…", "レポート…";
    command_line = "Command line…", "コマンドライン…";
    of_all: fn(usize) -> String = |number| plural(number, "Of the 1 image:", "Of all {} images:"),
        |number| format!("全{}枚について：", count(number as u64));
    of_the_shown: fn(usize) -> String =
        |number| plural(number, "Of the 1 image that the filter shows:", "Of the {} images that the filter shows:"),
        |number| format!("絞り込みで表示中の{}枚について：", count(number as u64));
    of_the_shown_help = "What the filter above the wall of images shows is what is saved or copied. \
        The table has the columns of the command line, one row for each image with scores. Images are \
        copied with their overlays, at the size of the files, beside them; nothing is overwritten.",
        "画像一覧の上の絞り込みで表示されている画像が対象です。\
        表はコマンドラインと同じ列で、スコアのある画像ごとに1行です。\
        画像のコピーには、元の大きさの重ね合わせ画像が付きます。既存のファイルは上書きしません。";
    table_csv = "Table (CSV)…", "表（CSV）…";
    table_json = "Table (JSON Lines)…", "表（JSON Lines）…";
    copy_images = "Copy the images…", "画像をコピー…";
    /// Done and all.
    copying: fn(usize, usize) -> String =
        |done, all| format!("Copying: {} of {}", count(done as u64), count(all as u64)),
        |done, all| format!("コピー中：{} / {}枚", count(done as u64), count(all as u64));
    copying_stop_help = "Ends copying; what was copied stays.",
        "コピーを中止します。コピー済みの画像は残ります。";
    copy_list = "Copy the list", "一覧をコピー";
    pause = "Pause", "一時停止";
    resume = "Resume", "再開";
    stop = "Stop", "中止";
    stop_help = "Ends inspecting; what was inspected stays.",
        "検査を中止します。検査済みの結果は残ります。";
    asked = "The first image is on its way…", "最初の画像を処理しています…";
    paused = "Paused", "一時停止中";
    /// Images done, images in all, seconds left.
    progress: fn(usize, usize, Option<f64>) -> String =
        |done, all, left_secs| {
            let done = format!("{} of {}", count(done as u64), count(all as u64));
            match left_secs {
                Some(seconds) => format!("{done}, {} left", duration(seconds)),
                None => done,
            }
        },
        |done, all, left_secs| {
            let done = format!("{} / {}枚", count(done as u64), count(all as u64));
            match left_secs {
                Some(seconds) => format!("{done}、残り {}", duration(seconds)),
                None => done,
            }
        };
    stopped: fn(usize, usize) -> String =
        |done, all| {
            format!(
                "Stopped after {} of {} images.",
                count(done as u64),
                count(all as u64)
            )
        },
        |done, all| format!("{}枚中{}枚で中止しました。", count(all as u64), count(done as u64));
    waits_for_training = "Inspecting waits until training has ended.",
        "学習が終わるまで検査は待機します。";

    empty = "Inspect all images of the folder, then choose how many false alarms are acceptable.",
        "フォルダ内の画像をすべて検査し、許容できる過検出の割合を決めます。";
    empty_no_data = "Open a folder of images to inspect all of them at once.",
        "画像のフォルダを開くと、すべての画像をまとめて検査できます。";
    empty_no_model = "A model is needed to inspect these images.", "検査にはモデルが必要です。";
    nothing_admitted = "No image is like that.", "該当する画像はありません。";
    show_all = "Show all", "すべて表示";
    stale_of: fn(&str) -> String =
        |model| format!("These results are of {model}: this model does not judge them."),
        |model| format!("この結果は{model}で得たものです。現在のモデルでは判定しません。");
    stale_model = "These results are of another model: this one does not judge them.",
        "この結果は別のモデルで得たものです。現在のモデルでは判定しません。";
    stale_parameters = "These results were made with other settings.",
        "この結果は別の設定で得たものです。";
    /// How many files.
    stale_files: fn(usize) -> String =
        |number| {
            let one = "1 file has changed since it was inspected and is left out.";
            plural(number, one, "{} files have changed since they were inspected and are left out.")
        },
        |number| format!("検査した後に変更された{}個のファイルは除いています。", count(number as u64));
    /// How many files.
    stale_unreachable: fn(usize) -> String =
        |number| {
            let one = "1 file cannot be reached; its result is that of the last inspection.";
            plural(number, one, "{} files cannot be reached; their results are those of the last inspection.")
        },
        |number| {
            format!("{}個のファイルにアクセスできません。結果は前回の検査のものです。", count(number as u64))
        };
    stale_images = "These results are of other images.",
        "この結果は別の画像のものです。";

    decision_heading = "Decision", "判定";
    question = "How many false alarms on good parts are acceptable?",
        "良品の過検出はどれだけ許容できますか？";
    question_help = "The share of good parts that may be rejected. The threshold follows from the \
        scores of normal images.",
        "不合格と判定されてもよい良品の割合です。しきい値は良品画像のスコアから決まります。";
    unsure = "Unsure", "要確認の幅";
    unsure_help = "A further share of good parts that a person may look at. 0 is no unsure band.",
        "さらに人が確認してもよい良品の割合です。0なら要確認はありません。";
    review_above = "Review above", "要確認しきい値";
    review_above_help = "Images with a higher projected score should be looked at by a person.",
        "投影スコアがこれを超える画像は人が確認します。";
    reject_above = "Reject above", "不合格のしきい値";
    reject_above_help = "Images with a higher projected score are rejected. The confidence is 0.5 \
        here.",
        "投影スコアがこれを超える画像は不合格と判定します。確信度はここが0.5です。";
    by_hand = "Thresholds set by hand", "しきい値は手動設定です";
    automatic = "Follow the question again", "許容割合に戻す";
    held_out: fn(usize) -> String =
        |number| {
            let many = "Measured on {} held-out normal images.";
            plural(number, "Measured on 1 held-out normal image.", many)
        },
        |number| format!("学習に使っていない良品{}枚で測定しました。", count(number as u64));
    /// Names of a model and of the data set that it was trained on.
    foreign_thresholds: fn(&str, &str) -> String =
        |model, data| {
            format!("These thresholds are those of {model}, from the normal images of {data}.")
        },
        |model, data| format!("このしきい値は、{data}の良品で測定した{model}のものです。");
    held_out_help = "Normal images that were kept out of training.",
        "学習から除いておいた良品画像です。";
    /// How many of the model's normal images, and how many it has.
    measured_on: fn(usize, usize) -> String =
        |number, all| match number < all {
            true => format!("Measured on {} of {} normal images.", count(number as u64), count(all as u64)),
            false => format!("Measured on all {} normal images.", count(all as u64)),
        },
        |number, all| match number < all {
            true => format!("良品{}枚のうち{}枚で測定しました。", count(all as u64), count(number as u64)),
            false => format!("良品{}枚すべてで測定しました。", count(all as u64)),
        };
    measured_on_help = "Held-out normal images, and as many training images as can be measured soon, each \
        by the features of the others.",
        "学習から除いておいた良品と、短時間で測定できる枚数の学習画像です。学習画像は、ほかの画像の特徴で測定します。";
    other_parameters = "They were projected with other settings.",
        "良品は別の設定で投影されています。";
    measure_again = "Measure them again", "良品を再測定";
    this_set: fn(usize) -> String =
        |number| {
            format!(
                "The model has no held-out normals: measured on the {} normal images of this set.",
                count(number as u64)
            )
        },
        |number| {
            format!(
                "モデルに較正用の良品がないため、この一覧の良品{}枚で測定しました。",
                count(number as u64)
            )
        };
    no_normals = "There are no scores of normal images to measure a threshold on.",
        "しきい値を決めるための良品のスコアがありません。";
    /// Normals there are, normals it takes.
    too_few: fn(usize, usize) -> String =
        |there, needed| {
            format!("Too few to measure such a share: {there} normals, it takes {needed}.")
        },
        |there, needed| {
            format!("この割合を測るには良品が足りません（{there}枚、必要数は{needed}枚）。")
        };

    verdicts: [&'static str; 3] = ["Pass", "Review", "Reject"], ["合格", "要確認", "不合格"];
    /// Review and reject.
    thresholds: fn(&str, &str) -> String =
        |review, reject| format!("Review above {review}, reject above {reject}."),
        |review, reject| format!("{review}超で要確認、{reject}超で不合格です。");
    no_verdict = "No verdict", "判定なし";
    unknown = "Unknown", "正解不明";
    truths: [&'static str; 2] = ["Good parts", "Defective"], ["実際は良品", "実際は不良"];
    /// From the confidence that it is a defect, 0 to 1.
    confidence: fn(f32) -> String = |confidence| format!("defect {confidence:.2}"),
        |confidence| format!("不良 {confidence:.2}");
    confidence_help = "Confidence that it is a defect: 0.5 at the reject threshold; how fast it rises \
        comes from how much the scores of normal images differ.",
        "不良である確信度です。不合格のしきい値で0.5となり、変化の速さは良品スコアのばらつきで決まります。";

    summary: fn(&Summary) -> String =
        |summary| {
            let mut parts = Vec::new();
            if let Some(share) = summary.false_alarms {
                parts.push(format!("{} of good parts rejected", percent(share)));
            }
            if let Some(share) = summary.found {
                parts.push(format!("{} of defective found", percent(share)));
            }
            let unsure: Vec<String> = [
                (summary.good_unsure, "good"),
                (summary.defective_unsure, "defective"),
            ]
            .into_iter()
            .filter_map(|(share, kind)| Some((share.filter(|share| *share > 0.0)?, kind)))
            .map(|(share, kind)| format!("{} of {kind}", percent(share)))
            .collect();
            let mut sentence = parts.join(", ");
            if !unsure.is_empty() {
                sentence = format!("{sentence}; to be looked at: {}", unsure.join(", "));
            }
            sentence + "."
        },
        |summary| {
            let mut parts = Vec::new();
            if let Some(share) = summary.false_alarms {
                parts.push(format!("良品の{}を不合格と判定", percent(share)));
            }
            if let Some(share) = summary.found {
                parts.push(format!("不良品の{}を検出", percent(share)));
            }
            let unsure: Vec<String> = [
                (summary.good_unsure, "良品"),
                (summary.defective_unsure, "不良品"),
            ]
            .into_iter()
            .filter_map(|(share, kind)| Some((share.filter(|share| *share > 0.0)?, kind)))
            .map(|(share, kind)| format!("{kind}の{}", percent(share)))
            .collect();
            let mut sentence = parts.join("、");
            if !unsure.is_empty() {
                sentence = format!("{sentence}。要確認は{}", unsure.join("、"));
            }
            sentence + "。"
        };
    summary_part: fn(usize, usize) -> String =
        |done, all| format!("So far {} of {} images.", count(done as u64), count(all as u64)),
        |done, all| format!("現在{} / {}枚です。", count(done as u64), count(all as u64));
    /// Names of the curves' areas.
    areas: [&'static str; 2] = ["AUROC", "AP"], ["AUROC", "AP"];
    areas_help = "AUROC: the chance that a defective image scores higher than a good one; 0.5 is \
        guessing. AP: average precision, the area under the precision–recall curve.",
        "AUROC：不良画像のスコアが良品画像より高い確率です。0.5は当て推量と同じです。\
        AP：平均適合率（適合率・再現率曲線の面積）です。";
    not_counted: fn(usize) -> String =
        |number| format!("Not counted: {} that could not be inspected.", count(number as u64)),
        |number| format!("集計外：検査不可{}件", count(number as u64));
    only_normals = "There are no defective images in this set, so only false alarms can be \
        counted.",
        "この一覧に不良画像はないため、過検出だけを数えています。";
    unknown_truth: fn(usize) -> String =
        |number| plural(
            number,
            "Nobody has said what 1 image shows; it is not counted.",
            "Nobody has said what {} images show; they are not counted.",
        ),
        |number| format!("正解の分からない画像{number}枚は集計に含めていません。");

    histogram_heading = "Scores", "スコア分布";
    histogram_name = "Histogram of projected scores", "投影スコアのヒストグラム";
    histogram_help = "How many images have which projected score, in shares of their kind. Drag \
        the two lines: above Review a person should look, above Reject a part is rejected.",
        "投影スコアの分布を種類ごとの割合で示します。2本の線をドラッグできます。\
        要確認を超えると人が確認し、不合格を超えると不合格と判定します。";
    held_out_legend = "held-out", "較正用良品";
    histogram_empty = "Scores appear with the first image.",
        "最初の画像の検査が終わると表示されます。";
    confusion_heading = "Verdicts", "判定結果";
    confusion_help = "A click shows these images; another one shows all again.",
        "クリックするとその画像だけを表示し、もう一度クリックすると戻ります。";
    cell: fn(&str, &str, u64) -> String =
        |truth, verdict, number| format!("{truth}, {verdict}: {number}"),
        |truth, verdict, number| format!("{truth}、{verdict}：{number}");
    broken: fn(usize) -> String =
        |number| plural(number, "1 file could not be inspected", "{} files could not be inspected"),
        |number| format!("検査できないファイル：{}件", count(number as u64));
    changed: fn(usize) -> String =
        |number| plural(number, "1 changed by projection", "{} changed by projection"),
        |number| format!("投影で変化：{}枚", count(number as u64));
    changed_help = "The plain score, with a threshold of its own for the same false alarms, would \
        have said something else.",
        "同じ過検出の割合で決めた再構成スコアのしきい値では、別の判定になります。";
    curves: [&'static str; 2] = ["ROC", "PR"], ["ROC", "PR"];
    curve_names: [&'static str; 2] = ["ROC curve", "Precision–recall curve"],
        ["ROC曲線", "適合率・再現率曲線"];
    curve_axes: [(&'static str, &'static str); 2] =
        [
            ("good parts rejected", "defective found"),
            ("defective found", "rejected that are defective"),
        ],
        [("過検出率", "検出率"), ("検出率（再現率）", "適合率")];
    curve_help = "Every point is a threshold. Drag the point to set the reject threshold.",
        "各点が1つのしきい値です。点をドラッグすると不合格のしきい値が変わります。";
    curve_plain = "plain", "再構成";
    curve_projected = "projected", "投影";
    curve_empty = "The curve needs good and defective images.",
        "曲線には良品と不良の両方の画像が必要です。";

    sort = "Sort by", "並べ替え";
    sorts: [&'static str; 3] = ["Score", "Name", "Change by projection"],
        ["スコア", "名前", "投影による変化"];
    reversed = "Reverse the order", "逆順にする";
    search = "Search names", "名前で検索";
    kind = "Kind", "種類";
    any_kind = "All kinds", "すべての種類";
    defective = "Defective", "不良";
    verdict = "Verdict", "判定";
    any_verdict = "All verdicts", "すべての判定";
    fate_not_passed = "Review and reject", "要確認と不合格";
    fate_changed = "Changed by projection", "投影で変化";
    fate_broken = "Not inspectable", "検査不可";
    fate_waiting = "Waiting", "未検査";
    overlay = "Heatmap", "ヒートマップ";
    shown: fn(usize, usize) -> String =
        |shown, all| match shown == all {
            true => count(all as u64),
            false => format!("{} of {}", count(shown as u64), count(all as u64)),
        },
        |shown, all| match shown == all {
            true => format!("{}枚", count(all as u64)),
            false => format!("{} / {}枚", count(shown as u64), count(all as u64)),
        };
    wall_help = "Arrow keys move, Enter or a click looks closely.",
        "矢印キーで移動、Enterまたはクリックで詳しく見ます。";
    tile_scores: fn(&TileScores<'_>) -> String =
        |tile| {
            let mut lines = format!(
                "{}\n{}\nProjected: {} (defect: confidence {})\nPlain: {} (defect: confidence {})",
                tile.path, tile.kind, tile.projected.0, tile.projected.1, tile.plain.0, tile.plain.1
            );
            if let Some(verdict) = tile.plain_verdict {
                lines.push_str(&format!("\nThe plain score alone would say: {verdict}"));
            }
            lines
        },
        |tile| {
            let mut lines = format!(
                "{}\n{}\n投影：{}（不良の確信度 {}）\n再構成：{}（不良の確信度 {}）",
                tile.path, tile.kind, tile.projected.0, tile.projected.1, tile.plain.0, tile.plain.1
            );
            if let Some(verdict) = tile.plain_verdict {
                lines.push_str(&format!("\n再構成スコアだけなら：{verdict}"));
            }
            lines
        };
    tile_broken = "Error", "エラー";
    tile_waiting = "waiting", "未検査";
    tile_changed = "file changed", "ファイル変更";

    pixels_heading = "Pixels", "画素";
    pixels_empty = "Counted while images are inspected.", "検査中に集計されます。";
    pixels_retold = "Labels or masks of images have changed since they were inspected. Inspect them again for figures of pixels.",
        "検査の後にラベルまたはマスクが変わりました。画素の評価値は、再検査すると表示されます。";
    pixels_changed = "Some of the files have changed; inspected again, they are counted.",
        "一部のファイルが変更されています。再検査すると集計されます。";
    pixels_no_defects = "No defective pixels are known: masks of the defects are needed.",
        "不良画素がわかりません。欠陥のマスク画像が必要です。";
    pixels_left_out: fn(usize) -> String =
        |number| {
            let one = "1 defective image has no mask that can be used and is left out.";
            plural(number, one, "{} defective images have no mask that can be used and are left out.")
        },
        |number| format!("使えるマスクがない不良画像{}枚は含めていません。", count(number as u64));
    masks_to_look_at: fn(usize) -> String =
        |number| plural(number, "1 mask to look at", "{} masks to look at"),
        |number| format!("確認が必要なマスク：{}件", count(number as u64));
    more_masks: fn(usize) -> String = |number| format!("and {} more", count(number as u64)),
        |number| format!("ほか{}件", count(number as u64));
    pixel_auroc = "AUROC", "AUROC";
    pixel_auroc_help = "The chance that a defective pixel is brighter in the heatmap than a normal \
        one: plain, then projected.",
        "不良画素の値が正常画素より高い確率です。再構成、投影の順に示します。";
    pixel_share = "Flagged normals", "正常画素の許容";
    pixel_share_help = "The share of normal pixels that may be flagged.",
        "異常と判定されてもよい正常画素の割合です。";
    pixel_threshold = "Threshold", "しきい値";
    pixel_threshold_help = "Map values above it are flagged.",
        "これを超える値の画素を異常とします。";
    pixel_precision = "Precision", "適合率";
    pixel_precision_help = "Share of the flagged pixels that are defective.",
        "異常とされた画素のうち、実際に不良の割合です。";
    pixel_recall = "Recall", "再現率";
    pixel_recall_help = "Share of the defective pixels that are flagged.",
        "不良画素のうち、異常とされた割合です。";

    status_none = "Not inspected yet", "まだ検査していません";
    /// Images inspected, images that could not be.
    status_done: fn(usize, usize) -> String =
        |done, failed| match failed {
            0 => plural(done, "1 image inspected", "{} images inspected"),
            failed => format!("{} inspected, {} not", count(done as u64), count(failed as u64)),
        },
        |done, failed| match failed {
            0 => format!("{}枚を検査済み", count(done as u64)),
            failed => format!("検査済み{}枚、不可{}枚", count(done as u64), count(failed as u64)),
        };
    status_running: fn(usize, usize) -> String =
        |done, all| format!("{} of {}", count(done as u64), count(all as u64)),
        |done, all| format!("{} / {}枚", count(done as u64), count(all as u64));
}

/// Shares of good and of defective parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Good parts rejected.
    pub false_alarms: Option<f64>,
    /// Good parts to be looked at.
    pub good_unsure: Option<f64>,
    /// Defective parts rejected.
    pub found: Option<f64>,
    /// Defective parts to be looked at.
    pub defective_unsure: Option<f64>,
}

/// What a tile's tooltip says.
#[derive(Clone, Copy, Debug)]
pub struct TileScores<'a> {
    /// The file.
    pub path: &'a str,
    /// Good, or which defect.
    pub kind: &'a str,
    /// Raw projected score and its confidence.
    pub projected: (&'a str, &'a str),
    /// Raw plain score and its confidence.
    pub plain: (&'a str, &'a str),
    /// What the plain score would have said, when it differs.
    pub plain_verdict: Option<&'a str>,
}

impl Review {
    pub fn verdict_word(&self, verdict: Verdict) -> &'static str {
        self.verdicts[verdict as usize]
    }

    /// Why results no longer fit; `model` is the name of the file of the one that made them.
    pub fn stale(&self, stale: Stale, model: Option<&str>) -> String {
        match (stale, model) {
            (Stale::Model, Some(model)) => (self.stale_of)(model),
            (Stale::Model, None) => self.stale_model.to_owned(),
            (Stale::Parameters, _) => self.stale_parameters.to_owned(),
            (Stale::Images, _) => self.stale_images.to_owned(),
            (Stale::Files(number), _) => (self.stale_files)(number),
            (Stale::Unreachable(number), _) => (self.stale_unreachable)(number),
        }
    }

    pub fn sort_word(&self, sort: Sort) -> &'static str {
        let [score, name, change] = self.sorts;
        match sort {
            Sort::Score => score,
            Sort::Name => name,
            Sort::Change | Sort::Difference => change,
        }
    }

    pub fn curve(&self, curve: CurveKind) -> &'static str {
        self.curves[curve as usize]
    }
}

/// A share in percent, as fine as it has to be.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if (percent - percent.round()).abs() < 0.05 || percent >= 10.0 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}
