//! What people write into a table by hand for short: marks in columns that are called after good or bad ones, and
//! marks for "as above".

use super::column_names::{DEFECT, DEFECTIVE, LABEL, NORMAL, PERHAPS_LABEL, is_name};
use super::table::Table;
use crate::scan::names::{Word, word};

/// Stand for what is written above.
const DITTO: [&str; 13] = [
    "〃", "″", "\"", "\"\"", "”", "〟", "''", "々", "同上", "↑", "idem", "dito", "ditto",
];
/// Stand for yes.
const CHECKS: [&str; 14] = [
    "○", "◯", "〇", "◎", "✓", "✔", "√", "レ", "●", "☑", "✅", "■", "x", "X",
];
/// Stand for yes in a column that is called after a defect, and for no beside one of the others.
const CROSSES: [&str; 9] = ["×", "✕", "✖", "✗", "✘", "☓", "╳", "x", "X"];
/// Stand for no.
const BLANKS: [&str; 10] = ["", "-", "–", "—", "ー", "−", "無", "無し", "なし", "none"];

/// What a column is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Good,
    Bad,
}

impl Named {
    fn of(name: &str) -> Option<Self> {
        if NORMAL.contains(&name) {
            return Some(Self::Good);
        }
        if DEFECTIVE.contains(&name) || DEFECT.contains(&name) {
            return Some(Self::Bad);
        }
        let bare = name.trim_end_matches("有無").trim_end_matches('の');
        match word(bare)? {
            _ if is_name(name) => None,
            Word::Normal => Some(Self::Good),
            Word::Defective | Word::Defect => Some(Self::Bad),
            Word::Unlabelled => None,
        }
    }
}

/// A column of marks.
struct Marked {
    column: usize,
    named: Named,
    /// Whether it has the marks of two answers.
    has_both: bool,
}

/// A table in which every cell says itself what it stands for, and whether that is understood. Columns of marks
/// become one that says what is wrong and, where some is called after good ones, one that says whether an image
/// is normal: a mark there is a yes, whichever it is.
pub(super) fn spelt_out(table: &Table) -> (Table, bool) {
    let mut table = table.clone();
    fill_dittos(&mut table);
    let mut marked = Vec::new();
    let mut is_clear = true;
    for (column, name) in table.columns.iter().enumerate() {
        let Some(named) = Named::of(name) else {
            continue;
        };
        let is = |cells: &[&str]| table.cells(column).any(|cell| cells.contains(&cell));
        let is_mark = |cell: &str| {
            [&CHECKS[..], &CROSSES, &BLANKS]
                .iter()
                .any(|marks| marks.contains(&cell))
        };
        // A Latin x is a check where there is no other one.
        let (checks, crosses) = (&CHECKS[..CHECKS.len() - 2], &CROSSES[..CROSSES.len() - 2]);
        let has_x = is(&CHECKS[CHECKS.len() - 2..]);
        let has_signs = is(checks) || is(crosses);
        let has_both = is(checks) && (is(crosses) || has_x);
        match table.cells(column).all(is_mark) {
            true if !has_signs && !has_x => {}
            // One of them may be a yes, or a "good".
            true if named == Named::Bad && has_both => is_clear = false,
            // Not good, or marked as good.
            true if named == Named::Good && !has_both && is(crosses) => is_clear = false,
            true => marked.push(Marked {
                column,
                named,
                has_both,
            }),
            false if named == Named::Bad => is_clear &= !is(checks),
            false => {}
        }
    }
    if is_clear && !marked.is_empty() {
        join(&mut table, &marked);
    }
    (table, is_clear)
}

fn fill_dittos(table: &mut Table) {
    for at in 1..table.rows.len() {
        let (above, below) = table.rows.split_at_mut(at);
        for (cell, above) in below[0].iter_mut().zip(&above[at - 1]) {
            if DITTO.contains(&cell.to_lowercase().as_str()) {
                cell.clone_from(above);
            }
        }
    }
}

/// Puts columns that say it in words into the place of columns of marks.
fn join(table: &mut Table, marked: &[Marked]) {
    let is_marked = |column: usize| marked.iter().any(|one| one.column == column);
    let has = |named: Named| marked.iter().any(|one| one.named == named);
    let kept = |columns: Vec<String>| {
        let columns = columns.into_iter().enumerate();
        let kept = columns.filter(|(column, _)| !is_marked(*column));
        kept.map(|(_, cell)| cell).collect::<Vec<String>>()
    };
    let names = std::mem::take(&mut table.columns);
    table.columns = kept(names.clone());
    let says_kinds = |name: &String| {
        let all: [&[&str]; 5] = [&DEFECTIVE, &NORMAL, &DEFECT, &LABEL, &PERHAPS_LABEL];
        all.iter().any(|names| names.contains(&name.as_str()))
    };
    // Beside something else that says it a blank says nothing.
    let is_alone = !table.columns.iter().any(says_kinds) && has(Named::Good) != has(Named::Bad);
    let free = |names: &[&'static str]| {
        let mut names = names.iter();
        names
            .find(|name| !table.columns.iter().any(|known| known == *name))
            .copied()
    };
    let (good, bad) = (free(&NORMAL), free(&DEFECT));
    for row in &mut table.rows {
        let cells = std::mem::take(row);
        let is_no = |one: &Marked| {
            let cell = cells[one.column].as_str();
            BLANKS.contains(&cell) || one.has_both && CROSSES.contains(&cell)
        };
        let of = |named: Named| marked.iter().filter(move |one| one.named == named);
        let called = |one: &Marked| match names[one.column].as_str() {
            name if DEFECTIVE.contains(&name) || DEFECT.contains(&name) => "defect".to_owned(),
            name => name.to_owned(),
        };
        let wrong: Vec<String> = of(Named::Bad)
            .filter(|one| !is_no(one))
            .map(called)
            .collect();
        let is_refused =
            |one: &Marked| one.has_both && CROSSES.contains(&cells[one.column].as_str());
        let is_good = match of(Named::Good).any(|one| !is_no(one)) {
            _ if of(Named::Good).any(is_refused) => "false",
            true => "true",
            false if is_alone => "false",
            false => "",
        };
        let wrong = match wrong.is_empty() {
            true if is_alone => "none".to_owned(),
            _ => wrong.join(", "),
        };
        *row = kept(cells);
        row.extend(
            good.filter(|_| has(Named::Good))
                .map(|_| is_good.to_owned()),
        );
        row.extend(bad.filter(|_| has(Named::Bad)).map(|_| wrong));
    }
    let good = good.filter(|_| has(Named::Good));
    let bad = bad.filter(|_| has(Named::Bad));
    table
        .columns
        .extend([good, bad].into_iter().flatten().map(str::to_owned));
}
