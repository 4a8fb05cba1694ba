//! A folder that is watched.

use kizumi_method::drift::{Drift, WINDOW};
use kizumi_report::words;

use super::plural;
use crate::drift_line::in_japanese;
use crate::ui::panels::numbers::count;
use crate::ui::state::watching::{End, Lack};

words! {
    /// A folder that is watched.
    pub struct Watching;

    heading = "Watch a folder", "フォルダの監視";
    help = "Inspects images as they come into the folder, writes a table of them, and copies those that are \
        rejected.",
        "フォルダに入った画像を順に検査し、結果の表と不合格画像のコピーを書き出します。";
    folder = "Folder", "フォルダ";
    folder_hint = "Folder that images come into", "画像が入るフォルダ";
    out = "Results", "結果";
    out_hint = "Folder for the results", "結果を書き出すフォルダ";
    out_help = "results.csv, results.jsonl, and the rejected images with their overlays in reject. Where there are \
        results of this folder already, it goes on.",
        "results.csvとresults.jsonlを書き出し、不合格の画像を重ね合わせとともにrejectにコピーします。\
         すでにこのフォルダの結果があれば、続きから再開します。";
    /// What a folder is for, and its path.
    path: fn(&str, &str) -> String = |what, path| format!("{what}: {path}"), |what, path| format!("{what}：{path}");
    choose_folder = "Choose a folder to watch…", "監視するフォルダを選ぶ…";
    choose_out = "Choose a folder for the results…", "結果のフォルダを選ぶ…";
    start = "Start watching", "監視を開始";
    start_help = "Goes on until it is stopped or the window closes; what comes while it is stopped is inspected at the next start.",
        "停止するか、ウィンドウを閉じるまで続きます。停止している間に入った画像は、次に開始したときに検査します。";
    stop = "Stop watching", "監視を停止";
    stop_help = "Ends what has been begun; the results stay.",
        "処理中の画像を終えてから停止します。結果は残ります。";
    stopping = "Ending what has been begun…", "処理中の画像を終えています…";
    /// A model; a file of it; a folder; one for results; one elsewhere.
    lacks: [&'static str; 5] = [
        "Train or open a model first.",
        "Save the model first: it is read from its file.",
        "Name the folder that images come into.",
        "Name a folder for the results.",
        "Results must not be inside of the folder that is watched.",
    ], [
        "先に学習を行うか、モデルを開いてください。",
        "先にモデルを保存してください。監視ではモデルのファイルを使います。",
        "画像が入るフォルダを指定してください。",
        "結果を書き出すフォルダを指定してください。",
        "結果のフォルダを、監視するフォルダの中に置くことはできません。",
    ];
    shares = "A training runs: both share the processor.", "学習中です。監視と学習が処理能力を分け合います。";
    no_text = "The folder's name is no text: it cannot be watched from here.",
        "フォルダ名を文字として表せないため、ここからは監視できません。";

    show_live = "Show what comes in", "監視画面を表示";
    show_review = "Back to the review", "一覧判定に戻る";
    show_results = "Show the results", "結果のフォルダを表示";
    /// A folder's name.
    watching: fn(&str) -> String = |folder| format!("Watching {folder}"), |folder| format!("{folder}を監視中");
    /// The same, after the end.
    watched: fn(&str) -> String =
        |folder| format!("{folder} is not watched any more"),
        |folder| format!("{folder}の監視は停止しています");
    /// A model's name.
    with_model: fn(&str) -> String = |model| format!("with {model}"), |model| format!("モデル：{model}");
    other_model = "Another model is open: stop and start again to watch with it.",
        "別のモデルが開かれています。そのモデルで監視するには、停止してから開始し直してください。";
    /// A folder's path.
    waiting: fn(&str) -> String =
        |folder| format!("Waiting for images in {folder}"),
        |folder| format!("{folder}に画像が入るのを待っています");
    nothing_came = "No image came.", "画像は入りませんでした。";
    last_hour = "Last hour", "直近1時間";
    since_start = "Since the start", "開始から";
    inspected = "Inspected", "検査";
    unusable = "Not usable", "使用不可";
    drift_higher: fn(usize) -> String =
        |scores| format!("The last {scores} scores are higher than those of the model's normal images: light, focus or \
            position may have changed, and good parts will be rejected soon."),
        |scores| in_japanese(Drift::Higher, scores);
    drift_lower: fn(usize) -> String =
        |scores| format!("The last {scores} scores are lower than those of the model's normal images: the pictures are \
            others than those that it knows, and defects may be missed."),
        |scores| in_japanese(Drift::Lower, scores);
    /// Lines that could not be read.
    malformed: fn(usize) -> String =
        |lines| plural(lines, "1 row could not be read.", "{} rows could not be read."),
        |lines| format!("読み取れない行が{}行ありました。", count(lines as u64));
    /// How it ended, and its last line.
    ended: fn(&str, &str) -> String =
        |status, line| match line.is_empty() {
            true => format!("It ended by itself ({status})."),
            false => format!("It ended by itself ({status}): {line}"),
        },
        |status, line| match line.is_empty() {
            true => format!("監視プログラムが終了しました（{status}）。"),
            false => format!("監視プログラムが終了しました（{status}）：{line}"),
        };
    not_started: fn(&str) -> String =
        |reason| format!("The program that watches cannot be started: {reason}"),
        |reason| format!("監視プログラムを起動できません：{reason}");
    stopped = "It was stopped.", "停止しました。";
    /// A folder's path, and how watching it ended.
    ended_notice: fn(&str, &str) -> String =
        |folder, end| format!("{folder} is not watched any more. {end}"),
        |folder, end| format!("{folder}の監視が停止しました。{end}");
    tile_unusable = "Not usable", "使用不可";
    /// Of an image without a picture.
    no_picture = "The file is gone, or another one by now.", "ファイルがないか、別の内容になっています。";
}

impl Watching {
    /// What is missing, in a sentence.
    pub fn lack(&self, lack: Lack) -> &'static str {
        self.lacks[lack as usize]
    }

    /// How a watcher ended, in a sentence.
    pub fn end(&self, end: &End) -> String {
        match end {
            End::Stopped => self.stopped.to_owned(),
            End::ByItself { status, line } => (self.ended)(status, line.as_deref().unwrap_or("")),
            End::NotStarted(reason) => (self.not_started)(reason),
        }
    }

    /// Where the scores have gone, in a sentence.
    pub fn drift(&self, drift: Drift) -> String {
        match drift {
            Drift::Higher => (self.drift_higher)(WINDOW),
            Drift::Lower => (self.drift_lower)(WINDOW),
        }
    }
}
