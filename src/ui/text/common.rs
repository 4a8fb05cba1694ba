//! Words that are used in several places.

use crate::ui::settings::ThemeChoice;
use crate::ui::state::notice::Level;

/// Words that are used in several places.
pub struct Common {
    pub name: &'static str,
    pub reset: &'static str,
    pub dismiss: &'static str,
    pub continue_on_cpu: &'static str,
    pub log_axis: &'static str,
    pub no_file_dialog: &'static str,
    pub no_display: &'static str,
    pub more_notices: fn(usize) -> String,
    pub themes: [&'static str; 3],
    pub levels: [&'static str; 3],
    pub browse_titles: [&'static str; 4],
}

impl Common {
    pub fn theme(&self, theme: ThemeChoice) -> &'static str {
        let [system, light, dark] = self.themes;
        match theme {
            ThemeChoice::System => system,
            ThemeChoice::Light => light,
            ThemeChoice::Dark => dark,
        }
    }

    pub fn level(&self, level: Level) -> &'static str {
        let [info, warning, error] = self.levels;
        match level {
            Level::Info => info,
            Level::Warning => warning,
            Level::Error => error,
        }
    }
}

/// English.
pub static ENGLISH: Common = Common {
    name: "Kizumi",
    reset: "Reset",
    dismiss: "Dismiss",
    continue_on_cpu: "Continue on CPU",
    log_axis: "Log scale",
    no_file_dialog: "No file dialog is available on this system. Install zenity or \
        xdg-desktop-portal, or type the path into the field in step 1.",
    no_display: "no display is available for the window; without one, \
        `kizumi inspect --help` shows how to work from the command line",
    more_notices: |more| format!("{more} more"),
    themes: ["Theme: as the desktop", "Theme: light", "Theme: dark"],
    levels: ["Note", "Warning", "Error"],
    browse_titles: [
        "Open a folder of images",
        "Open a model",
        "Open an image",
        "Save the model",
    ],
};

/// Japanese.
pub static JAPANESE: Common = Common {
    name: "Kizumi",
    reset: "既定値に戻す",
    dismiss: "閉じる",
    continue_on_cpu: "CPUで続ける",
    log_axis: "対数軸",
    no_file_dialog: "このシステムではファイルダイアログを開けません。zenityまたは\
        xdg-desktop-portalをインストールするか、ステップ1の欄にパスを入力してください。",
    no_display: "ウィンドウを表示できるディスプレイがありません。コマンドラインでの使い方は\
        `kizumi inspect --help` を参照してください",
    more_notices: |more| format!("ほか{more}件"),
    themes: [
        "テーマ：システムに合わせる",
        "テーマ：ライト",
        "テーマ：ダーク",
    ],
    levels: ["お知らせ", "警告", "エラー"],
    browse_titles: [
        "画像フォルダを開く",
        "モデルを開く",
        "画像を開く",
        "モデルを保存",
    ],
};
