//! Small parts that panels share.

use egui::{
    Align, Color32, DragValue, EventFilter, Frame, Key, Layout, Margin, Modifiers, Response,
    RichText, Role, Sense, Stroke, TextFormat, Ui, Vec2, Widget as _, WidgetInfo, text::LayoutJob,
    vec2,
};

use super::icon::{self, Icon};
use super::theme::{GAP, MARGIN, Palette, RADIUS};

/// The palette in force.
pub fn palette(ui: &Ui) -> &'static Palette {
    Palette::of(ui.visuals())
}

/// A raised surface.
pub fn card(ui: &Ui) -> Frame {
    let palette = palette(ui);
    Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(RADIUS)
        .inner_margin(Margin::same(MARGIN))
}

/// A line that stands out from the page, in the colour of what it says.
pub fn tinted(color: Color32) -> Frame {
    Frame::new()
        .fill(color.gamma_multiply(0.12))
        .stroke(Stroke::new(1.0, color.gamma_multiply(0.5)))
        .corner_radius(5)
        .inner_margin(Margin::symmetric(10, 4))
}

/// The heading of a group of controls.
pub fn heading(ui: &mut Ui, text: &str) {
    let strong = palette(ui).strong;
    ui.label(RichText::new(text).size(15.0).color(strong));
}

/// Text of lesser weight.
pub fn weak(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = palette(ui).weak;
    ui.label(RichText::new(text).small().color(color))
}

/// A square button with an icon. `name` is its tooltip and its name for screen readers.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    icon_toggle(ui, icon, name, false)
}

/// An icon button that may be on.
pub fn icon_toggle(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    icon_control(ui, icon, name, name, on)
}

/// An icon button that may be on, with a tooltip that says more than its name.
pub fn icon_control(ui: &mut Ui, icon: Icon, name: &str, tip: &str, on: bool) -> Response {
    let side = ui.spacing().interact_size.y + 2.0;
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
    if ui.is_rect_visible(rect) {
        let visuals = ui.style().interact_selectable(&response, on);
        ui.painter().rect(
            rect,
            visuals.corner_radius,
            visuals.weak_bg_fill,
            visuals.bg_stroke,
            egui::StrokeKind::Inside,
        );
        let color = if on {
            palette(ui).accent
        } else {
            visuals.fg_stroke.color
        };
        icon::paint(ui.painter(), rect, icon, color);
    }
    response.on_hover_text(tip)
}

/// The one button of a panel that leads on.
pub fn primary_button(ui: &mut Ui, text: &str) -> Response {
    let palette = palette(ui);
    let text = RichText::new(text).color(palette.on_accent);
    egui::Button::new(text)
        .fill(palette.accent)
        .stroke(Stroke::NONE)
        .min_size(vec2(0.0, 30.0))
        .ui(ui)
}

/// How long a button that ends something takes no click after it appeared: what was clicked twice may
/// have lain where it is now.
const ENDING_WAITS_SECS: f64 = 0.6;

/// A button that ends something, or gives it up.
pub fn ending_button(ui: &mut Ui, text: &str) -> Response {
    ending(ui, text, egui::Button::new(text))
}

/// Any button that ends something, known by its name.
pub fn ending(ui: &mut Ui, name: &str, button: egui::Button<'_>) -> Response {
    let id = ui.scope_id().with(("ending", name));
    let (now_secs, pass) = (ui.input(|input| input.time), ui.ctx().cumulative_pass_nr());
    let appeared_secs = ui.data_mut(|data| {
        let (seen, appeared_secs) = data.get_temp_mut_or(id, (pass, now_secs));
        if pass.saturating_sub(*seen) > 1 {
            *appeared_secs = now_secs;
        }
        *seen = pass;
        *appeared_secs
    });
    let left_secs = ENDING_WAITS_SECS - (now_secs - appeared_secs);
    if left_secs > 0.0 {
        ui.ctx().request_repaint_after_secs(left_secs as f32);
        return ui.add(button.sense(Sense::hover()));
    }
    ui.add(button)
}

