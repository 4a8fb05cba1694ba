//! Projects.

use kizumi_report::words;

words! {
    /// Projects.
    pub struct Project;

    recent_heading = "Recent projects", "最近のプロジェクト";
    recent_help = "Data, model, thresholds and results, as they were left.",
        "データ・モデル・しきい値・結果を、閉じたときの状態で開きます。";
    open = "Open a project…", "プロジェクトを開く…";
    save_as = "Keep the project in a file…", "プロジェクトをファイルに保存…";
    find_folder = "Where are the project's images?", "プロジェクトの画像フォルダの場所";
    no_model = "no model yet", "モデルなし";
    /// The path of the data set's folder.
    moved: fn(&str) -> String =
        |folder| format!("The project's folder is not where it was: {folder}"),
        |folder| format!("プロジェクトのフォルダが元の場所にありません：{folder}");
    /// The path of the project.
    kept_in: fn(&str) -> String =
        |path| format!("The project is kept in {path} from now on."),
        |path| format!("プロジェクトは今後このファイルに保存されます：{path}");
    data_path: fn(&str) -> String = |path| format!("Images: {path}"), |path| format!("画像：{path}");
    model_path: fn(&str) -> String = |path| format!("Model: {path}"), |path| format!("モデル：{path}");
    file_path: fn(&str) -> String = |path| format!("Kept in: {path}"), |path| format!("保存先：{path}");
}
