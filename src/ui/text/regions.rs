//! The histogram of the heatmap, and the regions above its threshold.

use kizumi_method::truth::Finding;
use kizumi_report::words;

words! {
    /// The histogram of the heatmap, and the regions above its threshold.
    pub struct Regions;

    histogram = "Values of the heatmap", "ヒートマップの値の分布";
    histogram_help = "Bars: how many pixels have which value, on a logarithmic axis. Drag the \
        lower handles to set the colours' range; below the left one the overlay is transparent. \
        Drag the upper one to set the threshold of defective pixels.",
        "棒は各値の画素数（対数軸）です。下のつまみで配色の範囲を決めます。\
        左のつまみより小さい値は重ね合わせで透明になります。上のつまみで欠陥画素のしきい値を決めま\
        す。";
    low = "Value of the lowest colour", "最低色の値";
    high = "Value of the highest colour", "最高色の値";
    threshold = "Threshold of defective pixels", "欠陥画素のしきい値";
    heading = "Regions", "領域";
    help = "Connected pixels above the threshold.", "しきい値を超える画素のつながりです。";
    no_threshold = "The threshold comes from the normal images; this model has none measured.",
        "しきい値は良品画像から求めますが、このモデルでは測定されていません。";
    none = "No pixel is above the threshold.", "しきい値を超える画素はありません。";
    /// Regions that count, filtered ones.
    count: fn(usize, usize) -> String =
        |count, filtered| match (count, filtered) {
            (1, 0) => "1 region".to_owned(),
            (_, 0) => format!("{count} regions"),
            (1, _) => format!("1 region, {filtered} filtered"),
            _ => format!("{count} regions, {filtered} filtered"),
        },
        |count, filtered| match filtered {
            0 => format!("領域{count}個"),
            _ => format!("領域{count}個、除外{filtered}個"),
        };
    min_area = "Smallest area", "最小面積";
    min_area_help = "Smaller regions are filtered: they are drawn dashed and do not count.",
        "これより小さい領域は除外し、破線で表示します。";
    show = "Outline the regions", "領域の輪郭を表示";
    columns: [&'static str; 4] = ["Area", "Length", "Peak", "Place"],
        ["面積", "長さ", "最大値", "位置"];
    sizes_help = "Area and largest extent in pixels of the file, or in millimetres where the scale is known;         the place in pixels of the network's input.",
        "面積と最大径は画像ファイルの画素数、縮尺が分かる場合はmmで示します。        位置はネットワーク入力の画素です。";
    scale = "Scale", "縮尺";
    scale_help = "Millimetres in a pixel of the file, for areas, lengths and the scale bar; 0: not known.         The next training keeps it in the model.",
        "ファイルの1画素あたりのmmです。面積・長さ・スケールバーに使います。0は不明を表します。        次の学習でモデルに保存されます。";
    scale_unknown = "not known", "不明";
    scale_needs_data = "Open a folder to say it of its images.", "フォルダを開くと設定できます。";
    /// Area, peak, x, y.
    region: fn(usize, &str, usize, usize) -> String =
        |area, peak, x, y| format!("{area} px, peak {peak} at {x}, {y}"),
        |area, peak, x, y| format!("面積{area}画素、最大値{peak}、位置{x}, {y}");
    more: fn(usize) -> String = |more| format!("and {more} more"), |more| format!("ほか{more}個");
    /// In the order of [`Finding::COLOURED`].
    findings: [&'static str; 3] = ["hit", "missed", "false alarm"], ["検出", "見逃し", "誤検出"];
    /// Precision, recall, intersection over union, in percent.
    figures: fn(f32, f32, f32) -> String =
        |precision, recall, overlap| {
            format!("precision {precision:.0} %, recall {recall:.0} %, IoU {overlap:.0} %")
        },
        |precision, recall, overlap| {
            format!("適合率{precision:.0} %、再現率{recall:.0} %、IoU {overlap:.0} %")
        };
    figures_help = "Pixels above the threshold against the ground truth of this image.",
        "しきい値を超えた画素と、この画像の正解マスクとの比較です。";
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
