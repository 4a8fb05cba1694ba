//! A column of a list that says in a word what is shown.

use std::collections::BTreeSet;

use super::column_names::{CLASS, DEFECT, LABEL, PERHAPS_LABEL};
use super::table::Table;
use crate::catalog::Kind;
use crate::scan::may_say_normal;
use crate::scan::names::{Word, word};
use crate::scan::qualifiers::qualifiers;

/// More different cells than this are no labels.
const MAX_LABELS: usize = 24;

/// That nothing is wrong, where it is said what is.
const NONE: &str = "none - なし 無し ナシ 特になし 特に無し n/a na keine keiner kein aucun aucune ninguno ninguna nessuno nessuna \
     nenhum nenhuma geen brak 无 無 없음 nil";

/// A column with a word for what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub column: usize,
    /// Whether "none" says that nothing is wrong.
    is_of_defects: bool,
    /// Whether 0 is normal and every other number is not.
    pub has_numbers: bool,
    /// Whether a word that is not known is the name of a defect.
    pub is_sure: bool,
    /// Whether its letters are those of yes and no, of true and false: `f` stands for "fail", too.
    has_flags: bool,
    /// Whether its numbers are the other way round: 0 is the one that is not normal.
    pub is_inverse: bool,
    /// Whether it has a word for normal.
    has_normal: bool,
    /// Whether it answers with yes and no, or with 1 and 0 where something was judged, and nobody says what was asked.
    pub is_answer: bool,
}

