//! What the columns of a list say of an image.

use super::table::Table;
use crate::catalog::Kind;
use crate::scan::names::{Word, word};
use crate::scan::role::Role;

/// Which part of a data set an image belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
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
const IMAGE: [&str; 14] = [
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
    "画像パス",
    "画像",
    "ファイル名",
    "ファイル",
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
/// 1 or true for a defect.
const DEFECTIVE: [&str; 7] = [
    "labelindex",
    "isanomaly",
    "anomaly",
    "anomalous",
    "isdefective",
    "defective",
    "isdefect",
];
/// 1 or true for a normal image.
const NORMAL: [&str; 6] = ["isnormal", "normal", "isgood", "good", "isok", "ok"];
/// The kind of a defect, or a word for normal.
const LABEL: [&str; 13] = [
    "anomalyclass",
    "defecttype",
    "defectclass",
    "defect",
    "speciename",
    "labelname",
    "label",
    "anomalytype",
    "判定",
    "ラベル",
    "種別",
    "良否",
    "不良名",
];
/// The same, though it may be something else: what is shown, for one. Believed where it has a word for
/// normal.
const PERHAPS_LABEL: [&str; 9] = [
    "class",
    "classname",
    "category",
    "kind",
    "type",
    "target",
    "result",
    "object",
    "クラス",
];

/// Where a list says what.
#[derive(Debug)]
pub(super) struct Columns {
    pub images: Vec<usize>,
    pub mask: Option<usize>,
    split: Option<usize>,
    defective: Option<usize>,
    normal: Option<usize>,
    label: Option<usize>,
}

/// What a list says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Known(Kind),
    /// Nothing.
    Unknown,
    /// Two of its cells contradict each other.
    Contradiction,
}

impl Columns {
    /// `None` for a table that says nothing of images, such as one of results of this program.
    pub fn of(table: &Table, is_normal: impl Fn(&str) -> bool) -> Option<Self> {
        let first = |names: &[&str]| names.iter().find_map(|name| table.column(name));
        let has_normal = |column: &usize| {
            let mut rows = table.rows.iter();
            rows.any(|row| is_normal(&row[*column]))
        };
        let perhaps = PERHAPS_LABEL.iter().filter_map(|name| table.column(name));
        let columns = Self {
            images: IMAGE.iter().filter_map(|name| table.column(name)).collect(),
            mask: first(&MASK),
            split: first(&SPLIT),
            defective: first(&DEFECTIVE),
            normal: first(&NORMAL),
            label: first(&LABEL).or_else(|| perhaps.into_iter().find(has_normal)),
        };
        let is_result = table.column("plainscore").is_some();
        let says = columns.says_kinds() || columns.split.is_some();
        (!columns.images.is_empty() && says && !is_result).then_some(columns)
    }

    /// Whether it says what images show, and not only which part they belong to.
    fn says_kinds(&self) -> bool {
        let kinds = [self.mask, self.defective, self.normal, self.label];
        kinds.iter().any(Option::is_some)
    }

    pub fn has_split(&self) -> bool {
        self.split.is_some()
    }

    pub fn part(&self, row: &[String]) -> Option<Part> {
        Part::of(&row[self.split?])
    }

    /// The cell of the mask; `None` where there is none.
    pub fn mask<'r>(&self, row: &'r [String]) -> Option<&'r str> {
        let cell = row[self.mask?].as_str();
        (!says_nothing(cell) && cell != "0").then_some(cell)
    }

    pub fn kind(&self, row: &[String], is_normal: impl Fn(&str) -> bool) -> Told {
        let cell = |column: Option<usize>| column.map(|column| row[column].as_str());
        let defective = cell(self.defective).and_then(truth);
        let normal = cell(self.normal).and_then(truth);
        let flag = defective.or(normal.map(|normal| !normal));
        let label = cell(self.label).filter(|label| !says_nothing(label));
        let number = label.and_then(truth);
        let named = label.filter(|_| number.is_none());
        let by_label = number.or(named.map(|label| !is_normal(label)));
        let defect = |name: &str| Told::Known(Kind::Defect(name.to_owned()));
        match (flag, by_label) {
            (Some(one), Some(other)) if one != other => Told::Contradiction,
            (Some(false), _) | (None, Some(false)) => Told::Known(Kind::Normal),
            (Some(true), _) | (None, Some(true)) => match (named, label) {
                (Some(name), _) => defect(name),
                // One of several classes.
                (None, Some(class)) if class.parse().is_ok_and(|class: u32| class > 1) => {
                    defect(&format!("defect {class}"))
                }
                (None, _) => defect("defect"),
            },
            // Nobody paints a mask on a normal image.
            (None, None) => match self.mask(row) {
                Some(_) => defect("defect"),
                None if self.mask.is_some() && label.is_none() && self.label.is_none() => {
                    Told::Known(Kind::Normal)
                }
                None if self.part(row) == Some(Part::Train) && !self.says_kinds() => {
                    Told::Known(Kind::Normal)
                }
                None => Told::Unknown,
            },
        }
    }
}

