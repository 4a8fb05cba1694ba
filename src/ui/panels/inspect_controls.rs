//! Step 3, controls: the image, its scores, what changes the projection, what only changes the
//! picture.

use egui::{Rect, Ui, pos2};

use crate::ui::action::{ALPHA_MIN, Action, Browse};
use crate::ui::form::{Form, Scale};
use crate::ui::icon::Icon;
use crate::ui::settings::{Display, MapRange};
use crate::ui::state::Step;
use crate::ui::term::Term;
use crate::ui::theme::{GAP, SECTION_GAP};
use crate::ui::widgets::{heading, reset_button, weak};
use kizumi_image::colormap::Colormap;
use kizumi_method::config::{Distance, Gate, Regulariser};

use super::{
    Panel, ab_panel, call, column, divergence, image_list, map_histogram, paint_panel, path_entry,
    region_list, result,
};

/// Spread over powers of ten, with an explicit zero where the range has one.
const LOG: Scale = Scale::Log { smallest: 1e-4 };

/// The labels' share of the width.
const LABEL_SHARE: f32 = 0.36;

/// Draws the column.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    column(ui, "inspect-controls", |ui| {
        image(ui, panel);
        ui.add_space(SECTION_GAP);
        result::show(ui, panel);
        ui.add_space(SECTION_GAP);
        if !panel.state.tells_by_features() {
            projection(ui, panel);
            ui.add_space(SECTION_GAP);
            ab_panel::show(ui, panel);
            ui.add_space(SECTION_GAP);
        }
        display(ui, panel);
        if panel.state.inspecting.opened.is_some() {
            ui.add_space(SECTION_GAP);
            paint_panel::show(ui, panel);
        }
        if panel.layers.map_range().is_some() {
            ui.add_space(SECTION_GAP);
            region_list::show(ui, panel);
        }
    });
}

fn image(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.inspect;
    ui.horizontal(|ui| {
        heading(ui, text.image_heading);
        let in_review = panel.state.place_in_review(&panel.review.order);
        let place = in_review.or(panel.state.place_in_list());
        if let Some((index, count)) = place {
            weak(ui, format!("{} / {count}", index + 1));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let (next, previous) = (text.next_image, text.previous_image);
            call::icon(ui, panel, Icon::Right, next, Action::SelectNeighbour(1));
            call::icon(ui, panel, Icon::Left, previous, Action::SelectNeighbour(-1));
        });
    });
    if panel.state.place_in_review(&panel.review.order).is_some() {
        let back = ui.button(text.back_to_review);
        if back.on_hover_text(text.back_to_review_help).clicked() {
            panel.actions.push(Action::GoTo(Step::Review));
        }
    }
    if panel.state.dataset.is_some() {
        ui.scope(|ui| image_list::show(ui, panel, "inspect-images", 132.0));
    } else {
        weak(ui, text.no_list);
    }
    ui.horizontal_wrapped(|ui| {
        path_entry::browse(ui, panel, panel.text.data.open_image, Browse::Image);
        path_entry::browse(ui, panel, panel.text.data.open_model, Browse::Model);
    });
}

/// Rows of the form, each belonging to a term of the formulas above the curves.
struct Rows<'a> {
    reset: &'static str,
    pointed: &'a mut Vec<Term>,
}

impl Rows<'_> {
    /// A row; the term is lit while the pointer is on it.
    fn of(&mut self, ui: &mut Ui, term: Term, add: impl FnOnce(&mut Form<'_>)) {
        let top_left = ui.cursor().min;
        add(&mut Form {
            ui: &mut *ui,
            label_share: LABEL_SHARE,
            reset: self.reset,
        });
        let bottom_right = pos2(ui.max_rect().right(), ui.cursor().top());
        if ui.rect_contains_pointer(Rect::from_min_max(top_left, bottom_right)) {
            self.pointed.push(term);
        }
    }
}

