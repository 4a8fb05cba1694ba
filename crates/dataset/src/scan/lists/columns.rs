//! What the columns of a list say of an image.

use std::collections::BTreeSet;

use super::table::Table;
use crate::catalog::Kind;
use crate::scan::names::{Word, word};
use crate::scan::role::Role;

/// Which part of a data set an image belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scan) enum Part {
    Train,
    Validation,
    Test,
}

impl Part {
    /// By the name that a folder of it might have.
    pub fn of(name: &str) -> Option<Self> {
        match Role::of(name) {
            Role::Train => Some(Self::Train),
            Role::Validation => Some(Self::Validation),
            Role::Test | Role::Private => Some(Self::Test),
            _ => None,
        }
    }
}

/// Names of the columns as [`Table`] reduces them; those that say more go first.
const IMAGE: [&str; 19] = [
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
/// The folder of the image.
const FOLDER: [&str; 8] = [
    "folder",
    "foldername",
    "directory",
    "dir",
    "subfolder",
    "フォルダ",
    "フォルダー",
    "フォルダ名",
];
const MASK: [&str; 9] = [
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
const SPLIT: [&str; 7] = [
    "split",
    "subset",
    "set",
    "phase",
    "partition",
    "usage",
    "分割",
];
/// 1 or true for a defect, or how many it has.
const DEFECTIVE: [&str; 10] = [
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
const NORMAL: [&str; 10] = [
    "isnormal", "normal", "isgood", "good", "isok", "ok", "pass", "ispass", "passed", "良品",
];
/// What is wrong: there "none" says that nothing is.
const DEFECT: [&str; 9] = [
    "anomalyclass",
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
const LABEL: [&str; 8] = [
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
const PERHAPS_LABEL: [&str; 36] = [
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
/// Of those, in which 0 is the first class, normal, and 1 the other one.
const CLASS: [&str; 3] = ["class", "classid", "target"];

/// More different cells than this are no labels.
const MAX_LABELS: usize = 24;

/// Whether a column with this name may be one of a list.
pub(super) fn is_name(reduced: &str) -> bool {
    let all: [&[&str]; 9] = [
        &IMAGE,
        &FOLDER,
        &MASK,
        &SPLIT,
        &DEFECTIVE,
        &NORMAL,
        &DEFECT,
        &LABEL,
        &PERHAPS_LABEL,
    ];
    all.iter().any(|names| names.contains(&reduced))
}

/// Whether a column with this name names images.
pub(super) fn is_image_name(reduced: &str) -> bool {
    IMAGE.contains(&reduced)
}

/// The columns that may name the images: those that are called so first.
pub(super) fn of_images(table: &Table) -> Vec<usize> {
    let named = IMAGE.iter().filter_map(|name| table.column(name));
    let mut columns: Vec<usize> = named.collect();
    for (at, name) in table.columns.iter().enumerate() {
        if !is_name(name) {
            columns.push(at);
        }
    }
    columns
}

/// The column that names the folders of the images.
pub(super) fn of_folders(table: &Table) -> Option<usize> {
    FOLDER.iter().find_map(|name| table.column(name))
}

/// Where a list says what.
#[derive(Debug)]
pub(super) struct Columns {
    mask: Option<usize>,
    split: Option<usize>,
    defective: Option<usize>,
    normal: Option<usize>,
    /// Those that say most first.
    labels: Vec<Label>,
}

/// A column with a word for what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Label {
    column: usize,
    /// Whether "none" says that nothing is wrong.
    is_of_defects: bool,
    /// Whether 0 is normal and every other number is not.
    has_numbers: bool,
    /// Whether a word that is not known is the name of a defect.
    is_sure: bool,
}

/// What a list says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scan) enum Told {
    Known(Kind),
    /// It says what images show, and leaves this one open.
    Open,
    /// It names masks, and none of this one.
    Unmasked,
    /// It says nothing of what images show.
    Unsaid,
    /// Two of its cells contradict each other.
    Contradiction,
}

impl Columns {
    /// `None` for tables of results of this program, and where something that may be a label cannot be read:
    /// then it is not known which images of the list are normal. `taken` are the columns that name the images.
    pub fn of(table: &Table, taken: &[usize]) -> Option<Self> {
        let free = |column: &usize| !taken.contains(column);
        let first = |names: &[&str]| {
            let mut columns = names.iter().filter_map(|name| table.column(name));
            columns.find(free)
        };
        let with = |names: &[&str], says: &dyn Fn(&str) -> bool| {
            let columns = names
                .iter()
                .filter_map(|name| table.column(name))
                .filter(free);
            let mut columns = columns.filter(|column| table.cells(*column).any(says));
            columns.next()
        };
        let is_part = |cell: &str| Part::of(cell).is_some();
        let all_parts = |column: &usize| {
            let mut cells = table
                .cells(*column)
                .filter(|cell| !cell.is_empty())
                .peekable();
            cells.peek().is_some() && cells.all(is_part)
        };
        let unnamed = |column: &usize| free(column) && !is_name(&table.columns[*column]);
        let all = 0..table.columns.len();
        let mut columns = Self {
            mask: first(&MASK),
            split: with(&SPLIT, &is_part).or_else(|| all.clone().filter(unnamed).find(all_parts)),
            defective: with(&DEFECTIVE, &|cell| truth(cell).is_some()),
            normal: with(&NORMAL, &|cell| truth(cell).is_some()),
            labels: Vec::new(),
        };
        let is_flag = |column: &usize| {
            [columns.defective, columns.normal, columns.split].contains(&Some(*column))
        };
        let label = |column: usize| Label::of(table, column);
        let named = [&DEFECT[..], &LABEL, &PERHAPS_LABEL, &DEFECTIVE, &NORMAL];
        let named = named.into_iter().flatten();
        let named = named.filter_map(|name| table.column(name)).filter(free);
        let mut labels: Vec<usize> = Vec::new();
        for column in named.chain(all.filter(unnamed)) {
            if !is_flag(&column) && !labels.contains(&column) {
                labels.push(column);
            }
        }
        columns.labels = labels.into_iter().filter_map(label).collect();
        // Beside a label the name of a part is no name of a defect.
        for label in columns.labels.iter_mut().skip(1) {
            label.is_sure = false;
        }
        let is_result = table.column("plainscore").is_some();
        let tells = columns.says_kinds() || columns.mask.is_some();
        let is_unreadable = !tells && columns.has_other_label(table);
        (!is_result && !is_unreadable).then_some(columns)
    }

    /// Whether it says what images show in words or numbers.
    pub fn says_kinds(&self) -> bool {
        self.defective.is_some() || self.normal.is_some() || !self.labels.is_empty()
    }

    /// Whether it says anything of images.
    pub fn says(&self) -> bool {
        self.says_kinds() || self.mask.is_some() || self.has_split()
    }

    pub fn has_split(&self) -> bool {
        self.split.is_some()
    }

    /// Whether something that is called as labels are tells apart images that would be trained on.
    fn has_other_label(&self, table: &Table) -> bool {
        let trained = table.rows.iter();
        let trained =
            trained.filter(|row| !self.has_split() || self.part(row) == Some(Part::Train));
        let trained: Vec<&Vec<String>> = trained.collect();
        let names = LABEL.iter().chain(&PERHAPS_LABEL);
        let mut columns = names.filter_map(|name| table.column(name));
        columns.any(|column| {
            let cells: BTreeSet<&str> = trained.iter().map(|row| row[column].as_str()).collect();
            cells.len() > 1
        })
    }

    pub fn part(&self, row: &[String]) -> Option<Part> {
        Part::of(&row[self.split?])
    }

    /// The cell of the mask; `None` where there is none.
    pub fn mask<'r>(&self, row: &'r [String]) -> Option<&'r str> {
        let cell = row[self.mask?].as_str();
        (!says_nothing(cell) && !["0", "[]"].contains(&cell)).then_some(cell)
    }

    pub fn kind(&self, row: &[String]) -> Told {
        let cell = |column: Option<usize>| column.map(|column| row[column].as_str());
        let defective = cell(self.defective).and_then(truth);
        let normal = cell(self.normal).and_then(truth);
        let is_bad = defective.or(normal.map(|normal| !normal));
        let labels = self.labels.iter();
        let mut labels = labels.filter_map(|label| label.shows(&row[label.column]));
        let label = labels.next();
        let mut is_contradicted = || labels.any(|other| other != Kind::Normal);
        let defect = || Told::Known(Kind::Defect("defect".to_owned()));
        match (is_bad, label) {
            (Some(true), Some(Kind::Normal)) => Told::Contradiction,
            (Some(false), Some(other)) if other != Kind::Normal => Told::Contradiction,
            (_, Some(Kind::Normal)) if is_contradicted() => Told::Contradiction,
            (_, Some(label)) => Told::Known(label),
            (Some(false), None) => Told::Known(Kind::Normal),
            (Some(true), None) => defect(),
            // Nobody paints a mask on a normal image.
            (None, None) if self.mask(row).is_some() => defect(),
            (None, None) if self.says_kinds() => Told::Open,
            (None, None) if self.mask.is_some() => Told::Unmasked,
            (None, None) => Told::Unsaid,
        }
    }
}

impl Label {
    /// A column as one of labels; `None` for one that is not.
    fn of(table: &Table, column: usize) -> Option<Self> {
        let name = table.columns[column].as_str();
        let is = |names: &[&str]| names.contains(&name);
        let label = Self {
            column,
            is_of_defects: is(&DEFECT),
            has_numbers: true,
            is_sure: true,
        };
        if is(&DEFECT) || is(&LABEL) {
            return Some(label);
        }
        let cells: BTreeSet<&str> = table
            .cells(column)
            .filter(|cell| !cell.is_empty())
            .collect();
        if cells.len() > MAX_LABELS {
            return None;
        }
        if is(&CLASS) && cells.iter().eq(["0", "1"].iter()) {
            return Some(label);
        }
        let is_perhaps = is(&PERHAPS_LABEL);
        let is_known = |cell: &&str| match said(cell) {
            Some(Word::Normal | Word::Defective) => true,
            // Such words are names of parts, too.
            Some(Word::Defect) => is_perhaps,
            Some(Word::Unlabelled) | None => false,
        };
        cells.iter().any(is_known).then_some(Self {
            has_numbers: false,
            is_sure: is_perhaps,
            ..label
        })
    }

    /// `None` where a cell says nothing.
    fn shows(&self, cell: &str) -> Option<Kind> {
        if self.is_of_defects
            && ["none", "-", "なし", "無し", "ナシ"].contains(&cell.to_lowercase().as_str())
        {
            return Some(Kind::Normal);
        }
        if says_nothing(cell) {
            return None;
        }
        let name = match truth(cell) {
            Some(_) if !self.has_numbers => return None,
            Some(false) => return Some(Kind::Normal),
            Some(true) => match cell.parse::<u32>() {
                // One of several classes.
                Ok(class) if class > 1 => format!("defect {class}"),
                _ => "defect".to_owned(),
            },
            None => match said(cell) {
                Some(Word::Normal) => return Some(Kind::Normal),
                None if !self.is_sure => return None,
                _ => cell.to_owned(),
            },
        };
        Some(Kind::Defect(name))
    }
}

/// What a cell says, in a word or with a sign.
fn said(cell: &str) -> Option<Word> {
    match cell {
        "○" | "◯" | "〇" | "◎" | "✓" | "✔" | "[]" => Some(Word::Normal),
        "×" | "✕" | "✖" | "✗" | "✘" | "☓" | "╳" => Some(Word::Defective),
        "△" | "▲" => Some(Word::Unlabelled),
        cell => word(cell),
    }
}

/// Whether a cell is left open.
fn says_nothing(cell: &str) -> bool {
    let empty = [
        "", "none", "null", "nan", "-", "n/a", "na", "?", "なし", "無し",
    ];
    let cell = cell.trim().to_lowercase();
    empty.contains(&cell.as_str()) || said(&cell) == Some(Word::Unlabelled)
}

/// A number or a word for true or false; every number but 0 is true.
fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        cell => {
            let number = cell.parse::<f64>().ok();
            number
                .filter(|number| number.is_finite())
                .map(|number| number != 0.0)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn columns(table: &Table) -> Option<Columns> {
        Columns::of(table, &of_images(table)[..1])
    }

    fn told(csv: &str) -> Vec<Told> {
        let table = Table::from_csv(csv, &|_| false).unwrap();
        let columns = columns(&table).unwrap();
        table.rows.iter().map(|row| columns.kind(row)).collect()
    }

    fn defect(name: &str) -> Told {
        Told::Known(Kind::Defect(name.into()))
    }

    const NORMAL: Told = Told::Known(Kind::Normal);

    #[test]
    fn words_and_numbers_say_what_an_image_shows() {
        let words = "image,label\na.png,Normal\nb.png,bent\nc.png,\n";
        assert_eq!(told(words), [NORMAL, defect("bent"), Told::Open]);
        let numbers = "image_path,label_index\na.png,0\nb.png,1\nc.png,\n";
        assert_eq!(told(numbers), [NORMAL, defect("defect"), Told::Open]);
        let both = "path,anomaly,specie_name\na.png,0,good\nb.png,1,bent\nc.png,0,bent\n";
        assert_eq!(told(both), [NORMAL, defect("bent"), Told::Contradiction]);
        let open =
            "image,label\na.png,none\nb.png,なし\nc.png,n/a\nd.png,unknown\ne.png,nan\nf.png,△\n";
        assert_eq!(told(open), [const { Told::Open }; 6]);
        let inverse = "file,ok\na.png,1\nb.png,0\nc.png,true\n";
        assert_eq!(told(inverse), [NORMAL, defect("defect"), NORMAL]);
        let flags = "file,pass\na.png,OK\nb.png,NG\nc.png,perhaps\n";
        assert_eq!(told(flags), [NORMAL, defect("NG"), Told::Open]);
        let signs = "画像,判定\na.png,○\nb.png,×\n";
        assert_eq!(told(signs), [NORMAL, defect("×")]);
        let lists = "image,labels\na.png,[]\nb.png,\"dent, crack\"\n";
        assert_eq!(told(lists), [NORMAL, defect("dent, crack")]);
    }

    #[test]
    fn none_is_no_defect_where_defects_are_named() {
        for none in ["none", "なし", "-"] {
            for name in ["defect", "不良名"] {
                let csv = format!("file,{name}\na.png,{none}\nb.png,bent\nc.png,\nd.png,nan\n");
                let expected = [NORMAL, defect("bent"), Told::Open, Told::Open];
                assert_eq!(told(&csv), expected, "{csv}");
            }
        }
        let counts = "file,defects\na.png,0\nb.png,2\n";
        assert_eq!(told(counts), [NORMAL, defect("defect")]);
    }

    #[test]
    fn numbers_of_classes_are_kinds() {
        let classes = "image,label\na.png,0\nb.png,1\nc.png,2\n";
        assert_eq!(
            told(classes),
            [NORMAL, defect("defect"), defect("defect 2")]
        );
        let class = "image,split,class\na.png,train,0\nb.png,train,1\n";
        assert_eq!(told(class), [NORMAL, defect("defect")]);
    }

    #[test]
    fn a_column_of_any_name_that_says_good_or_bad_is_one_of_labels() {
        for name in ["status", "result", "judge", "OK/NG", "line 3", ""] {
            let csv =
                format!("image,split,{name}\na.png,train,OK\nb.png,train,NG\nc.png,train,later\n");
            let found = told(&csv);
            assert_eq!(found[..2], [NORMAL, defect("NG")], "{csv}");
            assert_ne!(found[2], NORMAL, "{csv}");
        }
        let kinds = "image,label,種別\na.png,OK,bolt\nb.png,NG,nut\n";
        assert_eq!(told(kinds), [NORMAL, defect("NG")]);
        let two = "image,label,checked\na.png,OK,NG\nb.png,OK,OK\nc.png,NG,OK\n";
        assert_eq!(told(two), [Told::Contradiction, NORMAL, defect("NG")]);
    }

    #[test]
    fn a_label_that_cannot_be_read_makes_no_list() {
        let is_list = |csv: &str| columns(&Table::from_csv(csv, &|_| false).unwrap()).is_some();
        for name in ["status", "class", "grade", "lighting"] {
            let csv = format!("image,split,{name}\na.png,train,p\nb.png,train,q\n");
            assert_eq!(is_list(&csv), name == "lighting", "{csv}");
        }
        assert!(!is_list(
            "image,split,status\na.png,train,0\nb.png,train,1\n"
        ));
        assert!(is_list("image,split,class\na.png,train,p\nb.png,test,q\n"));
    }

    #[test]
    fn the_name_of_a_product_is_no_label() {
        let visa = "object,split,label,image,mask\ncandle,train,normal,a.JPG,\ncandle,test,anomaly,b.JPG,b.png\n";
        assert_eq!(told(visa), [NORMAL, defect("anomaly")]);
        let product = "class,split,image\ncandle,train,a.JPG\ncandle,test,b.JPG\n";
        assert_eq!(told(product), [const { Told::Unsaid }; 2]);
        let classes = "class,image\nOK,a.JPG\nbent,b.JPG\n";
        assert_eq!(told(classes), [NORMAL, defect("bent")]);
    }

    #[test]
    fn without_a_label_the_mask_tells() {
        let masks = "image,mask\na.png,\nb.png,b_mask.png\nc.png,None\n";
        assert_eq!(
            told(masks),
            [Told::Unmasked, defect("defect"), Told::Unmasked]
        );
    }

    #[test]
    fn tables_of_other_things_are_no_lists() {
        let of = |csv: &str| {
            let columns = columns(&Table::from_csv(csv, &|_| false).unwrap());
            columns.is_some_and(|columns| columns.says())
        };
        assert!(!of("date,temperature\n1,2\n"));
        assert!(!of("image,width,height\na.png,1,2\n"));
        assert!(!of("image,set\na.png,3\n"));
        assert!(!of(
            "path,kind,plain_score,projected_score,mask\na.png,normal,1,2,x\n"
        ));
        assert!(of("image,split\na.png,train\n"));
        assert!(of("image,use\na.png,train\nb.png,test\n"));
    }
}
