//! The menu, the command palette and the list of keys. The commands' own names stand with the
//! commands, so that a command is one entry in one place.

use crate::ui::commands::{Group, Need};
use kizumi_report::words;

words! {
    /// The menu, the command palette and the list of keys.
    pub struct Commands;

    menu = "Menu", "メニュー";
    /// In the order of [`Group::ALL`].
    groups: [&'static str; 11] =
        [
            "File",
            "Steps",
            "Training",
            "Image",
            "Projection",
            "Layers",
            "Compare",
            "Review",
            "View",
            "Appearance",
            "Help",
        ],
        [
            "ファイル",
            "ステップ",
            "学習",
            "画像",
            "投影",
            "レイヤー",
            "比較",
            "一覧判定",
            "表示",
            "外観",
            "ヘルプ",
        ];
    palette_title = "Commands", "コマンド";
    palette_hint = "Type to find a command", "コマンドを検索";
    palette_empty = "No command has these letters.", "該当するコマンドがありません。";
    palette_help = "↑ ↓ choose · Enter runs · Esc closes", "↑ ↓ 選択・Enter 実行・Esc 閉じる";
    keys_title = "Keyboard shortcuts", "キーボードショートカット";
    keys_help = "Keys rest while a field is being typed into.",
        "入力欄に入力している間は、キー操作は無効です。";
    close = "Close", "閉じる";
    toggle_controls = "Show or hide the controls", "設定パネルの表示／非表示";
    needs_dataset = "Open a folder of images first.", "先に画像フォルダを開いてください。";
    needs_chosen = "Choose an image of the folder in step 1, 3 or 4.",
        "ステップ1・3・4でフォルダの画像を選んでください。";
    needs_anything = "Nothing is open.", "何も開いていません。";
    needs_model = "Train or open a model first.", "先に学習を行うか、モデルを開いてください。";
    needs_image = "Choose an image first.", "先に画像を選んでください。";
    needs_drawn_mask = "Nobody drew a mask of this image.", "この画像には描いたマスクがありません。";
    needs_shape = "No polygon is being drawn.", "多角形を描いていません。";
    needs_no_shape = "A polygon is being drawn.", "多角形を描いています。";
    needs_iterates = "Nothing has been projected yet.", "まだ投影していません。";
    needs_browsing = "Only in steps 1 and 3.", "ステップ1と3でのみ使えます。";
    needs_inspecting = "Only in step 3.", "ステップ3でのみ使えます。";
    needs_idle = "Training goes on.", "学習中は使えません。";
    needs_running = "No training runs.", "学習は動いていません。";
    needs_paused = "Training is not paused.", "学習は一時停止していません。";
    needs_training = "No training goes on.", "学習中ではありません。";
    needs_features = "The model remembers no features.", "モデルに特徴量がありません。";
    needs_network = "The model's network has learned nothing yet.", "モデルのネットワークはまだ学習していません。";
    needs_set_running = "No set of images is being inspected.", "一覧の検査は動いていません。";
    needs_set_paused = "Inspecting is not paused.", "一覧の検査は一時停止していません。";
    needs_set = "No set of images is being inspected.", "一覧の検査中ではありません。";
    needs_watchable = "In step 4, name a folder to watch; the model must be in a file.",
        "ステップ4で監視するフォルダを指定してください。モデルはファイルに保存されている必要があります。";
    needs_watching = "No folder is watched.", "フォルダを監視していません。";
    needs_no_copying = "Images are being copied.", "画像をコピーしています。";
    needs_results = "No images were inspected yet.", "まだ画像を検査していません。";
    needs_job = "Nothing is being computed.", "実行中の処理はありません。";
    needs_pins = "No pixel is pinned.", "固定した画素はありません。";
    needs_no_dialog = "A file dialog is open.", "ファイルダイアログが開いています。";
    needs_past = "There is nothing to undo.", "元に戻す操作はありません。";
    needs_future = "Nothing was undone.", "やり直す操作はありません。";
    needs_run = "The projection is still being computed.", "投影がまだ終わっていません。";
    needs_kept = "No run was kept as A.", "Aとして保持した結果がありません。";
    needs_kept_run = "No run of this model was kept as A.", "このモデルの結果はAとして保持していません。";
    needs_sheet = "The contact sheet is not open.", "一覧比較は開いていません。";
    needs_no_sheet = "The contact sheet is open.", "一覧比較が開いています。";
}

impl Commands {
    pub fn group(&self, group: Group) -> &'static str {
        self.groups[group as usize]
    }

    /// Why a command cannot be called, in a sentence.
    pub fn need(&self, need: Need) -> &'static str {
        match need {
            Need::Dataset => self.needs_dataset,
            Need::Chosen => self.needs_chosen,
            Need::Model => self.needs_model,
            Need::Open => self.needs_anything,
            Need::Image => self.needs_image,
            Need::DrawnMask => self.needs_drawn_mask,
            Need::Shape => self.needs_shape,
            Need::NoShape => self.needs_no_shape,
            Need::Features => self.needs_features,
            Need::Network => self.needs_network,
            Need::Iterates => self.needs_iterates,
            Need::Browsing => self.needs_browsing,
            Need::Inspecting => self.needs_inspecting,
            Need::Idle | Need::Inspectable => self.needs_idle,
            Need::Running => self.needs_running,
            Need::Paused => self.needs_paused,
            Need::Training => self.needs_training,
            Need::SetRunning => self.needs_set_running,
            Need::SetPaused => self.needs_set_paused,
            Need::Set => self.needs_set,
            Need::Watchable => self.needs_watchable,
            Need::Watching => self.needs_watching,
            Need::NoCopying => self.needs_no_copying,
            Need::Results => self.needs_results,
            Need::Job => self.needs_job,
            Need::Pins => self.needs_pins,
            Need::NoDialog => self.needs_no_dialog,
            Need::Past => self.needs_past,
            Need::Future => self.needs_future,
            Need::Run => self.needs_run,
            Need::Kept => self.needs_kept,
            Need::KeptRun => self.needs_kept_run,
            Need::Sheet => self.needs_sheet,
            Need::NoSheet => self.needs_no_sheet,
        }
    }
}
