//! Saving what is seen.

use crate::ui::saving::Export;
use kizumi_report::words;

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
        }
    }
}