/// Whether a cell is left open.
fn says_nothing(cell: &str) -> bool {
    let empty = [
        "", "none", "null", "nan", "-", "n/a", "na", "?", "なし", "無し",
    ];
    let cell = cell.trim().to_lowercase();
    empty.contains(&cell.as_str()) || word(&cell) == Some(Word::Unlabelled)
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

    fn told(csv: &str) -> Vec<Told> {
        let is_normal =
            |word: &str| ["good", "ok", "normal"].contains(&word.to_lowercase().as_str());
        let table = Table::from_csv(csv.as_bytes()).unwrap();
        let columns = Columns::of(&table, is_normal).unwrap();
        let rows = table.rows.iter();
        rows.map(|row| columns.kind(row, is_normal)).collect()
    }

    fn defect(name: &str) -> Told {
        Told::Known(Kind::Defect(name.into()))
    }

    const NORMAL: Told = Told::Known(Kind::Normal);

    #[test]
    fn words_and_numbers_say_what_an_image_shows() {
        let words = "image,label\na.png,Normal\nb.png,bent\nc.png,\n";
        assert_eq!(told(words), [NORMAL, defect("bent"), Told::Unknown]);
        let numbers = "image_path,label_index\na.png,0\nb.png,1\nc.png,\n";
        assert_eq!(told(numbers), [NORMAL, defect("defect"), Told::Unknown]);
        let both = "path,anomaly,specie_name\na.png,0,good\nb.png,1,bent\nc.png,0,bent\n";
        assert_eq!(told(both), [NORMAL, defect("bent"), Told::Contradiction]);
        let open = "image,label\na.png,none\nb.png,なし\nc.png,n/a\nd.png,unknown\ne.png,nan\n";
        assert_eq!(told(open), [const { Told::Unknown }; 5]);
        let inverse = "file,ok\na.png,1\nb.png,0\nc.png,true\n";
        assert_eq!(told(inverse), [NORMAL, defect("defect"), NORMAL]);
    }

    #[test]
    fn numbers_of_classes_are_kinds() {
        let classes = "image,label\na.png,0\nb.png,1\nc.png,2\n";
        assert_eq!(
            told(classes),
            [NORMAL, defect("defect"), defect("defect 2")]
        );
    }

    #[test]
    fn the_name_of_a_product_is_no_label() {
        let visa = "object,split,label,image,mask\ncandle,train,normal,a.JPG,\ncandle,test,anomaly,b.JPG,b.png\n";
        assert_eq!(told(visa), [NORMAL, defect("anomaly")]);
        let product = "class,split,image\ncandle,train,a.JPG\ncandle,test,b.JPG\n";
        assert_eq!(told(product), [NORMAL, Told::Unknown]);
        let classes = "class,image\nOK,a.JPG\nbent,b.JPG\n";
        assert_eq!(told(classes), [NORMAL, defect("bent")]);
    }

    #[test]
    fn without_a_label_the_mask_tells() {
        let masks = "image,mask\na.png,\nb.png,b_mask.png\nc.png,None\n";
        assert_eq!(told(masks), [NORMAL, defect("defect"), NORMAL]);
    }

    #[test]
    fn tables_of_other_things_are_no_lists() {
        let of =
            |csv: &str| Columns::of(&Table::from_csv(csv.as_bytes()).unwrap(), |_| false).is_some();
        assert!(!of("date,temperature\n1,2\n"));
        assert!(!of("image,width,height\na.png,1,2\n"));
        assert!(!of(
            "path,kind,plain_score,projected_score,mask\na.png,normal,1,2,x\n"
        ));
        assert!(of("image,split\na.png,train\n"));
    }
}