impl Label {
    /// A column as one of labels; `None` for one that is not.
    pub fn of(table: &Table, column: usize) -> Option<Self> {
        let name = table.columns[column].as_str();
        let is = |names: &[&str]| names.contains(&name);
        let label = Self {
            column,
            is_of_defects: is(&DEFECT),
            has_numbers: true,
            is_sure: true,
            has_flags: is(&DEFECT) && has_flags(table.cells(column)),
            is_inverse: false,
            has_normal: table
                .cells(column)
                .any(|cell| said(cell) == Some(Word::Normal)),
            is_answer: is(&LABEL) && are_answers(table.cells(column), is_of_judgement(name)),
        };
        if is(&DEFECT) || is(&LABEL) {
            return Some(label);
        }
        let mut cells: BTreeSet<&str> = BTreeSet::new();
        for cell in table.cells(column).filter(|cell| !cell.is_empty()) {
            if cells.insert(cell) && cells.len() > MAX_LABELS {
                return None;
            }
        }
        if is(&CLASS) && cells.iter().eq(["0", "1"].iter()) {
            return Some(label);
        }
        let is_perhaps = is(&PERHAPS_LABEL);
        let is_judgement = is_perhaps || is_of_judgement(name);
        let is_known = |cell: &&str| match said(cell) {
            // A mark may say that something was done.
            Some(_) if !is_judgement && is_sign(cell) => false,
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

    /// Whether it has 0 and 1 and nothing else, and its name does not say that 1 is a defect.
    pub fn has_two_numbers(&self, table: &Table) -> bool {
        let cells = table.cells(self.column).filter(|cell| !says_nothing(cell));
        let numbers: BTreeSet<Option<u64>> = cells
            .map(|cell| cell.trim_end_matches(".0").parse().ok())
            .collect();
        !self.is_of_defects && numbers.into_iter().eq([Some(0), Some(1)])
    }

    /// Whether it has numbers of several classes, 0 among them, and no word for normal.
    pub fn has_classes(&self, table: &Table) -> bool {
        let cells = table.cells(self.column);
        let numbers: BTreeSet<u32> = cells.filter_map(|cell| cell.parse().ok()).collect();
        numbers.len() > 2 && numbers.contains(&0) && !self.has_normal
    }

    /// `None` where a cell says nothing.
    pub fn shows(&self, cell: &str) -> Option<Kind> {
        if self.is_of_defects
            && NONE
                .split_whitespace()
                .any(|none| none == cell.to_lowercase())
        {
            return Some(Kind::Normal);
        }
        if says_nothing(cell) {
            return None;
        }
        let is_letter = cell.len() == 1 && cell.starts_with(char::is_alphabetic);
        let truth = truth(cell).filter(|_| self.has_flags || !is_letter);
        // Which letter is that of the good ones nobody knows. Of defects they may be the codes.
        if is_letter && truth.is_none() && !self.is_of_defects && said(cell).is_none() {
            return None;
        }
        let name = match truth {
            Some(_) if !self.has_numbers => return None,
            Some(true) if self.is_inverse => return Some(Kind::Normal),
            Some(false) if self.is_inverse => "defect".to_owned(),
            Some(false) => return Some(Kind::Normal),
            Some(true) => match cell.parse::<u32>() {
                // One of several classes.
                Ok(class) if class > 1 => format!("defect {class}"),
                _ => "defect".to_owned(),
            },
            None => match said(cell) {
                Some(Word::Normal) => return Some(Kind::Normal),
                None if !self.is_sure || may_say_normal(cell) => return None,
                _ => cell.to_owned(),
            },
        };
        Some(Kind::Defect(name))
    }

    /// Whether a cell says something that is not understood, in a column that has words for normal.
    pub fn is_unclear(&self, cell: &str) -> bool {
        let may_tell = self.has_normal && !says_nothing(cell) && truth(cell).is_none();
        may_tell && self.shows(cell).is_none()
    }
}

/// Whether letters are those of two answers, and of nothing else.
fn has_flags<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let cells: BTreeSet<String> = cells
        .filter(|cell| !says_nothing(cell))
        .map(str::to_lowercase)
        .collect();
    [["n", "y"], ["f", "t"]]
        .iter()
        .any(|pair| cells.iter().eq(pair))
}

/// Whether the name of a column says that something was judged.
fn is_of_judgement(name: &str) -> bool {
    const JUDGED: [&str; 13] = [
        "判定",
        "検査",
        "判断",
        "結果",
        "良否",
        "合否",
        "judg",
        "result",
        "verdict",
        "inspection",
        "okng",
        "okorng",
        "passfail",
    ];
    let is_judged = || JUDGED.iter().any(|judged| name.contains(judged));
    name.is_empty() || !name.ends_with('済') && is_judged()
}

/// Whether a cell has no letter or digit.
fn is_sign(cell: &str) -> bool {
    !cell.contains(char::is_alphanumeric)
}

/// Whether cells say true and false and nothing else: in words, or in numbers, too.
fn are_answers<'c>(cells: impl Iterator<Item = &'c str>, in_numbers: bool) -> bool {
    let mut cells = cells.filter(|cell| !says_nothing(cell)).peekable();
    let is_answer = |cell: &str| {
        let is_number = cell.parse::<f64>().is_ok();
        truth(cell).is_some() && (in_numbers || !is_number)
    };
    cells.peek().is_some() && cells.all(is_answer)
}

/// What a cell says, in a word or with a sign.
fn said(cell: &str) -> Option<Word> {
    match cell {
        "[]" => Some(Word::Normal),
        cell => match word(cell) {
            // A word beside it that nobody knows may say that it is not.
            Some(Word::Normal) if !qualifiers(cell).is_empty() => None,
            said => said,
        },
    }
}

/// Whether a cell is left open.
pub(super) fn says_nothing(cell: &str) -> bool {
    let empty = ["", "none", "null", "nan", "-", "n/a", "na", "なし", "無し"];
    let cell = cell.trim().to_lowercase();
    empty.contains(&cell.as_str()) || said(&cell) == Some(Word::Unlabelled)
}

/// A number or a word for true or false; every number but 0 is true.
pub(super) fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "ja" | "oui" | "sí" | "はい" => Some(true),
        "false" | "f" | "no" | "n" | "nein" | "non" | "いいえ" => Some(false),
        cell => {
            let number = cell.parse::<f64>().ok();
            number
                .filter(|number| number.is_finite())
                .map(|number| number != 0.0)
        }
    }
}
