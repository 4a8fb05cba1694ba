//! The menu, the command palette and the list of keys. The commands' own names stand with the
//! commands, so that a command is one entry in one place.

use crate::ui::commands::{Group, Need};

/// The menu, the command palette and the list of keys.
pub struct Commands {
    pub menu: &'static str,
    /// In the order of [`Group::ALL`].
    pub groups: [&'static str; 9],
    pub palette_title: &'static str,
    pub palette_hint: &'static str,
    pub palette_empty: &'static str,
    pub palette_help: &'static str,
    pub keys_title: &'static str,
    pub keys_help: &'static str,
    pub close: &'static str,
    pub toggle_controls: &'static str,
    pub needs_dataset: &'static str,
    pub needs_model: &'static str,
    pub needs_image: &'static str,
    pub needs_iterates: &'static str,
    pub needs_browsing: &'static str,
    pub needs_inspecting: &'static str,
    pub needs_idle: &'static str,
    pub needs_running: &'static str,
    pub needs_paused: &'static str,
    pub needs_training: &'static str,
    pub needs_set_running: &'static str,
    pub needs_set_paused: &'static str,
    pub needs_set: &'static str,
    pub needs_job: &'static str,
    pub needs_no_dialog: &'static str,
}

impl Commands {
    pub fn group(&self, group: Group) -> &'static str {
        self.groups[group as usize]
    }

    /// Why a command cannot be called, in a sentence.
    pub fn need(&self, need: Need) -> &'static str {
        match need {
            Need::Dataset => self.needs_dataset,
            Need::Model => self.needs_model,
            Need::Image => self.needs_image,
            Need::Iterates => self.needs_iterates,
            Need::Browsing => self.needs_browsing,
            Need::Inspecting => self.needs_inspecting,
            Need::Idle => self.needs_idle,
            Need::Running => self.needs_running,
            Need::Paused => self.needs_paused,
            Need::Training => self.needs_training,
            Need::SetRunning => self.needs_set_running,
            Need::SetPaused => self.needs_set_paused,
            Need::Set => self.needs_set,
            Need::Job => self.needs_job,
            Need::NoDialog => self.needs_no_dialog,
        }
    }
}

/// English.
pub static ENGLISH: Commands = Commands {
    menu: "Menu",
    groups: [
        "File",
        "Steps",
        "Training",
        "Image",
        "Projection",
        "Review",
        "View",
        "Appearance",
        "Help",
    ],
    palette_title: "Commands",
    palette_hint: "Type to find a command",
    palette_empty: "No command has these letters.",
    palette_help: "↑ ↓ choose · Enter runs · Esc closes",
    keys_title: "Keyboard shortcuts",
    keys_help: "Keys rest while a field is being typed into.",
    close: "Close",
    toggle_controls: "Show or hide the controls",
    needs_dataset: "Open a folder of images first.",
    needs_model: "Train or open a model first.",
    needs_image: "Choose an image first.",
    needs_iterates: "Nothing has been projected yet.",
    needs_browsing: "Only in steps 1 and 3.",
    needs_inspecting: "Only in step 3.",
    needs_idle: "Training goes on.",
    needs_running: "No training runs.",
    needs_paused: "Training is not paused.",
    needs_training: "No training goes on.",
    needs_set_running: "No set of images is being inspected.",
    needs_set_paused: "Inspecting is not paused.",
    needs_set: "No set of images is being inspected.",
    needs_job: "Nothing is being computed.",
    needs_no_dialog: "A file dialog is open.",
};

/// Japanese.
pub static JAPANESE: Commands = Commands {
    menu: "メニュー",
    groups: [
        "ファイル",
        "ステップ",
        "学習",
        "画像",
        "投影",
        "一覧判定",
        "表示",
        "外観",
        "ヘルプ",
    ],
    palette_title: "コマンド",
    palette_hint: "コマンドを検索",
    palette_empty: "該当するコマンドがありません。",
    palette_help: "↑ ↓ 選択・Enter 実行・Esc 閉じる",
    keys_title: "キーボードショートカット",
    keys_help: "入力欄に入力している間は、キー操作は無効です。",
    close: "閉じる",
    toggle_controls: "設定パネルの表示／非表示",
    needs_dataset: "先に画像フォルダを開いてください。",
    needs_model: "先に学習を行うか、モデルを開いてください。",
    needs_image: "先に画像を選んでください。",
    needs_iterates: "まだ投影していません。",
    needs_browsing: "ステップ1と3でのみ使えます。",
    needs_inspecting: "ステップ3でのみ使えます。",
    needs_idle: "学習中は使えません。",
    needs_running: "学習は動いていません。",
    needs_paused: "学習は一時停止していません。",
    needs_training: "学習中ではありません。",
    needs_set_running: "一覧の検査は動いていません。",
    needs_set_paused: "一覧の検査は一時停止していません。",
    needs_set: "一覧の検査中ではありません。",
    needs_job: "実行中の処理はありません。",
    needs_no_dialog: "ファイルダイアログが開いています。",
};
