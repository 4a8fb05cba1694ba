//! How many images of which kind became what; a cell shows its images.

use egui::{Align2, Color32, FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::review::Truth;
use crate::ui::state::review_view::{Fate, KindFilter};
use crate::ui::widgets::{heading, palette, weak};
use kizumi_method::decision::Verdict;

use super::{Panel, verdict_badge};

const HEADER_HEIGHT: f32 = 20.0;
const SPACE: f32 = 4.0;
/// A column that is narrower has its verdict's symbol alone, and counts without shares.
const WORD_WIDTH: f32 = 62.0;

/// Draws the matrix.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let table = &panel.review.table;
    let whole = ui.max_rect();
    ui.horizontal(|ui| {
        heading(ui, text.confusion_heading);
        if table.changed > 0 {
            let label = (text.changed)(table.changed);
            let chosen = panel.state.review.fate == Some(Fate::Changed);
            let small = egui::RichText::new(label).small();
            let button = ui.selectable_label(chosen, small);
            if button.on_hover_text(text.changed_help).clicked() {
                toggle(panel, None, Some(Fate::Changed));
            }
        }
    });
    let is_there = |truth: &Truth| {
        let is_all = *truth == Truth::Normal && table.unknown.is_empty();
        is_all || table.scored(*truth) > 0
    };
    let known = Truth::ALL.into_iter().filter(is_there).map(Some);
    let unknown = (!table.unknown.is_empty()).then_some(None);
    let truths: Vec<Option<Truth>> = known.chain(unknown).collect();
    let footer = if table.broken > 0 { 24.0 } else { 0.0 };
    let top = ui.available_rect_before_wrap().top();
    let area = Rect::from_min_max(pos2(whole.left(), top), whole.max - vec2(0.0, footer));
    let label_width = (area.width() * 0.28).clamp(66.0, 110.0);
    let cell_size = vec2(
        (area.width() - label_width) / 3.0 - SPACE,
        ((area.height() - HEADER_HEIGHT) / truths.len() as f32 - SPACE).min(64.0),
    );
    let column = |index: usize| area.left() + label_width + index as f32 * (cell_size.x + SPACE);
    for (index, verdict) in Verdict::ALL.into_iter().enumerate() {
        let left = pos2(column(index) + 2.0, area.top() + HEADER_HEIGHT * 0.5);
        let painter = ui.painter().with_clip_rect(Rect::from_min_size(
            pos2(column(index), area.top()),
            vec2(cell_size.x, HEADER_HEIGHT),
        ));
        let word = text.verdict_word(verdict);
        if cell_size.x >= WORD_WIDTH {
            verdict_badge::paint(&painter, palette(ui), left, verdict, word);
        } else {
            let center = pos2(column(index) + cell_size.x * 0.5, left.y);
            verdict_badge::paint_symbol(&painter, palette(ui), center, verdict);
        }
    }
    for (row, truth) in truths.iter().enumerate() {
        let top = area.top() + HEADER_HEIGHT + row as f32 * (cell_size.y + SPACE);
        let name = name_of(panel, *truth);
        row_name(
            ui,
            Rect::from_min_size(pos2(area.left(), top), vec2(label_width, cell_size.y)),
            name,
        );
        for (index, verdict) in Verdict::ALL.into_iter().enumerate() {
            let rect = Rect::from_min_size(pos2(column(index), top), cell_size);
            cell(ui, panel, rect, *truth, verdict);
        }
    }
    ui.advance_cursor_after_rect(area);
    if table.broken > 0 {
        let color = palette(ui).error;
        let label = egui::RichText::new((text.broken)(table.broken)).small();
        let chosen = panel.state.review.fate == Some(Fate::Broken);
        if ui.selectable_label(chosen, label.color(color)).clicked() {
            toggle(panel, None, Some(Fate::Broken));
        }
    }
}

