//! The images of the data set, grouped by kind; only the rows in sight are laid out.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, FontId, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::state::labelling::LabelFilter;
use crate::ui::state::set::{Source, Stale};
use crate::ui::state::{State, file_name};
use crate::ui::text::Text;
use crate::ui::theme::Palette;
use crate::ui::widgets::palette;
use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_dataset::labels::Label;
use kizumi_engine::message::DatasetId;
use kizumi_method::decision::Verdict;

use super::{Panel, label_mark, verdict_badge};

const ROW_HEIGHT: f32 = 22.0;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    /// The kind of the images below by their folder: place of the first one, how many there are, and what labels
    /// made of them.
    Heading {
        first: usize,
        count: usize,
        moved: Moved,
    },
    /// An image, by its place.
    Image(usize),
}

/// How many images of a kind are something else by their labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Normal.
    pub ok: usize,
    /// Defective, in another way or at all.
    pub ng: usize,
}

/// The rows, for as long as what they are made of stays the same.
#[derive(Clone, Debug, PartialEq)]
struct Rows {
    of: (DatasetId, Source, LabelFilter, u64, usize),
    rows: Arc<Vec<Row>>,
}

impl Rows {
    /// Those of the list as it is. A data set may have very many images, so they are made only when it changes.
    fn of(ui: &Ui, state: &State, id: &str) -> Arc<Vec<Row>> {
        let images = state.listed_images();
        let dataset = state.dataset.as_ref().map(|open| open.id);
        let of = (
            dataset.unwrap_or_default(),
            state.listed,
            state.label_filter,
            state.labels_generation,
            images.len(),
        );
        let memory = ui.scope_id().with((id, "rows"));
        let known = ui.data(|data| data.get_temp::<Self>(memory));
        if let Some(known) = known.filter(|known| known.of == of) {
            return known.rows;
        }
        let mut rows = rows(images, |entry| state.labelled(entry).kind.clone());
        if state.label_filter != LabelFilter::All {
            // Those of folders are far apart then, and few.
            rows.retain(|row| matches!(row, Row::Image(index) if state.is_listed(&images[*index])));
        }
        let rows = Arc::new(rows);
        let made = Self {
            of,
            rows: Arc::clone(&rows),
        };
        ui.data_mut(|data| data.insert_temp(memory, made));
        rows
    }
}

/// Rows for images that are already grouped; `now` says what an image is by its label.
fn rows(images: &[Entry], now: impl Fn(&Entry) -> Kind) -> Vec<Row> {
    let mut rows = Vec::with_capacity(images.len() + 8);
    let mut first = 0;
    while first < images.len() {
        let kind = &images[first].kind;
        let rest = &images[first..];
        let count = rest.iter().take_while(|entry| entry.kind == *kind).count();
        let mut moved = Moved::default();
        for kind in rest[..count].iter().map(&now).filter(|now| now != kind) {
            match kind {
                Kind::Normal => moved.ok += 1,
                Kind::Defect(_) => moved.ng += 1,
                Kind::Unknown => {}
            }
        }
        rows.push(Row::Heading {
            first,
            count,
            moved,
        });
        rows.extend((first..first + count).map(Row::Image));
        first += count;
    }
    rows
}

/// Draws the list in what is left of the panel, or in `height` points of it.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, id: &str, height: f32) {
    let images = panel.state.listed_images();
    let state = panel.state;
    let rows = Rows::of(ui, state, id);
    let selected = panel.state.inspecting.selected.as_ref();
    let place = selected.and_then(|selected| {
        rows.iter().position(|row| match row {
            Row::Image(index) => images[*index].path == selected.path,
            Row::Heading { .. } => false,
        })
    });
    // The list follows the selection when keys move it, not when it is merely scrolled.
    let memory = ui.scope_id().with((id, "followed"));
    let followed = ui
        .data(|data| data.get_temp::<Option<usize>>(memory))
        .flatten();
    let mut area = ScrollArea::vertical()
        .id_salt(id)
        .max_height(height)
        .auto_shrink(false);
    ui.spacing_mut().item_spacing.y = 0.0;
    if place != followed
        && let Some(place) = place
    {
        let target = place as f32 * ROW_HEIGHT - height * 0.5;
        area = area.vertical_scroll_offset(target.max(0.0));
    }
    ui.data_mut(|data| data.insert_temp(memory, place));
    // What is known of single files is said image by image.
    let judged = matches!(
        panel.state.set_stale(),
        None | Some(Stale::Files(_) | Stale::Unreachable(_))
    );
    area.show_rows(ui, ROW_HEIGHT, rows.len(), |ui, range| {
        for row in &rows[range] {
            match *row {
                Row::Heading {
                    first,
                    count,
                    moved,
                } => {
                    let kind = &images[first].kind;
                    let words = panel.text.labels.group;
                    let name = words(&panel.text.data.kind(kind), count, moved);
                    heading(ui, kind, name);
                }
                Row::Image(index) => {
                    let entry = &images[index];
                    let chosen = selected.is_some_and(|selected| selected.path == entry.path);
                    let verdict = panel.review.verdict(panel.state, index, entry);
                    let verdict = verdict.filter(|_| judged);
                    let entry = &*state.labelled(entry);
                    let label = state.label_of(&entry.path);
                    if image(ui, panel.text, entry, label, verdict, chosen).clicked() {
                        panel.actions.push(Action::Select(images[index].clone()));
                    }
                }
            }
        }
    });
}

