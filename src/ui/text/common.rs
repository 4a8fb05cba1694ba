//! Words that are used in several places.

use crate::ui::settings::ThemeChoice;
use crate::ui::state::notice::{Level, Remedy};
use kizumi_report::words;

words! {
    /// Words that are used in several places.
    pub struct Common;

    name = "Kizumi", "Kizumi";
    reset = "Reset", "既定値に戻す";
    dismiss = "Dismiss", "閉じる";
    continue_on_cpu = "Continue on CPU", "CPUで続ける";
    show = "Show", "表示";
    copy_path = "Copy path", "パスをコピー";
    not_shown: fn(&str) -> String = |path| format!("The desktop has no program to show {path}"),
        |path| format!("このシステムでは表示できません：{path}");
    no_log = "There is no log, because there is no home folder to keep it in.",
        "ホームフォルダがないため、ログはありません。";
    fault: fn(&str) -> String =
        |path| format!("The program made a mistake. A report of it is {path}"),
        |path| format!("プログラムの不具合が発生しました。レポート：{path}");
    ended_unexpectedly: fn(&str) -> String =
        |path| format!("Kizumi ended unexpectedly last time. A report of it is {path}"),
        |path| format!("前回、Kizumiは異常終了しました。レポート：{path}");
    not_restored =
        "Not everything that was open last time could be opened again. The rest is here.",
        "前回開いていたものの一部を開けませんでした。残りは復元しました。";
    review_not_restored = "The last review is not shown: its model has changed since.",
        "前回の判定結果は表示しません。その後モデルが変更されています。";
    log_axis = "Log scale", "対数軸";
    no_file_dialog = "The desktop offers no file dialog (zenity or xdg-desktop-portal would). Type or paste the path here.",
        "デスクトップのファイルダイアログを開けません（zenityまたはxdg-desktop-portalがありません）。\
        ここにパスを入力してください。";
    typed_path = "Path", "パス";
    replaces = "A file of this name is there already.", "同じ名前のファイルがすでにあります。";
    replace = "Replace", "置き換える";
    save = "Save", "保存";
    cancel = "Cancel", "キャンセル";
    show_in_folder = "Show in folder", "フォルダを表示";
    no_display = "no display is available for the window; without one, `kizumi inspect --help` \
        shows how to work from the command line",
        "ウィンドウを表示できるディスプレイがありません。コマンドラインでの使い方は`kizumi inspect \
        --help` を参照してください";
    more_notices: fn(usize) -> String = |more| format!("{more} more"),
        |more| format!("ほか{more}件");
    themes: [&'static str; 3] = ["Theme: as the desktop", "Theme: light", "Theme: dark"],
        ["テーマ：システムに合わせる", "テーマ：ライト", "テーマ：ダーク"];
    levels: [&'static str; 3] = ["Note", "Warning", "Error"], ["お知らせ", "警告", "エラー"];
    find_folder = "Find the folder…", "フォルダを探す…";
    browse_titles: [&'static str; 4] =
        ["Open a folder of images", "Open a model", "Open an image", "Save the model"],
        ["画像フォルダを開く", "モデルを開く", "画像を開く", "モデルを保存"];
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

    pub fn remedy(&self, remedy: &Remedy) -> &'static str {
        match remedy {
            Remedy::ContinueOnCpu => self.continue_on_cpu,
            Remedy::Show(_) => self.show,
            Remedy::CopyPath(_) => self.copy_path,
            Remedy::FindFolder(_) => self.find_folder,
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