/// What the images of a row show; `None` where nobody has said it.
fn name_of(panel: &Panel<'_>, truth: Option<Truth>) -> &'static str {
    let text = panel.text.review;
    truth.map_or(text.unknown, |truth| text.truths[truth as usize])
}

fn row_name(ui: &mut Ui, rect: Rect, name: &str) {
    let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    inside.centered_and_justified(|ui| {
        weak(ui, name);
    });
}

fn cell(ui: &mut Ui, panel: &mut Panel<'_>, rect: Rect, truth: Option<Truth>, verdict: Verdict) {
    let text = panel.text.review;
    let palette = palette(ui);
    let (kind, fate) = (
        match truth {
            Some(Truth::Normal) => KindFilter::Normal,
            Some(Truth::Defective) => KindFilter::Defective,
            None => KindFilter::Unknown,
        },
        Fate::Verdict(verdict),
    );
    let review = &panel.state.review;
    let chosen = review.kind.as_ref() == Some(&kind) && review.fate == Some(fate);
    let table = &panel.review.table;
    let number = match truth {
        Some(truth) => table.count(truth, verdict),
        None => table.count_unknown(verdict),
    };
    let share = match truth {
        Some(truth) => table.share(truth, verdict),
        None => Some(number as f64 / table.unknown.len().max(1) as f64),
    };

    let id = ui
        .scope_id()
        .with(("cell", truth.map(|truth| truth as usize), verdict as usize));
    let response = ui.interact(rect, id, Sense::click());
    let name = (text.cell)(name_of(panel, truth), text.verdict_word(verdict), number);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    let painter = ui.painter_at(rect);
    let ground = ground(palette, truth, verdict);
    let weight = 0.08 + 0.4 * share.unwrap_or(0.0) as f32;
    painter.rect_filled(rect, 4, ground.gamma_multiply(weight));
    let line = if chosen || response.has_focus() {
        Stroke::new(2.0, palette.accent)
    } else if response.hovered() {
        Stroke::new(1.0, palette.weak)
    } else {
        Stroke::new(1.0, palette.line)
    };
    painter.rect_stroke(rect, 4, line, egui::StrokeKind::Inside);
    let size = (rect.height() * 0.42).clamp(13.0, 19.0);
    let beside = rect.height() < 34.0;
    let share = share.filter(|_| !beside || rect.width() >= WORD_WIDTH);
    let center = rect.center();
    let (number_at, share_at) = match (share, beside) {
        (None, _) => (center, center),
        (_, true) => (center - vec2(14.0, 0.0), center + vec2(18.0, 0.0)),
        (_, false) => (center - vec2(0.0, 8.0), center + vec2(0.0, 10.0)),
    };
    let font = FontId::proportional(size);
    let middle = Align2::CENTER_CENTER;
    painter.text(number_at, middle, number.to_string(), font, palette.strong);
    if let Some(share) = share {
        let percent = format!("{:.0} %", share * 100.0);
        painter.text(
            share_at,
            middle,
            percent,
            FontId::proportional(12.0),
            palette.weak,
        );
    }
    if response.on_hover_text(text.confusion_help).clicked() {
        toggle(panel, Some(kind), Some(fate));
    }
}

/// Right answers are green, wrong ones red; of others nobody knows what they are.
fn ground(palette: &crate::ui::theme::Palette, truth: Option<Truth>, verdict: Verdict) -> Color32 {
    match (truth, verdict) {
        (None, _) => palette.weak,
        (_, Verdict::Review) => palette.warning,
        (Some(Truth::Normal), Verdict::Pass) | (Some(Truth::Defective), Verdict::Reject) => {
            palette.good
        }
        _ => palette.error,
    }
}

fn toggle(panel: &mut Panel<'_>, kind: Option<KindFilter>, fate: Option<Fate>) {
    let mut review = panel.state.review.clone();
    review.toggle_cell(kind, fate);
    panel.actions.push(Action::SetReview(Box::new(review)));
}