fn projection(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let labels = &text.inspect;
    let usual = panel.state.usual_projection();
    let mut config = panel.state.settings.projection;
    ui.horizontal(|ui| {
        heading(ui, labels.projection_heading);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if reset_button(ui, labels.reset_projection, config != usual) {
                config = usual;
            }
            history(ui, panel);
        });
    });
    divergence::show_or(ui, panel, labels.projection_help);
    let pointed = &mut panel.pointed;
    let mut rows = Rows {
        reset: text.common.reset,
        pointed,
    };
    rows.of(ui, Term::Alpha, |form| {
        let label = (labels.alpha, labels.alpha_help);
        form.slider(label, &mut config.alpha, usual.alpha, 0.001..=10.0, LOG);
    });
    rows.of(ui, Term::Regulariser, |form| {
        let label = (labels.lambda, labels.lambda_help);
        form.slider(label, &mut config.lambda, usual.lambda, 0.0..=1.0, LOG);
    });
    // Without a memory there is no distance of features, nor a gate of them.
    let has_features = panel.state.has_features();
    if has_features {
        rows.of(ui, Term::Features, |form| {
            let label = (labels.omega, labels.omega_help);
            form.slider(label, &mut config.omega, usual.omega, 0.0..=1.0, LOG);
        });
    }
    rows.of(ui, Term::Iterate, |form| {
        let label = (labels.iterations, labels.iterations_help);
        let scale = Scale::Log { smallest: 1.0 };
        let iterations = &mut config.iterations;
        form.slider(label, iterations, usual.iterations, 1..=200, scale);
    });
    // Values below these would be no projection at all; a slider alone would let them be typed.
    config.alpha = finite_or(config.alpha, usual.alpha).max(ALPHA_MIN);
    config.lambda = finite_or(config.lambda, usual.lambda).max(0.0);
    config.omega = finite_or(config.omega, usual.omega).max(0.0);
    config.iterations = config.iterations.clamp(1, 100_000);

    rows.of(ui, Term::Gradient, |form| {
        let label = (labels.step_rule, labels.step_rule_help);
        let choices = [(true, labels.step_plain), (false, labels.step_held)];
        let through = &mut config.step.through;
        form.choice(label, through, usual.step.through, &choices);
    });
    rows.of(ui, Term::Gate, |form| {
        let gates = Gate::ALL.into_iter();
        let gates = gates.filter(|gate| has_features || !gate.of_features());
        let gates: Vec<_> = gates.map(|gate| (gate, labels.gate_name(gate))).collect();
        let label = (labels.gate, labels.gate_help);
        form.choice(label, &mut config.step.gate, usual.step.gate, &gates);
    });
    rows.of(ui, Term::Reconstruction, |form| {
        let label = (labels.distance, labels.distance_help);
        let choices = Distance::ALL.map(|distance| (distance, labels.distance_name(distance)));
        form.choice(label, &mut config.distance, usual.distance, &choices);
    });
    rows.of(ui, Term::Regulariser, |form| {
        let label = (labels.regulariser, labels.regulariser_help);
        let choices = [
            (Regulariser::L1, labels.regulariser_l1),
            (Regulariser::L2, labels.regulariser_l2),
        ];
        let regulariser = &mut config.regulariser;
        form.choice(label, regulariser, usual.regulariser, &choices);
    });
    ui.checkbox(&mut config.stop_early, labels.stop_early)
        .on_hover_text(labels.stop_early_help);
    ui.checkbox(&mut config.back_off, labels.back_off)
        .on_hover_text(labels.back_off_help);
    if config != panel.state.settings.projection {
        panel.actions.push(Action::SetProjection(config));
    }
    let has_image = panel.state.inspecting.opened.is_some() && panel.state.model.is_some();
    ui.horizontal_wrapped(|ui| {
        let sheet = ui.add_enabled(has_image, egui::Button::new(text.runs.open_sheet));
        let tip = call::with_keys(text.runs.open_sheet_help, &Action::OpenSheet);
        if sheet.on_hover_text(tip).clicked() {
            panel.actions.push(Action::OpenSheet);
        }
        call::button(
            ui,
            panel,
            text.tuning.open,
            text.tuning.open_help,
            Action::OpenTuning,
        );
    });
}

/// Back, on again, and the settings as text; from the right.
fn history(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.runs;
    ui.spacing_mut().item_spacing.x = 4.0;
    for (icon, name, action) in [
        (Icon::Paste, text.paste_settings, Action::AskForPaste),
        (Icon::Copy, text.copy_settings, Action::CopySettings),
        (Icon::Redo, text.redo, Action::Redo),
        (Icon::Undo, text.undo, Action::Undo),
    ] {
        call::icon(ui, panel, icon, name, action);
    }
}

fn display(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let labels = &text.inspect;
    let usual = Display::default();
    let mut display = panel.state.settings.display;
    heading(ui, labels.display_heading);
    weak(ui, labels.display_help);
    let mut form = Form {
        ui: &mut *ui,
        label_share: LABEL_SHARE,
        reset: text.common.reset,
    };
    let maps = Colormap::ALL.map(|map| (map, labels.colormap_name(map)));
    form.choice(
        (labels.colormap, ""),
        &mut display.colormap,
        usual.colormap,
        &maps,
    );
    form.choice(
        (labels.range, labels.range_help),
        &mut display.range,
        usual.range,
        &[
            (MapRange::Normals, labels.range_normals),
            (MapRange::ThisImage, labels.range_image),
            (MapRange::Custom, labels.range_custom),
        ],
    );
    map_histogram::show(form.ui, panel);
    if display.range == MapRange::Custom {
        let high = &mut display.custom_high;
        form.slider(
            (labels.custom_high, ""),
            high,
            usual.custom_high,
            0.001..=1.0,
            LOG,
        );
        display.custom_high = finite_or(display.custom_high, usual.custom_high).max(1e-6);
    }
    let opacity = &mut display.opacity;
    form.slider(
        (labels.opacity, ""),
        opacity,
        usual.opacity,
        0.0..=1.0,
        Scale::Percent,
    );
    display.opacity = display.opacity.clamp(0.0, 1.0);
    let smoothing = &mut display.smoothing_px;
    let label = (labels.smoothing, labels.smoothing_help);
    form.slider(
        label,
        smoothing,
        usual.smoothing_px,
        0.0..=8.0,
        Scale::Linear { suffix: " px" },
    );
    display.smoothing_px = finite_or(display.smoothing_px, usual.smoothing_px).clamp(0.0, 64.0);
    let opened = panel.state.inspecting.opened.as_ref();
    let has_mask = opened.is_some_and(|opened| opened.mask.is_some());
    ui.add_enabled_ui(has_mask, |ui| {
        ui.checkbox(&mut display.show_mask, labels.show_mask)
            .on_hover_text(labels.show_mask_help)
            .on_disabled_hover_text(labels.no_mask);
    });
    ui.add_space(GAP);
    if display != panel.state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
}

fn finite_or(value: f32, usual: f32) -> f32 {
    if value.is_finite() { value } else { usual }
}
