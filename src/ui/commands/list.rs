//! The list. A command is one entry: id, group, names, keys, what it needs, what it does. Names
//! stand here and not in `text/` for that reason; tests hold them to the same rules.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::ui::action::{Action, Browse, Zoom};
use crate::ui::language::LanguageChoice;
use crate::ui::layers::Layer;
use crate::ui::saving::Export;
use crate::ui::settings::ThemeChoice;
use crate::ui::state::Step;
use crate::ui::state::lesson::Lesson;
use crate::ui::state::overlay::{Overlay, Search};
use crate::ui::state::painting::Tool;
use crate::ui::state::timeline::Cursor;
use crate::ui::text;
use crate::ui::viewing::Compare;
use kizumi_dataset::labels::Label;
use kizumi_dataset::labels::save_as::Transfer;
use kizumi_dataset::sample::Set;
use kizumi_report::TableFormat;

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

/// The names of a step, which are those of its tab.
const fn step(index: usize) -> [&'static str; 2] {
    let [english, japanese] = [&text::ENGLISH, &text::JAPANESE];
    [english.steps.titles[index], japanese.steps.titles[index]]
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
use Group::{
    Appearance, Compare as Compared, File, Help, Image, Layers, Projection, Review, Steps,
    Training, View,
};
use Need as N;

const PICTURES: &[Need] = &[N::Inspecting, N::Image];
const PROJECTED: &[Need] = &[N::Inspecting, N::Image, N::Network];
const FILMED: &[Need] = &[N::Inspecting, N::Image, N::Network, N::NoDialog];
const FEATURES: &[Need] = &[N::Inspecting, N::Image, N::Features];
const SAVING: &[Need] = &[N::Inspecting, N::Image, N::NoDialog];
const ITERATES: &[Need] = &[N::Inspecting, N::Network, N::Iterates];
const LABELLING: &[Need] = &[N::Chosen];

/// Every command, in the order of the menu.
#[rustfmt::skip]
pub static COMMANDS: &[UiCommand] = &[
    command("file.open-folder", File, ["Open a folder…", "フォルダを開く…"], &[ctrl(Key::O)], &[N::NoDialog], A::Browse(Browse::Dataset)),
    command("file.open-image", File, ["Open an image…", "画像を開く…"], &[ctrl_shift(Key::O)], &[N::NoDialog], A::Browse(Browse::Image)),
    command("file.open-model", File, ["Open a model…", "モデルを開く…"], &[ctrl(Key::M)], &[N::NoDialog], A::Browse(Browse::Model)),
    command("file.open-project", File, [text::ENGLISH.project.open, text::JAPANESE.project.open], &[], &[N::NoDialog, N::Idle], A::Browse(Browse::Project)),
    command("file.save-project", File, [text::ENGLISH.project.save_as, text::JAPANESE.project.save_as], &[ctrl_shift(Key::S)], &[N::Open, N::NoDialog], A::Browse(Browse::SaveProject)),
    command("file.save-model", File, ["Save the model as…", "モデルを名前を付けて保存…"], &[ctrl(Key::S)], &[N::Model, N::NoDialog], A::Browse(Browse::SaveModel)),
    command("file.save-picture", File, ["Save the large picture…", "大きな画像を保存…"], &[ctrl(Key::E)], SAVING, A::SaveLarge),
    command("file.copy-picture", File, ["Copy the large picture", "大きな画像をコピー"], &[ctrl_shift(Key::E)], PICTURES, A::CopyLarge),
    command("file.strip", File, ["Save the strip…", "並べた画像を保存…"], &[], SAVING, A::Export(Export::Strip)),
    command("file.gif", File, ["Save the projection as GIF…", "投影の過程をGIFで保存…"], &[], FILMED, A::Export(Export::Gif)),
    command("file.apng", File, ["Save the projection as animated PNG…", "投影の過程をアニメーションPNGで保存…"], &[], FILMED, A::Export(Export::Apng)),
    command("file.report", File, ["Report on this image…", "この画像のレポート…"], &[ctrl(Key::R)], SAVING, A::Export(Export::Report)),
    command("file.folder-report", File, ["Report on the inspected images…", "検査した画像のレポート…"], &[ctrl(Key::P), ctrl_shift(Key::R)], &[N::Results, N::NoDialog], A::Export(Export::FolderReport)),
    command("file.save-dataset", File, ["Save the labelled images as a data set…", "ラベル付き画像をデータセットとして保存…"], &[], &[N::Dataset, N::NoDialog], A::Browse(Browse::SaveDataset(Transfer::Copy))),
    command("file.sort", File, [text::ENGLISH.labels.sort, text::JAPANESE.labels.sort], &[], &[N::Dataset], A::ShowSorting(true)),
    command("file.demo-washer", File, ["Sample data: washer", "サンプルデータ：ワッシャー"], &[], &[], A::OpenDemo(Set::Washer)),
    command("file.demo-fabric", File, ["Sample data: fabric", "サンプルデータ：布地"], &[], &[], A::OpenDemo(Set::Fabric)),
    command("file.start-fresh", File, ["Start fresh: close data, model and images", "最初から始める：データ・モデル・画像を閉じる"], &[], &[N::Idle, N::Open], A::StartFresh),
    command("file.close-model", File, ["Close the model", "モデルを閉じる"], &[], &[N::Model, N::Idle], A::CloseModel),
    command("file.quit", File, ["Quit", "終了"], &[ctrl(Key::Q)], &[], A::Quit),

    command("steps.data", Steps, step(0), &[ctrl(Key::Num1)], &[], A::GoTo(Step::Data)),
    command("steps.train", Steps, step(1), &[ctrl(Key::Num2)], &[], A::GoTo(Step::Train)),
    command("steps.inspect", Steps, step(2), &[ctrl(Key::Num3)], &[], A::GoTo(Step::Inspect)),
    command("steps.review", Steps, step(3), &[ctrl(Key::Num4)], &[], A::GoTo(Step::Review)),

    command("training.check", Training, [text::ENGLISH.suspects.check, text::JAPANESE.suspects.check], &[], &[N::Dataset, N::Idle], A::FindSuspects),
    command("training.start", Training, ["Start training", "学習を開始"], &[], &[N::Dataset, N::Idle], A::StartTraining),
    command("training.more", Training, ["Train more", "追加学習"], &[], &[N::Dataset, N::Model, N::Idle], A::ContinueTraining),
    command("training.pause", Training, ["Pause training", "学習を一時停止"], &[], &[N::Running], A::Pause),
    command("training.resume", Training, ["Resume training", "学習を再開"], &[], &[N::Paused], A::Resume),
    command("training.keep", Training, ["Stop and keep the model", "終了してモデルを保存"], &[], &[N::Training], A::Stop { keep: true }),
    command("training.discard", Training, ["Discard the training…", "学習を破棄…"], &[], &[N::Training], A::AskToDiscardTraining(true)),
    command("training.cancel", Training, ["Stop what is computed", "実行中の処理を中止"], &[ctrl(Key::Period)], &[N::Job], A::CancelAll),

    command("image.next", Image, ["Next image", "次の画像"], &[key(Key::N), key(Key::PageDown), key(Key::ArrowDown)], &[N::Dataset, N::Browsing], A::SelectNeighbour(1)),
    command("image.previous", Image, ["Previous image", "前の画像"], &[key(Key::P), key(Key::PageUp), key(Key::ArrowUp)], &[N::Dataset, N::Browsing], A::SelectNeighbour(-1)),
    command("image.ok", Image, ["Label: OK", "ラベル：OK"], &[key(Key::J)], LABELLING, A::Label(Some(Label::Ok))),
    command("image.ng", Image, ["Label: NG", "ラベル：NG"], &[key(Key::Z)], LABELLING, A::Label(Some(Label::NG))),
    command("image.leave-out", Image, ["Label: left out of training", "ラベル：学習から除外"], &[key(Key::E)], LABELLING, A::Label(Some(Label::LeftOut))),
    command("image.no-label", Image, ["Remove the label", "ラベルを消す"], &[key(Key::Delete), key(Key::Backspace)], &[N::Chosen, N::NoShape], A::Label(None)),
    command("image.ng-1", Image, ["Label: NG, 1st kind", "ラベル：NG・種類1"], &[key(Key::F2)], LABELLING, A::LabelAs(0)),
    command("image.ng-2", Image, ["Label: NG, 2nd kind", "ラベル：NG・種類2"], &[key(Key::F3)], LABELLING, A::LabelAs(1)),
    command("image.ng-3", Image, ["Label: NG, 3rd kind", "ラベル：NG・種類3"], &[key(Key::F4)], LABELLING, A::LabelAs(2)),
    command("image.ng-4", Image, ["Label: NG, 4th kind", "ラベル：NG・種類4"], &[key(Key::F5)], LABELLING, A::LabelAs(3)),
    command("image.ng-5", Image, ["Label: NG, 5th kind", "ラベル：NG・種類5"], &[key(Key::F6)], LABELLING, A::LabelAs(4)),

    command("projection.play", Projection, ["Play or pause", "再生／一時停止"], &[key(Key::K)], ITERATES, A::TogglePlay),
    command("projection.back", Projection, ["One iteration back", "1回戻る"], &[key(Key::ArrowLeft)], ITERATES, A::StepCursor(-1)),
    command("projection.forward", Projection, ["One iteration on", "1回進む"], &[key(Key::ArrowRight)], ITERATES, A::StepCursor(1)),
    command("projection.back-ten", Projection, ["Ten iterations back", "10回戻る"], &[shift(Key::ArrowLeft)], ITERATES, A::StepCursor(-10)),
    command("projection.forward-ten", Projection, ["Ten iterations on", "10回進む"], &[shift(Key::ArrowRight)], ITERATES, A::StepCursor(10)),
    command("projection.first", Projection, ["First iterate", "最初の反復"], &[key(Key::Home)], ITERATES, A::SetCursor(Cursor::At(0))),
    command("projection.live", Projection, ["Newest iterate, live", "最新の反復（ライブ）"], &[key(Key::End)], ITERATES, A::SetCursor(Cursor::Follow)),
    command("projection.undo", Projection, ["Undo", "元に戻す"], &[ctrl(Key::Z)], &[N::Past], A::Undo),
    command("projection.redo", Projection, ["Redo", "やり直す"], &[ctrl_shift(Key::Z), ctrl(Key::Y)], &[N::Future], A::Redo),
    command("projection.halve", Projection, ["Halve the step size α", "ステップ幅αを半分にする"], &[], &[], A::HalveAlpha),
    command("projection.sheet", Projection, ["Contact sheet of α and λ…", "αとλの一覧比較…"], &[key(Key::C)], &[N::Inspecting, N::Image, N::Model, N::Network, N::NoSheet], A::OpenSheet),
    command("projection.close-sheet", Projection, ["Close the contact sheet", "一覧比較を閉じる"], &[], &[N::Inspecting, N::Sheet], A::CloseSheet),
    command("projection.tune", Projection, ["Choose the settings automatically…", "設定を自動調整…"], &[], &[N::Dataset, N::Model, N::Idle], A::OpenTuning),
    command("projection.copy", Projection, ["Copy the settings as text", "設定をテキストでコピー"], &[ctrl_shift(Key::C)], &[], A::CopySettings),
    command("projection.paste", Projection, ["Paste settings", "設定を貼り付け"], &[ctrl_shift(Key::V)], &[], A::AskForPaste),
    command("projection.reset", Projection, ["Reset the projection's parameters", "投影のパラメータを既定値に戻す"], &[], &[], A::ResetProjection),

    command("layers.original", Layers, ["Layer: original", "レイヤー：元画像"], &[key(Key::Num1)], PICTURES, A::ShowLayer(Layer::Original)),
    command("layers.reconstruction", Layers, ["Layer: plain reconstruction", "レイヤー：通常の再構成"], &[key(Key::Num2)], PROJECTED, A::ShowLayer(Layer::Reconstruction)),
    command("layers.iterate", Layers, ["Layer: projected", "レイヤー：投影画像"], &[key(Key::Num3)], PROJECTED, A::ShowLayer(Layer::Iterate)),
    command("layers.iterate-reconstruction", Layers, ["Layer: its reconstruction", "レイヤー：投影画像の再構成"], &[key(Key::Num4)], PROJECTED, A::ShowLayer(Layer::IterateReconstruction)),
    command("layers.residual", Layers, ["Layer: plain residual", "レイヤー：再構成の残差"], &[key(Key::R)], PROJECTED, A::ShowLayer(Layer::Residual)),
    command("layers.heatmap", Layers, ["Layer: heatmap", "レイヤー：ヒートマップ"], &[key(Key::Num5)], PICTURES, A::ShowLayer(Layer::Heatmap)),
    command("layers.difference", Layers, ["Layer: signed difference", "レイヤー：符号付き差分"], &[key(Key::Num6)], PROJECTED, A::ShowLayer(Layer::Difference)),
    command("layers.gate", Layers, ["Layer: gate", "レイヤー：ゲート"], &[key(Key::Num7)], PROJECTED, A::ShowLayer(Layer::Gate)),
    command("layers.distance", Layers, ["Layer: distance of features", "レイヤー：特徴量の距離"], &[key(Key::Q)], FEATURES, A::ShowLayer(Layer::Distance)),
    command("layers.gradient", Layers, ["Layer: gradient of E", "レイヤー：Eの勾配"], &[key(Key::Num8)], PROJECTED, A::ShowLayer(Layer::Gradient)),
    command("layers.truth", Layers, ["Layer: ground truth", "レイヤー：正解マスク"], &[key(Key::Num9)], PICTURES, A::ShowLayer(Layer::Truth)),
    command("layers.overlay", Layers, ["Layer: overlay", "レイヤー：重ね合わせ"], &[key(Key::Num0)], PICTURES, A::ShowLayer(Layer::Overlay)),

    command("compare.keep-a", Compared, ["Keep this run as A", "この結果をAとして保持"], &[key(Key::A)], &[N::Inspecting, N::Network, N::Run], A::KeepAsA),
    command("compare.flip", Compared, ["Flip between A and B", "AとBを切り替え"], &[key(Key::B)], &[N::Inspecting, N::Kept], A::FlipAb),
    command("compare.swap", Compared, ["Swap A and B", "AとBを入れ替え"], &[], &[N::Inspecting, N::KeptRun, N::Run], A::SwapAb),
    command("compare.adopt-a", Compared, ["Go back to A's parameters", "Aのパラメータに戻す"], &[], &[N::Inspecting, N::KeptRun], A::AdoptA),
    command("compare.drop-a", Compared, ["End the comparison with A", "Aとの比較を終了"], &[], &[N::Inspecting, N::Kept], A::DropA),
    command("compare.single", Compared, ["Single picture", "1枚だけ表示"], &[key(Key::S)], PICTURES, A::SetCompare(Compare::Single)),
    command("compare.swipe", Compared, ["Swipe: a divider between two pictures", "スワイプ：2枚を仕切り線で比較"], &[key(Key::W)], PICTURES, A::SetCompare(Compare::Swipe)),
    command("compare.onion", Compared, ["Onion skin: one picture shines through the other", "オニオンスキン：2枚を透かして比較"], &[key(Key::O)], PICTURES, A::SetCompare(Compare::Onion)),
    command("compare.flicker", Compared, ["Flicker: two pictures in turn", "フリッカー：2枚を交互に表示"], &[key(Key::T)], PICTURES, A::SetCompare(Compare::Flicker)),

    command("paint.look", Image, ["Pointer: look", "ポインター：閲覧"], &[key(Key::V)], PICTURES, A::SetTool(Tool::Look)),
    command("paint.truth", Image, ["Pointer: draw the true defect", "ポインター：正解の欠陥を描く"], &[shift(Key::D)], PICTURES, A::SetTool(Tool::Truth)),
    command("paint.defect", Image, ["Pointer: paint a defect", "ポインター：欠陥を描き込む"], &[key(Key::D)], PICTURES, A::SetTool(Tool::Paint)),
    command("paint.fill", Image, ["Pointer: make a hole to be filled", "ポインター：補完する穴を描く"], &[key(Key::U)], PICTURES, A::SetTool(Tool::Fill)),
    command("paint.ignore", Image, ["Pointer: mark regions to ignore", "ポインター：無視する領域を指定"], &[key(Key::I)], PICTURES, A::SetTool(Tool::Ignore)),
    command("paint.close-shape", Image, ["Close the polygon", "多角形を閉じる"], &[key(Key::Enter)], &[N::Inspecting, N::Shape], A::CloseShape),
    command("paint.drop-corner", Image, ["Take the last corner back", "最後の頂点を取り消す"], &[], &[N::Inspecting, N::Shape], A::DropCorner),
    command("paint.remove-mask", Image, [text::ENGLISH.painting.remove_mask, text::JAPANESE.painting.remove_mask], &[], &[N::Inspecting, N::DrawnMask], A::RemoveMask),

    command("view.arrangement", View, ["One large picture, or six", "大きな1枚／6枚を切替"], &[key(Key::G)], PICTURES, A::ToggleArrangement),
    command("view.photograph", View, ["The photograph at its own size", "撮影画像を原寸で表示"], &[key(Key::H)], PICTURES, A::TogglePhotograph),
    command("view.squares", View, ["Pixels as squares", "画素を四角で表示"], &[key(Key::X)], PICTURES, A::ToggleSampling),
    command("view.probe", View, ["Loupe and values below the pointer", "ルーペとポインター位置の値"], &[key(Key::L)], PICTURES, A::ToggleProbe),
    command("view.unpin", View, ["Unpin all pixels", "すべての固定を解除"], &[key(Key::Escape)], &[N::Inspecting, N::Pins, N::NoSheet, N::NoShape], A::ClearPins),
    command("review.inspect", Review, ["Inspect all images", "すべての画像を検査"], &[], &[N::Dataset, N::Model, N::Inspectable], A::InspectSet),
    command("review.pause", Review, ["Pause inspecting", "検査を一時停止"], &[], &[N::SetRunning], A::PauseSet),
    command("review.resume", Review, ["Resume inspecting", "検査を再開"], &[], &[N::SetPaused], A::ResumeSet),
    command("review.stop", Review, ["Stop inspecting", "検査を中止"], &[], &[N::Set], A::StopSet),
    command("review.measure", Review, ["Measure the normal images again", "良品を再測定"], &[], &[N::Dataset, N::Model, N::Idle], A::Recalibrate),
    command("review.table-csv", Review, [text::ENGLISH.saving.table_csv, text::JAPANESE.saving.table_csv], &[], &[N::Results, N::NoDialog], A::Export(Export::Table(TableFormat::Csv))),
    command("review.table-json", Review, [text::ENGLISH.saving.table_json, text::JAPANESE.saving.table_json], &[], &[N::Results, N::NoDialog], A::Export(Export::Table(TableFormat::JsonLines))),
    command("review.copy-images", Review, [text::ENGLISH.saving.copy_images, text::JAPANESE.saving.copy_images], &[], &[N::Results, N::NoCopying, N::NoDialog], A::Browse(Browse::CopyImages)),
    command("review.copy-list", Review, ["Copy the list of the images shown", "表示中の画像の一覧をコピー"], &[], &[N::Results], A::CopyList),
    command("review.command-line", Review, ["Show the command line…", "コマンドラインを表示…"], &[], &[N::Results], A::SetOverlay(Some(Overlay::CommandLine))),
    command("review.watch-folder", Review, [text::ENGLISH.watching.choose_folder, text::JAPANESE.watching.choose_folder], &[], &[N::NoDialog], A::Browse(Browse::WatchFolder)),
    command("review.watch", Review, [text::ENGLISH.watching.start, text::JAPANESE.watching.start], &[], &[N::Watchable], A::StartWatching),
    command("review.stop-watching", Review, [text::ENGLISH.watching.stop, text::JAPANESE.watching.stop], &[], &[N::Watching], A::StopWatching),
    command("review.heatmaps", Review, ["Heatmaps over the thumbnails", "一覧にヒートマップを重ねる"], &[], &[], A::ToggleSetHeatmaps),

    command("view.fit", View, ["Fit the whole picture", "画像全体を表示"], &[key(Key::F)], &[N::Inspecting, N::Image], A::FitView),
    command("view.mask", View, ["Outline the true defect", "正解の欠陥領域を表示"], &[key(Key::M)], &[N::Inspecting, N::Image], A::ToggleMask),
    command("view.log", View, ["Logarithmic axis of the curves", "グラフを対数軸で表示"], &[key(Key::Y)], &[N::Inspecting], A::ToggleLogCurves),
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

    command("help.lessons", Help, [text::ENGLISH.explain.how_it_works, text::JAPANESE.explain.how_it_works], &[], &[], A::ShowLesson(Some(Lesson::Autoencoder))),
    command("help.palette", Help, ["Find a command…", "コマンドを検索…"], &[ctrl_shift(Key::P)], &[], A::SetOverlay(Some(Overlay::Palette(Search::NEW)))),
    command("help.timing", Help, ["Frame times", "フレーム時間"], &[key(Key::F12)], &[], A::ToggleTiming),
    command("help.log", Help, ["Show log", "ログを表示"], &[], &[], A::ShowLog),
    command("help.state-folder", Help, ["Show the folder of logs and reports", "ログとレポートのフォルダを表示"], &[], &[], A::ShowStateFolder),
    command("help.keys", Help, ["Keyboard shortcuts", "キーボードショートカット"], &[key(Key::Questionmark), key(Key::F1)], &[], A::SetOverlay(Some(Overlay::Keys))),
];
