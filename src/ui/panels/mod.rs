//! What is on screen, one file a panel. Panels read the state and push actions; they change nothing.

mod ab_panel;
mod banners;
mod call;
mod chart;
mod color_bar;
mod command_line_sheet;
mod contact_sheet;
mod curves;
mod data_controls;
mod data_view;
mod divergence;
mod energy_plot;
pub mod image_list;
mod inspect_controls;
mod inspect_view;
mod interrupted;
mod key_sheet;
mod label_bar;
mod label_mark;
mod label_news;
mod large_view;
mod lesson_card;
mod line_profile;
mod map_histogram;
mod marks_view;
mod menu;
pub mod numbers;
mod overlays;
mod paint_panel;
mod palette_sheet;
mod part_controls;
mod part_frame;
mod part_view;
mod path_entry;
mod path_sheet;
mod picture_cell;
mod picture_grid;
mod pin_plot;
mod probe;
mod question;
mod recent_projects;
mod refused_view;
mod region_list;
mod result;
mod review_confusion;
mod review_controls;
mod review_curves;
mod review_decision;
mod review_duel;
mod review_filter;
mod review_handles;
mod review_histogram;
mod review_masks;
mod review_pixels;
mod review_results;
mod review_rival;
mod review_run;
mod review_summary;
mod review_tile;
mod review_view;
mod review_wall;
mod review_watch;
mod run_marks;
mod scale_bar;
mod score_axis;
mod scrubber;
mod small_chart;
mod sort_form;
mod status_bar;
mod suspect_list;
mod timing_view;
mod top_bar;
mod train_controls;
mod train_parts;
mod train_view;
mod tuning_view;
mod two_models;
mod update_row;
mod verdict_badge;
mod viewer_bar;
mod watch_tile;
mod watch_wall;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use egui::{CentralPanel, ColorImage, Frame, Key, Margin, Modifiers, Ui, UiBuilder};

use kizumi_engine::message::Source;
use kizumi_image::picture::Picture;

use super::action::Action;
use super::busy::{BUSY, busy};
use super::icon::Icon;
use super::layers::{Layers, color_image};
use super::review::Review;
use super::state::{State, Step};
use super::term::Term;
use super::text::Text;
use super::theme::{MARGIN, Palette};
use super::thumbs::Thumbs;
use super::timing::Timing;
use super::watching::pictures::SmallPictures;
use super::widgets::empty_state;

/// How narrow and how wide the controls on the left may be, in points.
const CONTROLS_WIDTHS: std::ops::RangeInclusive<f32> = 308.0..=480.0;

/// Everything a panel may use.
pub struct Panel<'a> {
    /// What there is to show.
    pub state: &'a State,
    /// The words for it.
    pub text: &'static Text,
    /// The pictures of the inspection.
    pub layers: &'a mut Layers,
    /// Those of the other run, while one is put aside: of run A, while both are shown.
    pub other_layers: &'a mut Layers,
    /// What follows from the scores of the inspected set.
    pub review: &'a Review,
    /// Its thumbnails, ready to be drawn.
    pub thumbs: &'a mut Thumbs,
    /// Other pictures, ready to be drawn.
    pub pictures: &'a mut Pictures,
    /// Those of images that came into the watched folder.
    pub watched: &'a mut SmallPictures,
    /// How quickly the window answers.
    pub timing: &'a Timing,
    /// The terms of the formulas that what is below the pointer belongs to.
    pub pointed: Vec<Term>,
    /// What a person asks for.
    pub actions: &'a mut Vec<Action>,
}

impl Panel<'_> {
    /// Whether a person leaves what lies over the centre by a key, which is for whatever lies on top.
    fn is_left(&self, ui: &Ui) -> bool {
        let is_on_top = self.state.overlay.is_none() && !ui.ctx().text_edit_focused();
        is_on_top && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
    }
}

