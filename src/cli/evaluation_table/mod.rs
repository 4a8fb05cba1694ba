//! An evaluation for people: plain against projected, and whether the projection helped.

use crate::cli::column::columns_of;
use crate::cli::output::worded;
use crate::cli::said::{language, said};
use crate::language::Language;
use kizumi_dataset::truth::MaskNote;
use kizumi_image::shown::escaped;
use kizumi_method::metrics::{
    BestF1, Evaluation, ImageCounts, KindEvaluation, MapEvaluation, MapKind,
};

/// A gain or loss below this is none.
const NOTEWORTHY: f64 = 0.001;

/// Longer names of kinds are cut, so that a line has 100 characters at most.
const NAME_WIDTH: usize = 30;

/// The columns: what of, heading, figure.
const COLUMNS: [(&str, Figure); 7] = [
    ("AUROC", |map| map.pixel_auroc),
    ("AUPRO", |map| map.aupro),
    ("AP", |map| map.pixel_average_precision),
    ("F1", |map| f1(map.pixel_best_f1)),
    ("AUROC", |map| map.image_auroc),
    ("AP", |map| map.image_average_precision),
    ("F1", |map| f1(map.image_best_f1)),
];

/// How many of them are of pixels; the others are of images.
const PIXEL_COLUMNS: usize = 4;

/// Columns of the names of maps.
const MAP_WIDTH: usize = 10;

/// The most masks that are named.
const MASKS_NAMED: usize = 10;

type Figure = fn(&MapEvaluation) -> Option<f64>;

fn f1(best: Option<BestF1>) -> Option<f64> {
    best.map(|best| best.f1)
}

/// The table and its verdict.
pub fn table(evaluation: &Evaluation, odd_masks: &[MaskNote]) -> String {
    let blocks: Vec<(String, &KindEvaluation)> = evaluation
        .rows()
        .map(|(name, kind)| (cut(&escaped(&kind_name(name))), kind))
        .collect();
    let names = blocks.iter().map(|(name, _)| columns(name));
    let width = names.max().unwrap_or(0);

    let images = &evaluation.images;
    let unreadable = match images.unreadable {
        0 => String::new(),
        unreadable => said!(
            "; not counted: {unreadable} that could not be read",
            "、読み込めない{unreadable}枚は含みません"
        ),
    };
    let ImageCounts {
        normal,
        defective,
        left_out_of_pixel_auroc: left_out,
        ..
    } = images;
    let (pixels, per_image) = (said!("pixels", "画素"), said!("images", "画像"));
    let mut lines = vec![
        said!(
            "{normal} normal and {defective} defective test images ({left_out} left out of pixel figures){unreadable}",
            "テスト画像：良品{normal}枚、不良品{defective}枚（画素の指標に含めない{left_out}枚）{unreadable}"
        ),
        // In the middle above their columns.
        format!(
            "{:width$}  {:MAP_WIDTH$}  {pixels:>pixels_width$}{per_image:>images_width$}",
            "",
            "",
            pixels_width = 18 - wide(&pixels),
            images_width = 26 - wide(&per_image)
        ),
        row(
            &said!("kind", "種類"),
            width,
            &said!("map", "マップ"),
            COLUMNS.map(|(name, _)| name.to_owned()),
        ),
    ];
    for (name, kind) in blocks {
        for (i, (map, figures)) in kind.maps().enumerate() {
            let name = if i == 0 { name.as_str() } else { "" };
            let cells = COLUMNS.map(|(_, figure)| {
                figure(figures).map_or("-".into(), |value| format!("{value:.4}"))
            });
            lines.push(row(name, width, &map_name(map), cells));
        }
    }
    lines.extend(verdict(evaluation));
    lines.extend(masks(odd_masks));
    lines.join("\n")
}

/// The masks that the pixel figures should not be believed without a look at.
fn masks(odd: &[MaskNote]) -> Vec<String> {
    let left_out = odd.iter().filter(|mask| mask.is_left_out()).count();
    let count = odd.len();
    let head = said!(
        "Masks to look at: {count} ({left_out} left out of pixel figures)",
        "確認が必要なマスク：{count}件（画素の指標に含めない{left_out}件）"
    );
    let each = odd.iter().take(MASKS_NAMED);
    let each = each.map(|note| format!("  {}", worded(note)));
    let more = count.saturating_sub(MASKS_NAMED);
    let more = (more > 0).then(|| {
        said!(
            "  and {more} more: --json names all",
            "  ほか{more}件（--jsonですべて表示）"
        )
    });
    let head = (!odd.is_empty()).then_some(head);
    head.into_iter().chain(each).chain(more).collect()
}

/// A line; it does not end in spaces.
fn row(name: &str, width: usize, map: &str, cells: [String; COLUMNS.len()]) -> String {
    let (width, map_width) = (width - wide(name), MAP_WIDTH - wide(map));
    let mut line = format!("{name:width$}  {map:map_width$}");
    for (i, cell) in cells.iter().enumerate() {
        let gap = if i == PIXEL_COLUMNS { "    " } else { "  " };
        line += &format!("{gap}{cell:>6}");
    }
    line
}

/// A kind's name, or that of all of them together.
fn kind_name(name: &str) -> String {
    match name {
        Evaluation::OVERALL => said!("{name}", "全体"),
        name => name.to_owned(),
    }
}

