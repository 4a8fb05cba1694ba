//! The window: four steps from images to verdicts.
//!
//! ```text
//! worker --Event--> State::apply      (a pure reducer: no clock, no widget, no file)
//! person --widgets in panels/--> Action --perform::perform--> State, Command --> worker
//! State --Layers--> six pictures --canvas, View--> screen
//! State --Review--> verdicts, counts, order of a whole set --panels/review_*--> screen
//! ```
//!
//! * `state/` is everything the window knows; `settings` the part that outlives it.
//! * `panels/` has one file a panel; a panel reads the state and pushes `Action`s.
//! * `action` is the only place where something is done: commands, dialogs, settings.
//! * `commands/` lists what can be called by name: menu, palette and keys come from it.
//! * `text/` has every word on screen, one file a domain; panels contain none.
//! * `watching/` starts this program once more, which watches a folder, and hands what it says to the state.
//! * Time comes from egui's input, so tests can set it.

mod action;
mod app;
mod busy;
mod canvas;
mod commands;
mod dialog;
mod engine_port;
mod faults;
mod form;
mod icon;
mod layer;
mod layers;
mod opener;
mod packed;
mod panels;
mod perform;
mod persist;
mod project;
mod review;
mod saving;
mod settings;
mod settings_file;
mod state;
mod term;
mod text;
mod theme;
mod thumbs;
mod timing;
mod typed_path;
mod view;
mod viewing;
mod watching;
mod widgets;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use egui::{IconData, ViewportBuilder, ViewportCommand, vec2};

use crate::language;
use crate::logging;
use crate::signals;
use crate::ui::settings_file::default_path;
use kizumi_engine::Engine as Worker;
use kizumi_image::regular;
use kizumi_method::config::DeviceChoice;

use app::Folders;

/// The smallest window that shows everything, in points.
const WINDOW_MIN_PT: [f32; 2] = [1024.0, 640.0];
/// The size of the first window, in points.
const WINDOW_PT: [f32; 2] = [1360.0, 860.0];
const ICON_PNG: &[u8] = include_bytes!("../../assets/icon.png");

/// What the window opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Startup {
    /// Folder of a data set.
    pub data: Option<PathBuf>,
    /// Project file.
    pub project: Option<PathBuf>,
    /// Model file.
    pub model: Option<PathBuf>,
    /// Image to inspect.
    pub image: Option<PathBuf>,
    /// Which device computes.
    pub device: DeviceChoice,
}

/// How the window is drawn: the first that works.
///
/// Without a GPU the processor draws every pixel, and the shader of egui's wgpu renderer takes
/// several times as long there as that of its OpenGL renderer. With one, either is quick.
const RENDERERS: [eframe::Renderer; 2] = [eframe::Renderer::Glow, eframe::Renderer::Wgpu];

/// Opens the window over a worker of its own and returns when it is closed. It speaks the language of the `desktop`
/// unless a person has chosen one.
///
/// # Errors
/// If there is no display or no way to draw on it; the text says what to do instead.
pub fn run(startup: Startup, desktop: language::Language) -> anyhow::Result<()> {
    let text = text::Text::of(desktop);
    if !has_display() {
        return Err(anyhow!(text.common.no_display));
    }
    let folders = Folders {
        home: home_folder(),
        settings: default_path(),
        state: logging::state_folder(),
    };
    let mut failure = None;
    for renderer in RENDERERS {
        let opened = Cell::new(false);
        let options = eframe::NativeOptions {
            viewport: viewport(&folders),
            centered: true,
            renderer,
            // There are no gradients to smooth, and a software GPU pays for it in every pixel.
            dithering: false,
            ..Default::default()
        };
        let create = |creation: &eframe::CreationContext<'_>| {
            opened.set(true);
            let ctx = &creation.egui_ctx;
            let wake = ctx.clone();
            let wake = move || wake.request_repaint();
            let engine = Worker::spawn(wake, logging::spare_models())?;
            let app = app::App::new(ctx, Box::new(engine), &folders, startup.clone());
            let ctx = ctx.clone();
            // Closing the window ends the worker, which saves what it trains.
            signals::on_end(move || {
                ctx.send_viewport_cmd(ViewportCommand::Close);
                ctx.request_repaint();
            })?;
            Ok(Box::new(app.on_desktop(desktop)) as Box<dyn eframe::App>)
        };
        match eframe::run_native("kizumi", options, Box::new(create)) {
            Ok(()) => return Ok(()),
            // The first reason: a second event loop is refused whatever the first one met.
            Err(error) => failure = failure.or(Some(error)),
        }
        if opened.get() {
            break;
        }
    }
    let reason = failure.map_or_else(String::new, |error| format!(" ({error})"));
    Err(anyhow!("{}{reason}", text.common.no_display))
}

/// The window as it was the last time.
fn viewport(folders: &Folders) -> ViewportBuilder {
    let place = folders.settings.as_deref().and_then(|path| {
        // Read only, before the file is opened for good: the window needs its size beforehand.
        let text = regular::read_text(path, settings_file::BYTES_MAX).ok()?;
        serde_json::from_str::<settings::Settings>(&text)
            .ok()?
            .window
    });
    let [width, height] = place.map_or(WINDOW_PT, |place| [place.width_pt, place.height_pt]);
    ViewportBuilder::default()
        .with_title("Kizumi")
        .with_app_id("kizumi")
        .with_inner_size(vec2(
            width.max(WINDOW_MIN_PT[0]),
            height.max(WINDOW_MIN_PT[1]),
        ))
        .with_min_inner_size(WINDOW_MIN_PT)
        .with_maximized(place.is_some_and(|place| place.maximized))
        .with_icon(Arc::new(icon_data()))
}

fn icon_data() -> IconData {
    image::load_from_memory(ICON_PNG).map_or_else(
        |_| IconData::default(),
        |icon| {
            let icon = icon.into_rgba8();
            IconData {
                width: icon.width(),
                height: icon.height(),
                rgba: icon.into_raw(),
            }
        },
    )
}

/// Where sample data and models go when nobody says otherwise.
fn home_folder() -> PathBuf {
    directories::ProjectDirs::from("", "", "kizumi")
        .map_or_else(std::env::temp_dir, |dirs| dirs.data_dir().to_path_buf())
}

/// On the systems where a display is a matter of the environment, whether it names one: asking
/// the window library would end in a panic on some of them.
fn has_display() -> bool {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests;
