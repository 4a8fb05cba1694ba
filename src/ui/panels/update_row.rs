//! The update above the curves, with the numbers of the pixel that is looked at.

use egui::{Color32, CursorIcon, Frame, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::ui::action::Action;
use crate::ui::state::viewer::Pixel;
use crate::ui::term::Term;
use crate::ui::theme::Palette;
use crate::ui::widgets::{formula, palette};
use kizumi_method::config::Gate;

use super::Panel;
use super::numbers::short;

/// Height of the row, in points.
pub const HEIGHT: f32 = 22.0;

/// A pixel's numbers in the update that leads away from the iterate on screen, means over the channels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Numbers {
    next: Option<f32>,
    iterate: Option<f32>,
    gradient: Option<f32>,
    gate: Option<f32>,
}

/// Draws the row. `pixel` is the one below the pointer.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, pixel: Option<Pixel>) {
    let text = panel.text.explain;
    let palette = palette(ui);
    let state = panel.state;
    let pin = state.viewer.pins().last().copied();
    let of_pointer = pixel.map(|pixel| (pixel, palette.weak));
    let of_pin = pin.map(|pin| (pin.pixel, Palette::pin(pin.color)));
    let looked_at = of_pointer.or(of_pin);
    let numbers = looked_at.map(|(pixel, _)| numbers(panel, pixel));
    let numbers = numbers.unwrap_or_default();
    let run = state.inspecting.on_screen();
    let at = run.and_then(|run| run.recording.scalars().get(state.shown()));
    let alpha = at.map_or(state.settings.projection.alpha, |at| at.alpha);
    let gate = run.map_or(state.settings.projection.step.gate, |run| {
        run.projection.step.gate
    });
    let gate = match gate {
        Gate::None => None,
        Gate::Residual => Some("(x_t − f(x_t))²"),
        Gate::Features => Some("g"),
        Gate::Both => Some("g (x_t − f(x_t))²"),
    };
    ui.horizontal(|ui| {
        ui.set_height(HEIGHT - 2.0);
        ui.spacing_mut().item_spacing.x = 2.0;
        term(ui, panel, Term::Next, "x_t_+_1", numbers.next);
        sign(ui, "=");
        term(ui, panel, Term::Iterate, "x_t", numbers.iterate);
        sign(ui, "−");
        term(ui, panel, Term::Alpha, "α", Some(alpha));
        sign(ui, "·");
        term(ui, panel, Term::Gradient, "∇E", numbers.gradient);
        if let Some(gate) = gate {
            sign(ui, "·");
            term(ui, panel, Term::Gate, gate, numbers.gate);
        }
        ui.add_space(10.0);
        let (words, color) = match looked_at {
            Some((_, color)) if pixel.is_some() => (text.below_the_pointer.to_owned(), color),
            Some((pixel, color)) => ((panel.text.viewer.pixel)(pixel.x, pixel.y), color),
            None => (text.point_at_a_pixel.to_owned(), palette.weak),
        };
        if looked_at.is_some() {
            let (dot, _) = ui.allocate_exact_size(vec2(9.0, 9.0), Sense::hover());
            ui.painter().circle_filled(dot.center(), 4.0, color);
            ui.add_space(2.0);
        }
        let words = RichText::new(words).small().color(palette.weak);
        ui.add(egui::Label::new(words).truncate());
    });
}

/// A sign between two terms.
pub fn sign(ui: &mut Ui, sign: &str) {
    ui.label(RichText::new(sign).size(13.0).color(palette(ui).weak));
}

/// What is behind a term: nothing, or the tint of what belongs to what is pointed at.
pub fn ground(ui: &Ui, panel: &Panel<'_>, term: Term) -> Frame {
    let is_lit = panel.pointed.contains(&term);
    let fill = match is_lit {
        true => palette(ui).tint,
        false => Color32::TRANSPARENT,
    };
    let margin = egui::Margin::symmetric(3, 0);
    Frame::new()
        .fill(fill)
        .corner_radius(3)
        .inner_margin(margin)
}

/// A term with its number; a click shows its layer.
fn term(ui: &mut Ui, panel: &mut Panel<'_>, term: Term, symbols: &str, number: Option<f32>) {
    let text = panel.text.explain;
    let layer = term.layer();
    let sense = match layer {
        Some(_) => Sense::click(),
        None => Sense::hover(),
    };
    let number = number.map(short);
    let ground = ground(ui, panel, term);
    let builder = UiBuilder::new().id_salt(symbols).sense(sense);
    let response = ui
        .scope_builder(builder, |ui| {
            ground.show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.horizontal(|ui| {
                    ui.label(formula(symbols, 13.0, palette(ui).text));
                    if let Some(number) = &number {
                        ui.label(RichText::new(number).size(13.0).color(palette(ui).accent));
                    }
                });
            });
        })
        .response;
    let name = match &number {
        Some(number) => format!("{} {number}", text.name(term)),
        None => text.name(term).to_owned(),
    };
    let role = match layer {
        Some(_) => Role::Button,
        None => Role::Label,
    };
    response.widget_info(|| WidgetInfo::labeled(role, true, &name));
    let response = response.on_hover_text(text.help(term));
    if let Some(layer) = layer
        && response.on_hover_cursor(CursorIcon::PointingHand).clicked()
    {
        panel.actions.push(Action::ShowLayer(layer));
    }
}

fn numbers(panel: &Panel<'_>, Pixel { x, y }: Pixel) -> Numbers {
    use crate::ui::layers::Layer;
    let state = panel.state;
    let Some(shown) = panel.layers.shown() else {
        return Numbers::default();
    };
    if x >= shown.original.width || y >= shown.original.height {
        return Numbers::default();
    }
    let Some(t) = shown.iterate.as_ref().map(|at| at.scalars.t) else {
        return Numbers::default();
    };
    let run = state.inspecting.on_screen();
    let course = run.map(|run| run.recording.course(y, x));
    let course = course.unwrap_or_default();
    let at = |t| course.iter().find(|at| at.t == t).map(|at| at.iterate);
    Numbers {
        next: at(t + 1).filter(|_| t < state.last_shown()),
        iterate: at(t),
        gradient: shown.value(Layer::Gradient, 0, y, x),
        gate: shown.value(Layer::Gate, 0, y, x),
    }
}