fn map_name(map: MapKind) -> String {
    let english = map.name();
    match map {
        MapKind::Plain => said!("{english}", "再構成"),
        MapKind::Projected => said!("{english}", "投影"),
        MapKind::MeanImage => said!("{english}", "平均画像"),
        MapKind::MemoryBank => said!("{english}", "特徴記憶"),
        MapKind::PlainBank => said!("{english}", "単純な特徴記憶"),
        MapKind::GaussianByPlace => said!("{english}", "位置別ガウス"),
    }
}

/// How many columns more than letters a text takes, where Japanese is spoken: kana and kanji take two.
fn wide(text: &str) -> usize {
    columns(text) - text.chars().count()
}

fn columns(text: &str) -> usize {
    match language() {
        Language::English => text.chars().count(),
        Language::Japanese => columns_of(text),
    }
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(NAME_WIDTH) {
        None => name.into(),
        Some(_) => name.chars().take(NAME_WIDTH - 1).chain(['…']).collect(),
    }
}

/// Why figures are missing, and what helps.
pub fn missing(images: &ImageCounts) -> Vec<String> {
    let mut lines = Vec::new();
    if images.normal == 0 {
        lines.push(
            said!(
                "AUROC needs normal test images (test/good); there are none. Normal images that were not trained \
                 on would do, in test/good or below a folder that --test names.",
                "AUROCには良品のテスト画像（test/good）が必要ですが、ありません。学習に使っていない良品画像を\
                 test/goodか、--testで指定するフォルダの下に置いてください。"
            ),
        );
    }
    if images.defective == 0 {
        lines.push(
            said!(
                "AUROC needs defect images (test/<kind>); there are none. Images in a folder such as NG, or below \
                 one that --test names, would do.",
                "AUROCには不良品の画像（test/<種類>）が必要ですが、ありません。NGなどのフォルダか、\
                 --testで指定するフォルダの下に置いてください。"
            ),
        );
    } else if images.left_out_of_pixel_auroc == images.defective {
        lines.push(
            said!(
                "Pixel figures need masks that fit their images; there are none. X_mask.png for X.png would do, in \
                 ground_truth/<kind> or in a folder that --masks names.",
                "画素の指標には画像に合うマスクが必要ですが、ありません。X.pngに対するX_mask.pngを\
                 ground_truth/<種類>か、--masksで指定するフォルダに置いてください。"
            ),
        );
    }
    lines
}

/// What the figures say, or what they need.
fn verdict(evaluation: &Evaluation) -> Vec<String> {
    let images = &evaluation.images;
    let mut lines = Vec::new();
    lines.extend(missing(images));
    let KindEvaluation {
        plain,
        projected,
        mean_image,
        ..
    } = &evaluation.overall;
    let figures: [(String, Figure); 3] = [
        (said!("pixel AUROC", "画素AUROC"), |map| map.pixel_auroc),
        ("AUPRO".into(), |map| map.aupro),
        (said!("image AUROC", "画像AUROC"), |map| map.image_auroc),
    ];
    for (what, figure) in &figures {
        if let (Some(plain), Some(projected)) = (figure(plain), figure(projected)) {
            lines.push(match projected - plain {
                gain if gain >= NOTEWORTHY => {
                    said!(
                        "The projection raises the {what} by {gain:.3}.",
                        "投影により{what}が{gain:.3}上がります。"
                    )
                }
                gain if gain <= -NOTEWORTHY => {
                    let loss = -gain;
                    said!(
                        "The projection hurts: it lowers the {what} by {loss:.3}.",
                        "投影は逆効果です：{what}が{loss:.3}下がります。"
                    )
                }
                _ => said!(
                    "The projection leaves the {what} as it is.",
                    "投影による{what}の変化はありません。"
                ),
            });
        }
    }
    lines.extend(evaluation.healing.map(|healing| {
        let seen = healing.within_seen.map_or(String::new(), |left| {
            let share = 100.0 * healing.seen;
            said!(
                " ({left:.2} where features see it, {share:.0} % of them)",
                "（特徴で見える{share:.0} %では{left:.2}）"
            )
        });
        let (within, untouched) = (healing.within, 100.0 * healing.untouched);
        said!(
            "Of a synthetic defect {within:.2} of the error is left{seen}, {untouched:.1} % of the other pixels stay \
             as they were (medians).",
            "合成欠陥の誤差は{within:.2}が残り{seen}、ほかの画素の{untouched:.1} %は元のままです（中央値）。"
        )
    }));
    // Where all images look alike, little is needed.
    let better = figures.iter().filter_map(|(what, figure)| {
        let ahead = figure(mean_image.as_ref()?)? - figure(projected)?;
        (ahead >= NOTEWORTHY).then(|| said!("by {ahead:.3} in {what}", "{what}で{ahead:.3}"))
    });
    let better: Vec<String> = better.collect();
    if !better.is_empty() {
        let better = better.join(&said!(", ", "、"));
        lines.push(said!(
            "The mean of the normal images, without any network, does better: {better}.",
            "ネットワークを使わない良品の平均画像の方が良い結果です：{better}。"
        ));
    }
    lines
}

#[cfg(test)]
mod tests;
