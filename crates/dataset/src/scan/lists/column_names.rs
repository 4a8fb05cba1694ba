//! Names of the columns of a list, reduced to small letters and digits; those that say more go first.

/// The image.
pub(super) const IMAGE: [&str; 23] = [
    "queryimage",
    "querycrop",
    "referenceimage",
    "referencecrop",
    "imagepath",
    "imgpath",
    "imagefile",
    "image",
    "img",
    "filepath",
    "filename",
    "file",
    "path",
    "imagename",
    "imageid",
    "name",
    "id",
    "画像パス",
    "画像",
    "画像名",
    "ファイル名",
    "ファイル",
    "图像",
];
/// Those of which one list has several, for pictures of the same parts: the tables of Kaputt have.
pub(super) const PICTURES: [&str; 4] =
    ["queryimage", "querycrop", "referenceimage", "referencecrop"];
/// The folder of the image.
pub(super) const FOLDER: [&str; 8] = [
    "folder",
    "foldername",
    "directory",
    "dir",
    "subfolder",
    "フォルダ",
    "フォルダー",
    "フォルダ名",
];
pub(super) const MASK: [&str; 10] = [
    "querymask",
    "maskpath",
    "maskfile",
    "maskname",
    "mask",
    "groundtruthpath",
    "groundtruth",
    "gtpath",
    "gt",
    "マスク",
];
pub(super) const SPLIT: [&str; 7] = [
    "split",
    "subset",
    "set",
    "phase",
    "partition",
    "usage",
    "分割",
];
/// 1 or true for a defect, or how many it has.
pub(super) const DEFECTIVE: [&str; 10] = [
    "labelindex",
    "isanomaly",
    "anomaly",
    "anomalous",
    "isdefective",
    "defective",
    "isdefect",
    "defects",
    "defectcount",
    "ng",
];
/// 1 or true for a normal image.
pub(super) const NORMAL: [&str; 16] = [
    "isnormal",
    "normal",
    "isgood",
    "good",
    "isok",
    "ok",
    "pass",
    "ispass",
    "passed",
    "accepted",
    "isaccepted",
    "nondefective",
    "defectfree",
    "conforming",
    "良品",
    "合格",
];
/// What is wrong: there "none" says that nothing is.
pub(super) const DEFECT: [&str; 10] = [
    "anomalyclass",
    "defecttypes",
    "defecttype",
    "defectclass",
    "defectname",
    "defect",
    "defects",
    "anomalytype",
    "不良名",
    "欠陥名",
];
/// The kind of a defect, or a word for normal.
pub(super) const LABEL: [&str; 8] = [
    "speciename",
    "labelname",
    "label",
    "labels",
    "判定",
    "ラベル",
    "種別",
    "良否",
];
/// The same, though it may be something else: what is shown, for one. Believed where it has a word for
/// normal or for defective.
pub(super) const PERHAPS_LABEL: [&str; 36] = [
    "class",
    "classid",
    "classname",
    "classes",
    "category",
    "kind",
    "type",
    "target",
    "result",
    "object",
    "status",
    "state",
    "quality",
    "judge",
    "judgement",
    "judgment",
    "verdict",
    "decision",
    "grade",
    "rank",
    "tag",
    "tags",
    "annotation",
    "annotations",
    "objects",
    "shapes",
    "regions",
    "boxes",
    "bboxes",
    "bbox",
    "polygons",
    "クラス",
    "結果",
    "検査結果",
    "状態",
    "等級",
];
/// Where defects are, in numbers: nobody outlines any on a normal image.
pub(super) const OUTLINE: [&str; 9] = [
    "encodedpixels",
    "rle",
    "maskrle",
    "xmin",
    "x1",
    "polygon",
    "segmentation",
    "points",
    "contour",
];
/// What has nothing to do with it.
const OTHER: [&str; 24] = [
    "camera", "cam", "lot", "batch", "line", "shift", "operator", "product", "part", "partno",
    "model", "date", "time", "day", "width", "height", "exposure", "gain", "light", "lighting",
    "view", "side", "angle", "machine",
];
/// Of the uncertain ones, those in which 0 is the first class, normal, and 1 the other one.
pub(super) const CLASS: [&str; 3] = ["class", "classid", "target"];

/// Whether a column with this name counts the rows of a list.
pub(super) fn counts_rows(reduced: &str) -> bool {
    const NAMES: [&str; 22] = [
        "no",
        "nr",
        "n",
        "num",
        "number",
        "index",
        "idx",
        "row",
        "count",
        "seq",
        "pos",
        "sno",
        "slno",
        "srno",
        "lfdnr",
        "行",
        "番号",
        "通し番号",
        "連番",
        "序号",
        "连番",
        "번호",
    ];
    NAMES.contains(&reduced)
}

/// Whether a column with this name may be one of a list.
pub(super) fn is_name(reduced: &str) -> bool {
    let all: [&[&str]; 10] = [
        &IMAGE,
        &FOLDER,
        &MASK,
        &SPLIT,
        &DEFECTIVE,
        &NORMAL,
        &DEFECT,
        &LABEL,
        &PERHAPS_LABEL,
        &OUTLINE,
    ];
    all.iter().any(|names| names.contains(&reduced))
}

/// Whether a column with this name says nothing of what images show.
pub(super) fn is_other(reduced: &str) -> bool {
    OTHER.contains(&reduced)
}

/// Whether a column with this name names images and nothing else: what has an `id` or a `name` may be anything.
pub(super) fn is_of_images_alone(reduced: &str) -> bool {
    is_image_name(reduced) && !["name", "id"].contains(&reduced)
}

/// Whether a column with this name names images.
pub(in crate::scan) fn is_image_name(reduced: &str) -> bool {
    IMAGE.contains(&reduced)
}
