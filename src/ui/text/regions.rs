//! The histogram of the heatmap, and the regions above its threshold.

use kizumi_method::truth::Finding;

/// The histogram of the heatmap, and the regions above its threshold.
pub struct Regions {
    pub histogram: &'static str,
    pub histogram_help: &'static str,
    pub low: &'static str,
    pub high: &'static str,
    pub threshold: &'static str,
    pub heading: &'static str,
    pub help: &'static str,
    pub no_threshold: &'static str,
    pub none: &'static str,
    /// Regions that count, filtered ones.
    pub count: fn(usize, usize) -> String,
    pub min_area: &'static str,
    pub min_area_help: &'static str,
    pub show: &'static str,
    pub columns: [&'static str; 3],
    /// Area, peak, x, y.
    pub region: fn(usize, &str, usize, usize) -> String,
    pub more: fn(usize) -> String,
    /// In the order of [`Finding::COLOURED`].
    pub findings: [&'static str; 3],
    /// Precision, recall, intersection over union, in percent.
    pub figures: fn(f32, f32, f32) -> String,
    pub figures_help: &'static str,
}

impl Regions {
    pub fn finding(&self, finding: Finding) -> &'static str {
        let [hit, miss, false_alarm] = self.findings;
        match finding {
            Finding::Hit => hit,
            Finding::Miss => miss,
            Finding::FalseAlarm => false_alarm,
            Finding::Nothing => "",
        }
    }
}

/// English.
pub static ENGLISH: Regions = Regions {
    histogram: "Values of the heatmap",
    histogram_help: "Bars: how many pixels have which value, on a logarithmic axis. \
        Drag the lower handles to set the colours' range; below the left one the overlay is \
        transparent. Drag the upper one to set the threshold of defective pixels.",
    low: "Value of the lowest colour",
    high: "Value of the highest colour",
    threshold: "Threshold of defective pixels",
    heading: "Regions",
    help: "Connected pixels above the threshold.",
    no_threshold: "The threshold comes from the normal images; this model has none measured.",
    none: "No pixel is above the threshold.",
    count: |count, filtered| match (count, filtered) {
        (1, 0) => "1 region".to_owned(),
        (_, 0) => format!("{count} regions"),
        (1, _) => format!("1 region, {filtered} filtered"),
        _ => format!("{count} regions, {filtered} filtered"),
    },
    min_area: "Smallest area",
    min_area_help: "Smaller regions are filtered: they are drawn dashed and do not count.",
    show: "Outline the regions",
    columns: ["Area", "Peak", "Place"],
    region: |area, peak, x, y| format!("{area} px, peak {peak} at {x}, {y}"),
    more: |more| format!("and {more} more"),
    findings: ["hit", "missed", "false alarm"],
    figures: |precision, recall, overlap| {
        format!("precision {precision:.0} %, recall {recall:.0} %, IoU {overlap:.0} %")
    },
    figures_help: "Pixels above the threshold against the ground truth of this image.",
};

/// Japanese.
pub static JAPANESE: Regions = Regions {
    histogram: "ヒートマップの値の分布",
    histogram_help: "棒は各値の画素数（対数軸）です。\
        下のつまみで配色の範囲を決めます。左のつまみより小さい値は重ね合わせで透明になります。\
        上のつまみで欠陥画素のしきい値を決めます。",
    low: "最低色の値",
    high: "最高色の値",
    threshold: "欠陥画素のしきい値",
    heading: "領域",
    help: "しきい値を超える画素のつながりです。",
    no_threshold: "しきい値は良品画像から求めますが、このモデルでは測定されていません。",
    none: "しきい値を超える画素はありません。",
    count: |count, filtered| match filtered {
        0 => format!("領域{count}個"),
        _ => format!("領域{count}個、除外{filtered}個"),
    },
    min_area: "最小面積",
    min_area_help: "これより小さい領域は除外し、破線で表示します。",
    show: "領域の輪郭を表示",
    columns: ["面積", "最大値", "位置"],
    region: |area, peak, x, y| format!("面積{area}画素、最大値{peak}、位置{x}, {y}"),
    more: |more| format!("ほか{more}個"),
    findings: ["検出", "見逃し", "誤検出"],
    figures: |precision, recall, overlap| {
        format!("適合率{precision:.0} %、再現率{recall:.0} %、IoU {overlap:.0} %")
    },
    figures_help: "しきい値を超えた画素と、この画像の正解マスクとの比較です。",
};
