//! What the columns of a list say of an image.

use std::collections::BTreeSet;

use super::column_names::{
    DEFECT, DEFECTIVE, FOLDER, IMAGE, LABEL, MASK, NORMAL, OUTLINE, PERHAPS_LABEL, SPLIT, is_name,
    is_other,
};
use super::draft::Unclear;
use super::label::{Label, says_nothing, truth};
use super::table::Table;
use crate::catalog::Kind;
use crate::scan::names::word;
use crate::scan::role::Role;

/// The largest share of images that a mere number may call defective where nothing else says which of two it is.
const MAX_DEFECTIVE: f64 = 0.4;

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

/// Whether the name of a column leaves open what it says.
fn is_open(name: &str) -> bool {
    !is_name(name) && !is_other(name)
}

/// The column that names the folders of the images.
pub(super) fn of_folders(table: &Table) -> Option<usize> {
    FOLDER.iter().find_map(|name| table.column(name))
}

/// Whether a column with this name says what images show.
fn of_labels(name: &str) -> bool {
    let all: [&[&str]; 5] = [&DEFECTIVE, &NORMAL, &DEFECT, &LABEL, &PERHAPS_LABEL];
    all.iter().any(|names| names.contains(&name))
}

/// Where a list says what.
#[derive(Debug)]
pub(super) struct Columns {
    mask: Option<usize>,
    outline: Option<usize>,
    split: Option<usize>,
    defective: Option<usize>,
    normal: Option<usize>,
    /// Those that say most first.
    labels: Vec<Label>,
    /// Whether 0 is taken as normal and 1 as defective because most images are 0.
    pub is_by_number: bool,
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
        // FiftyOne has the class there.
        let has_words = |column: &usize| {
            let is_file = |cell: &str| cell.contains(['/', '\\', '.']);
            let is_word = |cell: &str| !is_file(cell) && word(cell).is_some();
            let mut cells = table.cells(*column).filter(|cell| !cell.is_empty());
            cells.next().is_some_and(is_word) && cells.all(is_word)
        };
        let masks = || MASK.iter().filter_map(|name| table.column(name));
        let is_part = |cell: &str| Part::of(cell).is_some();
        let all_parts = |column: &usize| {
            let mut cells = table
                .cells(*column)
                .filter(|cell| !cell.is_empty())
                .peekable();
            cells.peek().is_some() && cells.all(is_part)
        };
        let unnamed = |column: &usize| free(column) && is_open(&table.columns[*column]);
        let all = 0..table.columns.len();
        let mut columns = Self {
            mask: masks().filter(free).find(|column| !has_words(column)),
            outline: first(&OUTLINE),
            split: with(&SPLIT, &is_part).or_else(|| all.clone().filter(unnamed).find(all_parts)),
            defective: with(&DEFECTIVE, &|cell| truth(cell).is_some()),
            normal: with(&NORMAL, &|cell| truth(cell).is_some()),
            labels: Vec::new(),
            is_by_number: false,
        };
        let is_flag = |column: &usize| {
            [columns.defective, columns.normal, columns.split].contains(&Some(*column))
        };
        let label = |column: usize| Label::of(table, column);
        let named = [&DEFECT[..], &LABEL, &PERHAPS_LABEL, &DEFECTIVE, &NORMAL];
        let named = named.into_iter().flatten();
        let named = named.filter_map(|name| table.column(name));
        let named = named.chain(masks().filter(has_words)).filter(free);
        let mut labels: Vec<usize> = Vec::new();
        for column in named.chain(all.filter(unnamed)) {
            if !is_flag(&column) && !labels.contains(&column) {
                labels.push(column);
            }
        }
        columns.labels = labels.into_iter().filter_map(label).collect();
        // Beside a label the name of a part is no name of a defect, and its number is none of a class.
        for label in columns.labels.iter_mut().skip(1) {
            label.is_sure = false;
            let mut cells = table.cells(label.column);
            let is_flag = |cell: &str| {
                ["", "0", "1"].contains(&cell)
                    || truth(cell).is_some() && cell.parse::<f64>().is_err()
            };
            label.has_numbers &= cells.all(is_flag);
        }
        let is_result = table.column("plainscore").is_some();
        // Where all is normal by one column, another may say that it is not.
        let normal = Told::Known(Kind::Normal);
        let is_one_sided = columns.says_kinds()
            && columns.mask.is_none()
            && columns.outline.is_none()
            && table.rows.iter().all(|row| columns.kind(row) == normal);
        let is_open = !columns.tells() || is_one_sided;
        let is_unreadable = is_open && columns.may_tell(table, taken) || columns.has_scores(table);
        (!is_result && !is_unreadable).then_some(columns)
    }

    /// The same, where the numbers of a label agree with what the names of images say (`said`: whether they are
    /// defective), and with which of them have masks; `part` is that of all of them, where the list says none of each. Where all disagree the numbers are the other way round.
    ///
    /// # Errors
    /// When some agree and others do not.
    pub fn checked(
        mut self,
        table: &Table,
        part: Option<Part>,
        said: impl Fn(&[String]) -> Option<bool>,
    ) -> Result<Self, Unclear> {
        let evidence = |row: &Vec<String>| said(row).or(self.mask(row).map(|_| true));
        let known: Vec<(&Vec<String>, bool)> = table
            .rows
            .iter()
            .filter_map(|row| Some((row, evidence(row)?)))
            .collect();
        let has_flags = self.defective.is_some() || self.normal.is_some();
        let is_inverse = |label: &Label| {
            let of_number = |(row, is_bad): &(&Vec<String>, bool)| {
                let cell = row[label.column].as_str();
                let is_flag = label.is_answer || cell == "0" || cell == "1";
                let is_true = truth(cell).filter(|_| is_flag)?;
                Some(is_true == *is_bad)
            };
            let agree = known.iter().filter_map(of_number);
            let (agree, disagree): (Vec<bool>, Vec<bool>) = agree.partition(|agrees| *agrees);
            match (label.has_numbers, agree.len(), disagree.len()) {
                // Whether "true" is the good one nobody says.
                (true, 0, 0) if label.is_answer => Err(Unclear),
                // Which of two numbers is the good one nobody says; defective parts are the fewer ones.
                (true, 0, 0) if !has_flags && label.has_two_numbers(table) => self
                    .by_number(label, table, part)
                    .map(|is_by_number| (false, is_by_number)),
                // The first of several classes may be a kind of defect like the others.
                (true, 0, 0) if !has_flags && label.has_classes(table) => Err(Unclear),
                (false, ..) | (_, _, 0) => Ok((false, false)),
                // One may be called so by mistake.
                (true, 0, 2..) => Ok((true, false)),
                (true, agree, disagree) if agree > 9 * disagree => Ok((false, false)),
                _ => Err(Unclear),
            }
        };
        let inverse = self.labels.iter().map(is_inverse);
        let inverse: Vec<(bool, bool)> = inverse.collect::<Result<_, _>>()?;
        for (label, (is_inverse, is_by_number)) in self.labels.iter_mut().zip(inverse) {
            label.is_inverse = is_inverse;
            self.is_by_number |= is_by_number;
        }
        Ok(self)
    }

    /// Whether nothing but that most images are 0 says that 0 is normal in a label that has 0 and 1: else it is that of all
    /// images to learn from. Those for a test are not learned from, whatever they show.
    ///
    /// # Errors
    /// When neither says it.
    fn by_number(&self, label: &Label, table: &Table, part: Option<Part>) -> Result<bool, Unclear> {
        let of_part = |row: &Vec<String>| match self.has_split() {
            true => self.part(row),
            false => part,
        };
        let rows = table.rows.iter();
        let rows = rows.filter(|row| !row[label.column].is_empty());
        let rows = rows.filter(|row| of_part(row) != Some(Part::Test));
        let rows: Vec<&Vec<String>> = rows.collect();
        let is_one = |row: &&&Vec<String>| truth(&row[label.column]) == Some(true);
        let ones = rows.iter().filter(is_one).count();
        let is_learned = |row: &&Vec<String>| of_part(row) == Some(Part::Train);
        if ones == 0 && rows.iter().any(is_learned) {
            return Ok(false);
        }
        match ones as f64 <= MAX_DEFECTIVE * rows.len() as f64 {
            true => Ok(true),
            false => Err(Unclear),
        }
    }

    /// Whether numbers that would tell good from bad are none of classes: scores, 1 and 2, 1 and -1.
    fn has_scores(&self, table: &Table) -> bool {
        let labels = self.labels.iter().filter(|label| label.has_numbers);
        let labels = labels.map(|label| label.column);
        let flags = [self.defective, self.normal];
        let all = labels.clone().chain(flags.into_iter().flatten());
        let numbers = |column: usize| {
            let cells = table.cells(column).map(|cell| cell.replace('−', "-"));
            let numbers = cells.filter_map(|cell| cell.parse::<f64>().ok());
            numbers.filter(|number| number.is_finite())
        };
        let is_class = |number: f64| number >= 0.0 && number.fract() == 0.0;
        let mut scored = all.filter(|column| !numbers(*column).all(is_class));
        let from_one = |column: usize| {
            let classes: BTreeSet<&str> = table
                .cells(column)
                .filter(|cell| !cell.is_empty())
                .collect();
            let is_number = |cell: &&str| cell.parse::<f64>().is_ok_and(|number| number >= 1.0);
            classes.len() > 1 && classes.iter().all(is_number)
        };
        let is_label = |column: &usize| LABEL.contains(&table.columns[*column].as_str());
        scored.next().is_some() || labels.filter(is_label).any(from_one)
    }

    /// Whether it says what images show in words or numbers.
    pub fn says_kinds(&self) -> bool {
        self.defective.is_some() || self.normal.is_some() || !self.labels.is_empty()
    }

    /// Whether it says in some way what images show.
    fn tells(&self) -> bool {
        self.says_kinds() || self.mask.is_some() || self.outline.is_some()
    }

    /// Whether it says anything of images.
    pub fn says(&self) -> bool {
        self.tells() || self.has_split()
    }

    pub fn has_split(&self) -> bool {
        self.split.is_some()
    }

    /// Whether something that is not understood may tell images apart that would be trained on: whatever is not
    /// the same for all of them, is not called after something else, and does not merely count them.
    fn may_tell(&self, table: &Table, taken: &[usize]) -> bool {
        let trained = table.rows.iter();
        let trained =
            trained.filter(|row| !self.has_split() || self.part(row) == Some(Part::Train));
        let trained: Vec<&Vec<String>> = trained.collect();
        let used = [self.split, self.defective, self.normal];
        let mut columns = table.columns.iter().enumerate();
        columns.any(|(column, name)| {
            let is_label = of_labels(name);
            let is_known = taken.contains(&column)
                || used.contains(&Some(column))
                || self.labels.iter().any(|label| label.column == column);
            if is_known || !is_open(name) && !is_label {
                return false;
            }
            let cells: BTreeSet<&str> = trained.iter().map(|row| row[column].as_str()).collect();
            let is_count = cells.len() == trained.len()
                && cells.iter().all(|cell| cell.parse::<u64>().is_ok());
            cells.len() > 1 && (is_label || !is_count)
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

    fn is_outlined(&self, row: &[String]) -> bool {
        let cell = self.outline.map(|column| row[column].as_str());
        cell.is_some_and(|cell| !says_nothing(cell) && cell != "[]")
    }

    pub fn kind(&self, row: &[String]) -> Told {
        let cell = |column: Option<usize>| column.map(|column| row[column].as_str());
        let defective = cell(self.defective).and_then(truth);
        let normal = cell(self.normal).and_then(truth);
        if defective.is_some() && defective == normal {
            return Told::Contradiction;
        }
        let is_bad = defective.or(normal.map(|normal| !normal));
        let labels = self.labels.iter();
        let is_unclear = labels
            .clone()
            .any(|label| label.is_unclear(&row[label.column]));
        let mut labels = labels.filter_map(|label| label.shows(&row[label.column]));
        let label = labels.next();
        let mut is_contradicted = || labels.any(|other| other != Kind::Normal);
        let defect = || Told::Known(Kind::Defect("defect".to_owned()));
        match (is_bad, label) {
            (Some(true), Some(Kind::Normal)) => Told::Contradiction,
            (Some(false), Some(other)) if other != Kind::Normal => Told::Contradiction,
            (_, Some(Kind::Normal)) if is_contradicted() => Told::Contradiction,
            (_, Some(Kind::Normal)) if is_unclear => Told::Open,
            (_, Some(label)) => Told::Known(label),
            (Some(false), None) => Told::Known(Kind::Normal),
            (Some(true), None) => defect(),
            // Nobody paints a mask on a normal image.
            (None, None) if self.mask(row).is_some() || self.is_outlined(row) => defect(),
            (None, None) if self.says_kinds() => Told::Open,
            (None, None) if self.tells() => Told::Unmasked,
            (None, None) => Told::Unsaid,
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
        let both = "file,ok,ng\na.png,1,0\nb.png,0,1\nc.png,0,0\nd.png,1,1\n";
        let contradiction = || Told::Contradiction;
        let expected = [NORMAL, defect("defect"), contradiction(), contradiction()];
        assert_eq!(told(both), expected);
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
        for kind in ["bolt", "3"] {
            let kinds = format!("image,label,種別\na.png,OK,{kind}\nb.png,NG,{kind}\n");
            assert_eq!(told(&kinds), [NORMAL, defect("NG")]);
        }
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
        let rows = "a.png,train,p\nb.png,train,p\nc.png,train,q\nd.png,train,q\n";
        assert!(!is_list(&format!("image,split,remark\n{rows}")));
        assert!(is_list(&format!("image,split,camera\n{rows}")));
    }

    #[test]
    fn numbers_that_names_and_masks_contradict_are_the_other_way_round_or_not_understood() {
        let told = |csv: &str| {
            let table = Table::from_csv(csv, &|_| false).unwrap();
            let said = |row: &[String]| match row[0].split('/').next() {
                Some("NG") => Some(true),
                Some("OK") => Some(false),
                _ => None,
            };
            let columns = columns(&table).unwrap().checked(&table, None, said).ok()?;
            Some(
                table
                    .rows
                    .iter()
                    .map(|row| columns.kind(row))
                    .collect::<Vec<_>>(),
            )
        };
        let inverse = "image,label\nOK/a.png,1\nNG/b.png,0\nc.png,1\n";
        let bad = || defect("defect");
        assert_eq!(told(inverse), Some(vec![NORMAL, bad(), NORMAL]));
        let masks = "image,label,mask\na.png,1,\nb.png,0,b_mask.png\nc.png,0,c_mask.png\n";
        assert_eq!(told(masks), Some(vec![NORMAL, bad(), bad()]));
        let usual = "image,label\nOK/a.png,0\nNG/b.png,1\nc.png,1\n";
        assert_eq!(told(usual), Some(vec![NORMAL, bad(), bad()]));
        assert_eq!(
            told("image,label\nOK/a.png,1\nOK/b.png,0\nNG/c.png,1\n"),
            None
        );
    }

    #[test]
    fn what_one_of_several_columns_says_in_unknown_words_leaves_an_image_open() {
        let csv = "画像,寸法判定,外観判定\na.png,OK,OK\nb.png,OK,白点\nc.png,NG,OK\n";
        assert_eq!(told(csv), [NORMAL, Told::Open, defect("NG")]);
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
        let expected = [Told::Unmasked, defect("defect"), Told::Unmasked];
        assert_eq!(told(masks), expected);
        let outlines = "ImageId,ClassId,EncodedPixels\na.png,1,\nb.png,1,1 5\nc.png,1,nan\n";
        assert_eq!(told(outlines), expected);
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
