//! The list. A command is one entry: id, group, names, keys, what it needs, what it does. Names
//! stand here and not in `text/` for that reason; tests hold them to the same rules.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::data::sample::Set;
use crate::ui::action::{Action, Browse, Zoom};
use crate::ui::language::LanguageChoice;
use crate::ui::settings::ThemeChoice;
use crate::ui::state::Step;
use crate::ui::state::overlay::{Overlay, Search};
use crate::ui::state::timeline::Cursor;

use super::{Group, Need, UiCommand};

const fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

/// With the key that a system uses for commands: Ctrl, or ⌘ on macOS.
const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    let modifiers = Modifiers {
        shift: true,
        ..Modifiers::COMMAND
    };
    KeyboardShortcut::new(modifiers, key)
}

const fn command(
    id: &'static str,
    group: Group,
    names: [&'static str; 2],
    keys: &'static [KeyboardShortcut],
    needs: &'static [Need],
    action: Action,
) -> UiCommand {
    UiCommand {
        id,
        group,
        names,
        keys,
        needs,
        action,
    }
}

use Action as A;
use Group::{Appearance, File, Help, Image, Projection, Review, Steps, Training, View};
use Need as N;

const ITERATES: &[Need] = &[N::Inspecting, N::Iterates];

/// Every command, in the order of the menu.
#[rustfmt::skip]
pub static COMMANDS: &[UiCommand] = &[
    command("file.open-folder", File, ["Open a folder…", "フォルダを開く…"], &[ctrl(Key::O)], &[N::NoDialog], A::Browse(Browse::Dataset)),
    command("file.open-image", File, ["Open an image…", "画像を開く…"], &[ctrl_shift(Key::O)], &[N::NoDialog], A::Browse(Browse::Image)),
    command("file.open-model", File, ["Open a model…", "モデルを開く…"], &[ctrl(Key::M)], &[N::NoDialog], A::Browse(Browse::Model)),
    command("file.save-model", File, ["Save the model as…", "モデルを名前を付けて保存…"], &[ctrl(Key::S)], &[N::Model, N::NoDialog], A::Browse(Browse::SaveModel)),
    command("file.demo-washer", File, ["Sample data: washer", "サンプルデータ：ワッシャー"], &[], &[], A::OpenDemo(Set::Washer)),
    command("file.demo-fabric", File, ["Sample data: fabric", "サンプルデータ：布地"], &[], &[], A::OpenDemo(Set::Fabric)),
    command("file.quit", File, ["Quit", "終了"], &[ctrl(Key::Q)], &[], A::Quit),

    command("steps.data", Steps, ["Step 1: data", "ステップ1：データ"], &[ctrl(Key::Num1)], &[], A::GoTo(Step::Data)),
    command("steps.train", Steps, ["Step 2: train", "ステップ2：学習"], &[ctrl(Key::Num2)], &[], A::GoTo(Step::Train)),
    command("steps.inspect", Steps, ["Step 3: inspect", "ステップ3：検査"], &[ctrl(Key::Num3)], &[], A::GoTo(Step::Inspect)),
    command("steps.review", Steps, ["Step 4: review", "ステップ4：一覧判定"], &[ctrl(Key::Num4)], &[], A::GoTo(Step::Review)),

    command("training.start", Training, ["Start training", "学習を開始"], &[], &[N::Dataset, N::Idle], A::StartTraining),
    command("training.more", Training, ["Train more", "追加学習"], &[], &[N::Dataset, N::Model, N::Idle], A::ContinueTraining),
    command("training.pause", Training, ["Pause training", "学習を一時停止"], &[], &[N::Running], A::Pause),
    command("training.resume", Training, ["Resume training", "学習を再開"], &[], &[N::Paused], A::Resume),
    command("training.keep", Training, ["Stop and keep the model", "終了してモデルを保存"], &[], &[N::Training], A::Stop { keep: true }),
    command("training.discard", Training, ["Discard the training", "学習を破棄"], &[], &[N::Training], A::Stop { keep: false }),
    command("training.cancel", Training, ["Cancel what is computed", "実行中の処理を中止"], &[ctrl(Key::Period)], &[N::Job], A::CancelAll),

    command("image.next", Image, ["Next image", "次の画像"], &[key(Key::N), key(Key::PageDown), key(Key::ArrowDown)], &[N::Dataset, N::Browsing], A::SelectNeighbour(1)),
    command("image.previous", Image, ["Previous image", "前の画像"], &[key(Key::P), key(Key::PageUp), key(Key::ArrowUp)], &[N::Dataset, N::Browsing], A::SelectNeighbour(-1)),

    command("projection.play", Projection, ["Play or pause", "再生／一時停止"], &[key(Key::K)], ITERATES, A::TogglePlay),
    command("projection.back", Projection, ["One iteration back", "1回戻る"], &[key(Key::ArrowLeft)], ITERATES, A::StepCursor(-1)),
    command("projection.forward", Projection, ["One iteration on", "1回進む"], &[key(Key::ArrowRight)], ITERATES, A::StepCursor(1)),
    command("projection.back-ten", Projection, ["Ten iterations back", "10回戻る"], &[shift(Key::ArrowLeft)], ITERATES, A::StepCursor(-10)),
    command("projection.forward-ten", Projection, ["Ten iterations on", "10回進む"], &[shift(Key::ArrowRight)], ITERATES, A::StepCursor(10)),
    command("projection.first", Projection, ["First iterate", "最初の反復"], &[key(Key::Home)], ITERATES, A::SetCursor(Cursor::At(0))),
    command("projection.live", Projection, ["Newest iterate, live", "最新の反復（ライブ）"], &[key(Key::End)], ITERATES, A::SetCursor(Cursor::Follow)),
    command("projection.reset", Projection, ["Reset the projection's parameters", "投影のパラメータを既定値に戻す"], &[], &[], A::ResetProjection),

    command("review.inspect", Review, ["Inspect all images", "すべての画像を検査"], &[], &[N::Dataset, N::Model, N::Idle], A::InspectSet),
    command("review.pause", Review, ["Pause inspecting", "検査を一時停止"], &[], &[N::SetRunning], A::PauseSet),
    command("review.resume", Review, ["Resume inspecting", "検査を再開"], &[], &[N::SetPaused], A::ResumeSet),
    command("review.stop", Review, ["Stop inspecting", "検査を中止"], &[], &[N::Set], A::StopSet),
    command("review.measure", Review, ["Measure the normal images again", "良品を再測定"], &[], &[N::Dataset, N::Model, N::Idle], A::Recalibrate),
    command("review.heatmaps", Review, ["Heatmaps over the thumbnails", "一覧にヒートマップを重ねる"], &[], &[], A::ToggleSetHeatmaps),

    command("view.fit", View, ["Fit the whole picture", "画像全体を表示"], &[key(Key::F)], &[N::Inspecting, N::Image], A::FitView),
    command("view.mask", View, ["Outline the true defect", "正解の欠陥領域を表示"], &[key(Key::G)], &[N::Inspecting, N::Image], A::ToggleMask),
    command("view.log", View, ["Logarithmic axis of the curves", "グラフを対数軸で表示"], &[key(Key::L)], &[], A::ToggleLogCurves),
    command("view.controls", View, ["Controls on the left", "左の設定パネル"], &[ctrl(Key::B)], &[], A::ToggleControls),
    command("view.reset-layout", View, ["Reset layout", "レイアウトを初期化"], &[], &[], A::ResetLayout),

    command("appearance.language-system", Appearance, ["Language: as the desktop", "言語：システムに合わせる"], &[], &[], A::SetLanguage(LanguageChoice::System)),
    command("appearance.language-english", Appearance, ["Language: English", "言語：English"], &[], &[], A::SetLanguage(LanguageChoice::English)),
    command("appearance.language-japanese", Appearance, ["Language: 日本語", "言語：日本語"], &[], &[], A::SetLanguage(LanguageChoice::Japanese)),
    command("appearance.theme-system", Appearance, ["Theme: as the desktop", "テーマ：システムに合わせる"], &[], &[], A::SetTheme(ThemeChoice::System)),
    command("appearance.theme-light", Appearance, ["Theme: light", "テーマ：ライト"], &[], &[], A::SetTheme(ThemeChoice::Light)),
    command("appearance.theme-dark", Appearance, ["Theme: dark", "テーマ：ダーク"], &[], &[], A::SetTheme(ThemeChoice::Dark)),
    command("appearance.larger", Appearance, ["Larger", "拡大"], &[ctrl(Key::Plus), ctrl(Key::Equals)], &[], A::Zoom(Zoom::In)),
    command("appearance.smaller", Appearance, ["Smaller", "縮小"], &[ctrl(Key::Minus)], &[], A::Zoom(Zoom::Out)),
    command("appearance.usual-size", Appearance, ["Usual size", "標準の大きさ"], &[ctrl(Key::Num0)], &[], A::Zoom(Zoom::Reset)),
    command("appearance.fullscreen", Appearance, ["Full screen", "全画面表示"], &[key(Key::F11)], &[], A::ToggleFullscreen),

    command("help.palette", Help, ["Find a command…", "コマンドを検索…"], &[ctrl(Key::P)], &[], A::SetOverlay(Some(Overlay::Palette(Search::NEW)))),
    command("help.keys", Help, ["Keyboard shortcuts", "キーボードショートカット"], &[key(Key::Questionmark), key(Key::F1)], &[], A::SetOverlay(Some(Overlay::Keys))),
];