/// Pictures ready to be drawn, made anew when their generation changes.
#[derive(Debug, Default)]
pub struct Pictures {
    small: HashMap<(&'static str, usize), (u64, Arc<ColorImage>)>,
    photograph: Option<(PathBuf, Arc<ColorImage>)>,
}

impl Pictures {
    /// The drawable form of a picture that is known by its place and its generation.
    pub fn get(
        &mut self,
        place: (&'static str, usize),
        generation: u64,
        picture: &Picture,
    ) -> Arc<ColorImage> {
        self.get_or(place, generation, || color_image(picture))
    }

    /// The same for a picture that is made in a way of its own.
    pub fn get_or(
        &mut self,
        place: (&'static str, usize),
        generation: u64,
        make: impl FnOnce() -> ColorImage,
    ) -> Arc<ColorImage> {
        match self.small.get(&place) {
            Some((known, image)) if *known == generation => Arc::clone(image),
            _ => {
                let image = Arc::new(make());
                self.small.insert(place, (generation, Arc::clone(&image)));
                image
            }
        }
    }
}

impl Pictures {
    /// The drawable form of a photograph, halved until the device can hold it.
    pub fn photograph(&mut self, source: &Source, ui: &Ui) -> Arc<ColorImage> {
        let most = ui.input(|input| input.max_texture_side).max(1);
        match &self.photograph {
            Some((path, image)) if *path == source.path => Arc::clone(image),
            _ => {
                let mut image = source.image.clone();
                while image.width.max(image.height) > most {
                    image = image.halved();
                }
                let image = ColorImage::from_rgb([image.width, image.height], &image.bytes);
                let image = Arc::new(image);
                self.photograph = Some((source.path.clone(), Arc::clone(&image)));
                image
            }
        }
    }
}

/// Draws the whole window.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = Palette::of(ui.visuals());
    let bar = |x: i8, y: i8| {
        Frame::new()
            .fill(palette.panel)
            .inner_margin(Margin::symmetric(x, y))
    };
    egui::Panel::top("steps")
        .frame(bar(MARGIN, 6))
        .show(ui, |ui| top_bar::show(ui, panel));
    egui::Panel::bottom("status")
        .frame(bar(MARGIN, 4))
        .show(ui, |ui| status_bar::show(ui, panel));
    banners::show(ui, panel);
    if !panel.state.settings.layout.controls_hidden {
        controls(ui, panel, bar(0, 0));
    }
    drop_hint(ui, panel);
    timing_view::show(ui, panel);
    CentralPanel::default()
        .frame(Frame::new().fill(palette.window).inner_margin(MARGIN))
        .show(ui, |ui| match panel.state.step {
            Step::Data => data_view::show(ui, panel),
            Step::Train => train_view::show(ui, panel),
            Step::Inspect if panel.state.sheet.form().is_some() => contact_sheet::show(ui, panel),
            Step::Inspect if panel.state.tuning.is_open() => tuning_view::show(ui, panel),
            Step::Inspect => inspect_view::show(ui, panel),
            Step::Review => review_view::show(ui, panel),
        });
    overlays::show(ui, panel);
}

/// The column on the left, as wide as it was dragged.
fn controls(ui: &mut Ui, panel: &mut Panel<'_>, frame: Frame) {
    let known = panel.state.settings.layout.controls_width_pt;
    let shown = egui::Panel::left(("controls", panel.state.layout_generation))
        .frame(frame)
        .resizable(true)
        .default_size(known)
        .size_range(CONTROLS_WIDTHS)
        .show(ui, |ui| {
            // In a place of its own, so that no long word widens the column.
            let place = ui.available_rect_before_wrap();
            let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
            inside.shrink_clip_rect(place);
            match panel.state.step {
                Step::Data => data_controls::show(&mut inside, panel),
                Step::Train => train_controls::show(&mut inside, panel),
                Step::Inspect => inspect_controls::show(&mut inside, panel),
                Step::Review => review_controls::show(&mut inside, panel),
            }
            ui.advance_cursor_after_rect(place);
        });
    let width = shown.response.rect.width();
    // Kept only when it was dragged there: a narrow window may squeeze the column for a while.
    let dragged = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    if dragged && (width - known).abs() >= 1.0 {
        panel.actions.push(Action::SetControlsWidth(width));
    }
}

/// Says that what hovers over the window may be dropped.
fn drop_hint(ui: &Ui, panel: &Panel<'_>) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop-hint"));
    let painter = ui.ctx().layer_painter(layer);
    let rect = ui.ctx().content_rect();
    painter.rect_filled(rect, 0, palette.window.gamma_multiply(0.8));
    let line = egui::Stroke::new(3.0, palette.accent);
    painter.rect_stroke(rect.shrink(8.0), 8, line, egui::StrokeKind::Inside);
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        panel.text.data.drop_now,
        egui::FontId::proportional(22.0),
        palette.strong,
    );
}

/// What an empty page says while the model is being opened that it will show.
fn opening(ui: &mut Ui, panel: &Panel<'_>) {
    empty_state(ui, Icon::Chart, panel.text.steps.opens_model, |ui| {
        busy(ui, BUSY, Palette::of(ui.visuals()).accent);
    });
}

/// A scrolling column of controls with a margin.
fn column(ui: &mut Ui, id: &str, add_contents: impl FnOnce(&mut Ui)) {
    egui::ScrollArea::vertical()
        .id_salt(id)
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::same(MARGIN))
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    add_contents(ui);
                });
        });
}
