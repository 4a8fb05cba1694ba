//! Which images of a set are shown, in which order.

use std::cmp::Reverse;

use crate::ui::state::file_name;
use crate::ui::state::review_view::{Fate, ReviewView, Sort};
use kizumi_dataset::catalog::Entry;
use kizumi_method::decision::Verdict;

use super::judge::Judged;
use super::rival::Rival;

/// The places of the images that the view admits, in its order. Ties stay as in the folder, and
/// images without scores come last whichever way the order goes.
pub fn order(
    images: &[Entry],
    judged: &[Judged],
    view: &ReviewView,
    rival: Option<&Rival>,
) -> Vec<usize> {
    let search = view.search.trim().to_lowercase();
    let admitted = |index: &usize| {
        let (entry, judged) = (&images[*index], &judged[*index]);
        view.kind
            .as_ref()
            .is_none_or(|kind| kind.admits(&entry.kind))
            && view.fate.is_none_or(|fate| match fate {
                Fate::Differs => rival.is_some_and(|rival| rival.differs(&entry.path, judged)),
                fate => is_fate(judged, fate),
            })
            && (search.is_empty() || file_name(&entry.path).to_lowercase().contains(&search))
    };
    let mut order: Vec<usize> = (0..images.len().min(judged.len()))
        .filter(admitted)
        .collect();
    match view.sort {
        Sort::Name if view.reversed => order.reverse(),
        Sort::Name => {}
        // Positive numbers order as their bits do; NaN first, since a person should look.
        Sort::Score => order.sort_by_key(|&index| {
            rank(&judged[index], view.reversed, |scored| {
                (0, ordered(scored.projected))
            })
        }),
        Sort::Difference => order.sort_by_key(|&index| {
            let path = &images[index].path;
            rank(&judged[index], view.reversed, |scored| {
                let differs = rival.is_some_and(|rival| rival.differs(path, &judged[index]));
                let by = rival.map_or(0.0, |rival| rival.difference(path, scored));
                (u8::from(differs), ordered(by))
            })
        }),
        Sort::Change => order.sort_by_key(|&index| {
            rank(&judged[index], view.reversed, |scored| {
                (
                    u8::from(scored.is_changed()),
                    ordered(scored.change().abs()),
                )
            })
        }),
    }
    order
}

/// A key that puts high values first (or last, when reversed) and what has none behind them.
fn rank(
    judged: &Judged,
    reversed: bool,
    value: impl Fn(&super::Judgement) -> (u8, u32),
) -> (u8, Reverse<(u8, u32)>, (u8, u32)) {
    match judged {
        Judged::Scored(scored) if reversed => (0, Reverse((0, 0)), value(scored)),
        Judged::Scored(scored) => (0, Reverse(value(scored)), (0, 0)),
        Judged::Broken => (1, Reverse((0, 0)), (0, 0)),
        Judged::Waiting => (2, Reverse((0, 0)), (0, 0)),
    }
}

/// An integer that orders as a value of 0 or more does; NaN is above all.
fn ordered(value: f32) -> u32 {
    match value.is_nan() {
        true => u32::MAX,
        false => value.max(0.0).to_bits(),
    }
}

fn is_fate(judged: &Judged, fate: Fate) -> bool {
    match (judged, fate) {
        (Judged::Scored(scored), Fate::Verdict(verdict)) => scored.verdict == Some(verdict),
        (Judged::Scored(scored), Fate::NotPassed) => scored
            .verdict
            .is_some_and(|verdict| verdict != Verdict::Pass),
        (Judged::Scored(scored), Fate::Changed) => scored.is_changed(),
        (Judged::Broken, Fate::Broken) | (Judged::Waiting, Fate::Waiting) => true,
        _ => false,
    }
}