/// The colour of a kind.
pub fn kind_color(palette: &Palette, kind: &Kind) -> egui::Color32 {
    match kind {
        Kind::Normal => palette.good,
        Kind::Defect(_) => palette.error,
        Kind::Unknown => palette.weak,
    }
}

fn heading(ui: &mut Ui, kind: &Kind, name: String) {
    let palette = palette(ui);
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let painter = ui.painter();
    let dot = pos2(rect.left() + 8.0, rect.center().y);
    painter.circle_filled(dot, 4.0, kind_color(palette, kind));
    painter.text(
        pos2(rect.left() + 18.0, rect.center().y),
        Align2::LEFT_CENTER,
        name,
        FontId::proportional(13.0),
        palette.strong,
    );
}

fn image(
    ui: &mut Ui,
    text: &Text,
    entry: &Entry,
    label: Option<&Label>,
    verdict: Option<Verdict>,
    chosen: bool,
) -> Response {
    let palette = palette(ui);
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let name = file_name(&entry.path);
    let spoken = match label {
        Some(label) => format!("{name}, {}", text.labels.label(label)),
        None => name.clone(),
    };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
    let painter = ui.painter_at(rect);
    if chosen {
        painter.rect_filled(rect, 4, palette.tint);
    } else if response.hovered() {
        painter.rect_filled(rect, 4, palette.line.gamma_multiply(0.5));
    }
    if response.has_focus() {
        let stroke = Stroke::new(1.0, palette.accent);
        painter.rect_stroke(rect, 4, stroke, egui::StrokeKind::Inside);
    }
    let color = if chosen { palette.strong } else { palette.text };
    painter.circle_filled(
        pos2(rect.left() + 8.0, rect.center().y),
        2.5,
        kind_color(palette, &entry.kind),
    );
    let mut right = rect.right() - 12.0;
    if let Some(verdict) = verdict {
        let center = pos2(right - 7.0, rect.center().y);
        verdict_badge::paint_symbol(&painter, palette, center, verdict);
        right -= 20.0;
    }
    if let Some(label) = label {
        let at = pos2(right, rect.center().y);
        right = label_mark::paint(&painter, palette, text.labels, at, label) - 6.0;
    }
    let kind = painter.text(
        pos2(right, rect.center().y),
        Align2::RIGHT_CENTER,
        text.data.kind(&entry.kind),
        FontId::proportional(12.0),
        palette.weak,
    );
    let left = rect.left() + 18.0;
    let mut job = LayoutJob::simple_singleline(name, FontId::proportional(13.5), color);
    job.wrap = TextWrapping::truncate_at_width(kind.left() - 8.0 - left);
    let galley = painter.layout_job(job);
    let top = rect.center().y - galley.size().y * 0.5;
    painter.galley(pos2(left, top), galley, color);
    match verdict {
        Some(verdict) => response.on_hover_text(text.review.verdict_word(verdict)),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_has_one_row_below_its_kind() {
        let entry = |name: &str, kind: Kind| Entry {
            path: name.into(),
            kind,
            mask: None,
        };
        let dent = || Kind::Defect("dent".into());
        let images = [
            entry("a", Kind::Normal),
            entry("b", Kind::Normal),
            entry("c", dent()),
        ];
        let heading = |first, count, ok, ng| Row::Heading {
            first,
            count,
            moved: Moved { ok, ng },
        };
        let expected = |ng| {
            [
                heading(0, 2, 0, ng),
                Row::Image(0),
                Row::Image(1),
                heading(2, 1, 0, 0),
                Row::Image(2),
            ]
        };
        assert_eq!(rows(&images, |entry| entry.kind.clone()), expected(0));
        assert_eq!(rows(&images, |_| dent()), expected(2));
        assert!(rows(&[], |_| dent()).is_empty());
    }
}
