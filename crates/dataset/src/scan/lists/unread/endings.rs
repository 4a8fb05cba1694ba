//! What the names of files say of what is in them.

/// Endings of texts.
pub(super) const TEXTS: [&str; 26] = [
    ".csv",
    ".tsv",
    ".txt",
    ".lst",
    ".list",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".yaml",
    ".yml",
    ".log",
    ".dat",
    ".ini",
    ".cfg",
    ".conf",
    ".toml",
    ".md",
    ".html",
    ".htm",
    ".sql",
    ".rtf",
    ".manifest",
    ".bak",
    ".out",
    "",
];

/// Endings of texts that people write sentences in.
pub(super) const SENTENCES: [&str; 6] = [".txt", ".md", ".rtf", ".html", ".htm", ""];

/// Endings of tables.
pub(super) const TABLES: [&str; 7] = [".csv", ".tsv", ".xlsx", ".xlsm", ".ods", ".xls", ".parquet"];

/// Endings of lists that count where nobody sees them, or above the folder.
pub(super) const LISTS: [&str; 12] = [
    ".csv", ".tsv", ".txt", ".lst", ".list", ".json", ".jsonl", ".xlsx", ".xlsm", ".ods", ".xls",
    ".parquet",
];

/// Endings of what holds tables and is not opened: whatever it is called, one may say what images show.
pub(super) const CLOSED: [&str; 42] = [
    ".xlsb",
    ".fods",
    ".numbers",
    ".gsheet",
    ".feather",
    ".arrow",
    ".avro",
    ".orc",
    ".pkl",
    ".pickle",
    ".mat",
    ".h5",
    ".hdf5",
    ".hdf",
    ".npy",
    ".npz",
    ".hdict",
    ".rds",
    ".rdata",
    ".db",
    ".db3",
    ".sqlite",
    ".sqlite3",
    ".mdb",
    ".accdb",
    ".lmdb",
    ".tfrecord",
    ".tfrecords",
    ".zip",
    ".tar",
    ".tgz",
    ".gz",
    ".bz2",
    ".xz",
    ".zst",
    ".7z",
    ".rar",
    // Projects of programs for annotation and inspection.
    ".vott",
    ".dltp",
    ".vrws",
    ".vsa",
    ".nvtproj",
];

/// Endings of documents whose names must do.
pub(super) const DOCUMENTS: [&str; 9] = [
    ".docx", ".doc", ".odt", ".pages", ".pdf", ".pptx", ".ppt", ".gdoc", ".one",
];

/// What the name of such a file has in it when it is about what images show.
pub(super) const ABOUT_IMAGES: [&str; 34] = [
    "label",
    "list",
    "class",
    "result",
    "judg",
    "inspect",
    "annot",
    "split",
    "truth",
    "image",
    "quality",
    "判定",
    "結果",
    "一覧",
    "リスト",
    "良否",
    "検査",
    "画像",
    "ラベル",
    "标签",
    "列表",
    "라벨",
    "report",
    "rapport",
    "informe",
    "relat",
    "bericht",
    "prüf",
    "pruef",
    "mängel",
    "成績",
    "レポート",
    "报告",
    "성적",
];

/// What texts are called that name images for other reasons; so is what `kizumi check --list` writes.
pub(super) const ABOUT_OTHER: [&str; 11] = [
    "readme",
    "license",
    "licence",
    "copying",
    "citation",
    "changelog",
    "checksum",
    "md5",
    "sha1",
    "sha256",
    "strange",
];

/// What programs keep for themselves beside files that are open, or in every folder.
pub(super) fn is_of_a_program(name: &str) -> bool {
    let name = name.to_lowercase();
    let starts = ["~$", ".~lock.", "._", ".ds_store", "thumbs.db", "ehthumbs"];
    starts.iter().any(|start| name.starts_with(start))
}

/// Folders of programs that nobody keeps a list in.
pub(super) const FOLDERS_OF_PROGRAMS: [&str; 10] = [
    ".git",
    ".svn",
    ".hg",
    ".idea",
    ".vscode",
    ".cache",
    ".thumbnails",
    ".ipynb_checkpoints",
    ".venv",
    "__macosx",
];