/// What an empty panel says, with a place for its buttons.
pub fn empty_state(ui: &mut Ui, icon: Icon, sentence: &str, buttons: impl FnOnce(&mut Ui)) {
    let palette = palette(ui);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.5 - 80.0).max(GAP));
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(40.0), Sense::hover());
        icon::paint_in(ui.painter(), rect, icon, palette.weak.gamma_multiply(0.6));
        ui.add_space(GAP);
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(420.0));
            ui.label(RichText::new(sentence).color(palette.weak));
        });
        ui.add_space(GAP);
        buttons(ui);
    });
}

/// A word on a coloured ground, for the kind of an image or a chip.
pub fn chip(ui: &mut Ui, text: &str, color: Color32) -> Response {
    Frame::new()
        .fill(color.gamma_multiply(0.16))
        .corner_radius(4)
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| ui.label(RichText::new(text).small().color(color)))
        .response
}

/// A formula: what follows a `_` is lowered ("f(x_t)").
pub fn formula(text: &str, size: f32, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let format = |size: f32, valign| TextFormat {
        font_id: egui::FontId::proportional(size),
        color,
        valign,
        ..Default::default()
    };
    let mut lowered = false;
    let mut buffer = [0; 4];
    for letter in text.chars() {
        if letter == '_' {
            lowered = true;
            continue;
        }
        let format = if std::mem::take(&mut lowered) {
            format(size * 0.72, Align::BOTTOM)
        } else {
            format(size, Align::Center)
        };
        job.append(letter.encode_utf8(&mut buffer), 0.0, format);
    }
    job
}

/// A name on the left, its control on the right; a changed value is marked and can be reset.
/// The control's response is named after the label. Returns whether a reset was asked for.
pub fn field(
    ui: &mut Ui,
    label_share: f32,
    label: &str,
    help: &str,
    reset: Option<(&str, bool)>,
    control: impl FnOnce(&mut Ui) -> Response,
) -> bool {
    let palette = palette(ui);
    let mut reset_asked = false;
    ui.horizontal(|ui| {
        let changed = reset.is_some_and(|(_, changed)| changed);
        let color = if changed {
            palette.accent
        } else {
            palette.text
        };
        let width = (ui.available_width() * label_share).floor();
        let name = ui
            .allocate_ui_with_layout(
                vec2(width, ui.spacing().interact_size.y),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.set_min_width(width);
                    let label = egui::Label::new(RichText::new(label).color(color)).truncate();
                    let response = ui.add(label);
                    if help.is_empty() {
                        response
                    } else {
                        response.on_hover_text(help)
                    }
                },
            )
            .inner;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some((reset_name, _)) = reset {
                let reset_name = format!("{reset_name}: {label}");
                reset_asked = reset_button(ui, &reset_name, changed);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                control(ui).labelled_by(name.id);
            });
        });
    });
    reset_asked
}

/// A small button that puts a default back; invisible while there is nothing to reset.
pub fn reset_button(ui: &mut Ui, name: &str, changed: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(
        vec2(18.0, ui.spacing().interact_size.y),
        if changed {
            Sense::click()
        } else {
            Sense::hover()
        },
    );
    if !changed {
        return false;
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let palette = palette(ui);
    let color = if response.hovered() {
        palette.accent
    } else {
        palette.weak
    };
    icon::paint(ui.painter(), rect.shrink(1.0), Icon::Reset, color);
    response.on_hover_text(name).clicked()
}

/// How often an arrow key was pressed to the right more than to the left, while `response` has the focus,
/// which these keys then do not move.
pub fn arrow_presses(ui: &Ui, response: &Response) -> f32 {
    if !response.has_focus() {
        return 0.0;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        ..Default::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let presses =
        |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as f32;
    presses(Key::ArrowRight) - presses(Key::ArrowLeft)
}

/// A share as a number in percent, to be dragged or typed.
pub fn percent_drag(share: &mut f32, decimals: usize) -> DragValue<'_> {
    DragValue::new(share)
        .custom_formatter(move |share, _| format!("{:.decimals$} %", share * 100.0))
        .custom_parser(|typed| {
            let typed = typed.trim().trim_end_matches('%').trim();
            Some(typed.parse::<f64>().ok()? / 100.0)
        })
}

/// A number with its name below, in a row of such.
pub fn stat(ui: &mut Ui, value: &str, name: &str) {
    let palette = palette(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.label(RichText::new(value).size(17.0).color(palette.strong));
        weak(ui, name);
    });
}
