//! The curves of a run: what is plotted, and how a curve is named, drawn and switched.

use egui::{
    Color32, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};
use egui_plot::{Line, LineStyle, PlotPoints, PlotUi};

use crate::ui::settings::{PlotTab, Plots};
use crate::ui::state::State;
use crate::ui::state::comparing::AbSide;
use crate::ui::term::Term;
use crate::ui::text::Text;
use crate::ui::theme::Palette;
use crate::ui::widgets::{formula, palette};
use kizumi_method::config::{ProjectionConfig, Regulariser};
use kizumi_method::iterate::IterateScalars;

use super::numbers::short;
use super::{Panel, update_row};

/// One curve.
pub struct Curve {
    /// What it is called; `_` lowers what follows.
    pub formula: &'static str,
    /// Its value at an iterate, given the weights of the run.
    pub value: fn(&IterateScalars, Weights) -> f32,
    /// Its colour.
    pub color: Color32,
    /// Whether it is drawn.
    pub is_on: bool,
    /// The term of the energy that it is.
    pub term: Option<Term>,
}

/// What the terms of a run's energy are multiplied by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weights {
    /// The regulariser.
    lambda: f32,
    /// The distance of features.
    omega: f32,
    /// Not of the energy, but the yardstick of movements: the Euclidean norm of x_0 - f(x_0).
    residual: f32,
}

impl Weights {
    /// Those of a projection of an image; `residual` is the Euclidean norm of x_0 - f(x_0).
    pub fn of(projection: &ProjectionConfig, residual: Option<f32>) -> Self {
        Self {
            lambda: projection.lambda,
            omega: projection.omega,
            residual: residual.unwrap_or(f32::NAN),
        }
    }
}

/// E and its terms; that of the features comes last, where one of the runs has it.
pub fn energy(
    palette: &Palette,
    plots: &Plots,
    regulariser: Regulariser,
    runs: &[Plotted<'_>],
    text: &Text,
) -> Vec<Curve> {
    let text = text.inspect;
    let [first, second, third, fourth] = palette.curves;
    let regularised = match regulariser {
        Regulariser::L1 => text.curve_l1,
        Regulariser::L2 => text.curve_l2,
    };
    let features = Curve {
        formula: text.curve_features,
        value: |at, weights| weights.omega * at.feature_distance,
        color: fourth,
        is_on: plots.features,
        term: Some(Term::Features),
    };
    let has_features = runs.iter().any(|run| run.weights.omega > 0.0);
    let mut curves = vec![
        Curve {
            formula: text.curve_energy,
            value: |at, _| at.energy,
            color: first,
            is_on: plots.energy,
            term: Some(Term::Energy),
        },
        Curve {
            formula: text.curve_reconstruction,
            value: |at, _| at.reconstruction_error,
            color: second,
            is_on: plots.reconstruction,
            term: Some(Term::Reconstruction),
        },
        Curve {
            formula: regularised,
            value: |at, weights| weights.lambda * at.regulariser,
            color: third,
            is_on: plots.regulariser,
            term: Some(Term::Regulariser),
        },
    ];
    curves.extend(has_features.then_some(features));
    curves
}

/// The curve of a tab beside the energy.
pub fn of_tab(palette: &Palette, tab: PlotTab, text: &Text) -> Curve {
    let (_, formula) = text.runs.tab(tab);
    let value: fn(&IterateScalars, Weights) -> f32 = match tab {
        PlotTab::Movement => |at, weights| 100.0 * at.reconstruction_shift / weights.residual,
        // No step leads to x_0.
        PlotTab::LargestChange => |at, _| {
            if at.t == 0 {
                f32::NAN
            } else {
                at.largest_change
            }
        },
        PlotTab::StepSize => |at, _| at.alpha,
        PlotTab::Features => |at, _| at.feature_distance,
    };
    Curve {
        formula,
        value,
        color: palette.curves[0],
        is_on: true,
        term: None,
    }
}

/// A run as it is plotted.
pub struct Plotted<'a> {
    /// Its iterates, as far as they are shown.
    pub scalars: &'a [IterateScalars],
    /// What its terms are multiplied by.
    pub weights: Weights,
    /// Whether it is A, drawn dashed.
    pub is_a: bool,
}

