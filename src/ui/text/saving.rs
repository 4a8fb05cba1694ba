//! Saving what is seen.

use crate::ui::saving::Export;

/// Saving what is seen.
pub struct Saving {
    pub copy_picture: &'static str,
    pub picture: &'static str,
    pub values: &'static str,
    pub values_16: &'static str,
    pub strip: &'static str,
    pub gif: &'static str,
    pub apng: &'static str,
    pub report: &'static str,
    pub folder_report: &'static str,
    /// The path.
    pub saved: fn(&str) -> String,
    pub nothing: &'static str,
    pub copied: &'static str,
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
        }
    }
}

/// English.
pub static ENGLISH: Saving = Saving {
    copy_picture: "Copy the picture",
    picture: "Save the picture (8-bit PNG)…",
    values: "Save the values (float TIFF)…",
    values_16: "Save the values (16-bit PNG)…",
    strip: "Save the strip…",
    gif: "Save the projection as GIF…",
    apng: "Save the projection as animated PNG…",
    report: "Report on this image…",
    folder_report: "Report on the inspected images…",
    saved: |path| format!("Saved {path}"),
    nothing: "There is nothing to save yet.",
    copied: "The picture is on the clipboard.",
};

/// Japanese.
pub static JAPANESE: Saving = Saving {
    copy_picture: "画像をコピー",
    picture: "画像を保存（8ビットPNG）…",
    values: "値を保存（浮動小数点TIFF）…",
    values_16: "値を保存（16ビットPNG）…",
    strip: "並べた画像を保存…",
    gif: "投影の過程をGIFで保存…",
    apng: "投影の過程をアニメーションPNGで保存…",
    report: "この画像のレポート…",
    folder_report: "検査した画像のレポート…",
    saved: |path| format!("保存しました：{path}"),
    nothing: "まだ保存するものがありません。",
    copied: "画像をクリップボードにコピーしました。",
};
