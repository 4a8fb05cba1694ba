//! Saving what is seen.

use crate::ui::panels::numbers::count;
use crate::ui::saving::Export;
use crate::ui::saving::command_line::{LineNote, NoLine};
use crate::ui::saving::copies::Trouble;
use kizumi_image::shown::shown;
use kizumi_report::{TableFormat, words};

use super::{Text, plural};

words! {
    /// Saving what is seen.
    pub struct Saving;

    copy_picture = "Copy the picture", "画像をコピー";
    picture = "Save the picture (8-bit PNG)…", "画像を保存（8ビットPNG）…";
    values = "Save the values (float TIFF)…", "値を保存（浮動小数点TIFF）…";
    values_16 = "Save the values (16-bit PNG)…", "値を保存（16ビットPNG）…";
    strip = "Save the strip…", "並べた画像を保存…";
    gif = "Save the projection as GIF…", "投影の過程をGIFで保存…";
    apng = "Save the projection as animated PNG…", "投影の過程をアニメーションPNGで保存…";
    report = "Report on this image…", "この画像のレポート…";
    folder_report = "Report on the inspected images…", "検査した画像のレポート…";
    /// The path.
    saved: fn(&str) -> String = |path| format!("Saved {path}"),
        |path| format!("保存しました：{path}");
    nothing = "There is nothing to save yet.", "まだ保存するものがありません。";
    table_csv = "Table of the images shown (CSV)…", "表示中の画像の表（CSV）…";
    table_json = "Table of the images shown (JSON Lines)…", "表示中の画像の表（JSON Lines）…";
    /// Names of the columns of the list: the file, what became of it, its score.
    list_columns: [&'static str; 3] = ["path", "verdict", "score"], ["パス", "判定", "スコア"];
    command_line_title = "The command line", "コマンドライン";
    command_line_help = "Inspects the same images with the same model and settings, and writes tables and \
        pictures to the folder after --out. For a terminal, a script or another machine.",
        "同じ画像を同じモデルと設定で検査し、表と画像を --out のフォルダに書き出します。\
        ターミナルやスクリプト、別のマシンで使えます。";
    copy_line = "Copy", "コピー";
    /// Nothing was inspected; another model is open; the model has no file.
    no_lines: [&'static str; 3] = [
        "No images were inspected yet.",
        "The model that inspected these images is not open.",
        "The model has no file yet: save it first, so that the command line can read it.",
    ], [
        "まだ画像を検査していません。",
        "これらの画像を検査したモデルが開かれていません。",
        "モデルがまだ保存されていません。コマンドラインで使うには、先に保存してください。",
    ];
    whole_folders = "It inspects these folders whole, whatever else is in them.",
        "これらのフォルダのすべての画像が検査されます。";
    usual_decision = "It judges by the usual thresholds, not by those that are set here.",
        "判定には、ここで設定したしきい値ではなく標準のしきい値が使われます。";
    /// A path; folders' roles; step sizes; relative maps.
    unsaid: [&'static str; 4] = [
        "A path is no text: replace what stands for it.",
        "Folders that were said to show defects, or not to be used, cannot be named.",
        "That the step size is not to be halved cannot be said for this model.",
        "That maps are to be measured by normal images cannot be said for this model.",
    ], [
        "文字として表せないパスがあります。該当部分を書き換えてください。",
        "「欠陥品」「使用しない」と指定したフォルダは指定できません。",
        "このモデルでは、ステップ幅を半分にしない設定を指定できません。",
        "このモデルでは、良品を基準とするマップを指定できません。",
    ];
    copy_images = "Copy the images shown to a folder…", "表示中の画像をフォルダにコピー…";
    /// Images, those with overlays, the folder.
    images_copied: fn(usize, usize, &str) -> String =
        |images, overlays, folder| match (images, overlays) {
            (images, 0) => plural(images, "Copied 1 image to ", "Copied {} images to ") + folder,
            (1, _) => format!("Copied 1 image, with its overlay, to {folder}"),
            (images, overlays) if images == overlays =>
                format!("Copied {} images, each with its overlay, to {folder}", count(images as u64)),
            (images, overlays) => format!(
                "Copied {} images, {} of them with overlays, to {folder}",
                count(images as u64),
                count(overlays as u64)
            ),
        },
        |images, overlays, folder| match overlays {
            0 => format!("{}枚の画像をコピーしました：{folder}", count(images as u64)),
            overlays => format!(
                "{}枚の画像をコピーしました（重ね合わせ画像 {}枚）：{folder}",
                count(images as u64),
                count(overlays as u64)
            ),
        };
    /// How many were left.
    copying_stopped: fn(usize) -> String =
        |left| plural(left, "Stopped; 1 image was not copied.", "Stopped; {} images were not copied."),
        |left| format!("中止しました。{}枚はコピーしていません。", count(left as u64));
    /// The file, and why.
    not_copied: fn(&str, &str) -> String = |file, reason| format!("{file} was not copied: {reason}"),
        |file, reason| format!("{file} をコピーできませんでした：{reason}");
    no_overlay: fn(&str) -> String = |reason| format!("Copied without an overlay: {reason}"),
        |reason| format!("重ね合わせ画像なしでコピーしました：{reason}");
    changed_since: fn(&str) -> String =
        |file| format!("{file} has changed since it was inspected; it was copied without an overlay."),
        |file| format!("{file} は検査後に変更されています。重ね合わせ画像なしでコピーしました。");
    more_troubles: fn(usize) -> String = |number| format!("and {} more; the log names them.", count(number as u64)),
        |number| format!("ほか{}件（ログに記録）。", count(number as u64));
    list_copied: fn(usize) -> String =
        |number| plural(number, "The list of 1 image is on the clipboard.", "The list of {} images is on the clipboard."),
        |number| format!("{}枚の一覧をクリップボードにコピーしました。", count(number as u64));
    left_out: fn(usize) -> String =
        |number| plural(
            number,
            "1 image without scores is not in the table: it waits or could not be inspected.",
            "{} images without scores are not in the table: they wait or could not be inspected.",
        ),
        |number| format!(
            "スコアのない{}枚（未検査または検査できなかった画像）は表に含まれません。",
            count(number as u64)
        );
    copied = "The picture is on the clipboard.", "画像をクリップボードにコピーしました。";
}

impl Saving {
    /// What a person asks for.
    pub fn export(&self, export: Export) -> &'static str {
        match export {
            Export::Picture(_) => self.picture,
            Export::Values(_) => self.values,
            Export::Values16(_) => self.values_16,
            Export::Strip => self.strip,
            Export::Gif => self.gif,
            Export::Apng => self.apng,
            Export::Report => self.report,
            Export::FolderReport => self.folder_report,
            Export::Table(TableFormat::Csv) => self.table_csv,
            Export::Table(TableFormat::JsonLines) => self.table_json,
        }
    }

    /// Why there is no command line.
    pub fn no_line(&self, reason: NoLine) -> &'static str {
        self.no_lines[reason as usize]
    }

    /// In what a command line differs from what was done.
    pub fn line_note(&self, note: LineNote) -> &'static str {
        match note {
            LineNote::WholeFolders => self.whole_folders,
            LineNote::UsualDecision => self.usual_decision,
            LineNote::Unsaid(unsaid) => self.unsaid[unsaid as usize],
        }
    }

    /// Something that could not be done when images were copied, in a sentence.
    pub fn trouble(&self, text: &Text, trouble: &Trouble) -> String {
        match trouble {
            Trouble::NotCopied(file, reason) => (self.not_copied)(file, reason),
            Trouble::NoOverlay(reason) => (self.no_overlay)(&text.said(reason)),
            Trouble::Changed(file) => (self.changed_since)(&shown(file).to_string()),
        }
    }
}