/// The runs to plot: A below the current one.
pub fn plotted(state: &State, residual: Option<f32>) -> Vec<Plotted<'_>> {
    let inspecting = &state.inspecting;
    let wanted = state.settings.projection.iterations;
    let run = |side: AbSide, iterations: Option<usize>| {
        let run = inspecting.run_of(side)?;
        let scalars = run.recording.scalars();
        let iterations = iterations.unwrap_or(run.projection.iterations);
        Some(Plotted {
            scalars: &scalars[..scalars.len().min(iterations.saturating_add(1))],
            weights: Weights::of(&run.projection, residual),
            is_a: side == AbSide::A,
        })
    };
    let runs = [run(AbSide::A, None), run(AbSide::B, Some(wanted))];
    runs.into_iter().flatten().collect()
}

impl Curve {
    /// Adds the curve of a run to a plot.
    pub fn draw<'a>(&'a self, plot: &mut PlotUi<'a>, run: &Plotted<'_>, log: bool) {
        if !self.is_on {
            return;
        }
        let values = run.scalars.iter().map(|at| {
            let value = f64::from((self.value)(at, run.weights));
            (at.t as f64, value)
        });
        // A logarithmic axis has no place for zero.
        let drawn = values.filter(|(_, y)| y.is_finite() && (!log || *y > 0.0));
        let points: Vec<[f64; 2]> = drawn
            .map(|(x, y)| [x, if log { y.max(1e-9).log10() } else { y }])
            .collect();
        let line = Line::new(self.formula, PlotPoints::from(points));
        plot.line(if run.is_a {
            let style = LineStyle::dashed_dense();
            line.color(self.color.gamma_multiply(0.8))
                .width(1.4)
                .style(style)
        } else {
            line.color(self.color).width(1.8)
        });
    }

    /// The curve's name and its value at an iterate, as a switch. Whether it was clicked.
    pub fn legend(
        &self,
        ui: &mut Ui,
        panel: &Panel<'_>,
        at: Option<&IterateScalars>,
        weights: Weights,
    ) -> bool {
        let text = panel.text;
        let palette = palette(ui);
        let ground = self.term.map(|term| update_row::ground(ui, panel, term));
        let id = ("curve", self.formula);
        let builder = UiBuilder::new().id_salt(id).sense(Sense::click());
        let response = ui
            .scope_builder(builder, |ui| {
                ui.spacing_mut().item_spacing.x = 5.0;
                ground.unwrap_or_default().show(ui, |ui| {
                    ui.horizontal(|ui| {
                        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
                        let dash = Rect::from_center_size(rect.center(), vec2(12.0, 4.0));
                        if self.is_on {
                            ui.painter().rect_filled(dash, 1.5, self.color);
                        } else {
                            let line = Stroke::new(1.0, palette.weak);
                            ui.painter()
                                .rect_stroke(dash, 1.5, line, StrokeKind::Inside);
                        }
                        ui.label(formula(self.formula, 13.0, palette.weak));
                        let value = at.map(|at| (self.value)(at, weights));
                        let value = value.map_or_else(|| "–".into(), short);
                        let color = if self.is_on {
                            palette.strong
                        } else {
                            palette.weak
                        };
                        ui.label(RichText::new(value).size(13.0).color(color));
                    })
                });
            })
            .response;
        let name = (text.runs.show_curve)(&self.formula.replace('_', ""));
        let (is_on, enabled) = (self.is_on, ui.is_enabled());
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, is_on, &name));
        let response = match self.term {
            Some(term) => response.on_hover_text(text.explain.help(term)),
            None => response,
        };
        response
            .on_hover_cursor(egui::CursorIcon::PointingHand)
            .clicked()
    }
}
