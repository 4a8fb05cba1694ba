//! Two models on one image: which side is whose, with its score and verdict.

use kizumi_method::decision::Verdict;

use crate::ui::state::comparing::AbSide;
use crate::ui::state::file_name;

use super::numbers::short;
use super::{Panel, result};

/// What a model says of the open image.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    /// Its projected score, once it is known.
    pub score: Option<f32>,
    /// What that means, where it was judged.
    pub verdict: Option<Verdict>,
}

/// What the model of a side says of the open image: A as it was put aside, B as it is now.
pub fn said(panel: &Panel<'_>, side: AbSide) -> Said {
    let inspecting = &panel.state.inspecting;
    if panel.state.rival_of(side).is_none() {
        let judged = result::judgement(panel);
        let result = inspecting.result.as_ref();
        return Said {
            score: result.map(|result| result.projected_score.value),
            verdict: judged.and_then(|judged| judged.verdict),
        };
    }
    let opened = inspecting.opened.as_ref();
    let rival = panel.review.rival.as_ref().zip(opened);
    let kept = rival.and_then(|(rival, opened)| rival.image(&opened.entry.path));
    let computed = inspecting
        .a_result()
        .map(|result| result.projected_score.value);
    Said {
        score: kept.map(|kept| kept.judgement.projected).or(computed),
        verdict: kept.and_then(|kept| kept.judgement.verdict),
    }
}

/// What the model of a side is called.
pub fn name(panel: &Panel<'_>, side: AbSide) -> String {
    if let Some(kept) = panel.state.rival_of(side) {
        return kept.name().to_owned();
    }
    let model = panel.state.model.as_ref();
    let path = model.and_then(|model| model.path.as_deref());
    path.map_or("–".to_owned(), file_name)
}

/// "A: model · 0.31 · Reject"; of two runs of one model only which one it is.
pub fn caption(panel: &Panel<'_>, side: AbSide) -> String {
    let letter = match side {
        AbSide::A => panel.text.runs.a,
        AbSide::B | AbSide::Both => panel.text.runs.b,
    };
    let inspecting = &panel.state.inspecting;
    if !inspecting.a_is_of_rival() {
        return letter.to_owned();
    }
    let Said { score, verdict } = said(panel, side);
    let mut words = format!("{letter}: {}", name(panel, side));
    let verdict = verdict.map(|verdict| panel.text.review.verdict_word(verdict).to_owned());
    for part in [score.map(short), verdict].into_iter().flatten() {
        words = format!("{words} · {part}");
    }
    if inspecting.run_of(side).is_some_and(|run| run.growing) {
        words = format!("{words} · {}", panel.text.rival.computing);
    }
    words
}

/// Whether the maps of both sides have one scale, in words; `None` where nothing is compared that has a scale.
pub fn scale_words(panel: &Panel<'_>) -> Option<&'static str> {
    let inspecting = &panel.state.inspecting;
    if inspecting.ab_side() != AbSide::Both || !inspecting.a_is_of_rival() {
        return None;
    }
    let layer = panel.state.settings.viewing.layer;
    let ranges = [&*panel.other_layers, &*panel.layers].map(|layers| layers.range_of(layer));
    let [Some(a), Some(b)] = ranges else {
        return None;
    };
    let text = panel.text.rival;
    Some(match (a.low, a.high) == (b.low, b.high) {
        true => text.one_scale,
        false => text.own_scales,
    })
}
