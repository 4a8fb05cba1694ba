//! The main states as pictures, in both themes and both languages. They are drawn by the software
//! GPU that the tests ask for; `UPDATE_SNAPSHOTS=1` writes them anew after a wanted change.

use egui_kittest::SnapshotOptions;

use crate::ui::settings::{LanguageChoice, ThemeChoice};

use super::review::reviewed;
use super::*;

const SIZE: [f32; 2] = [1024.0, 640.0];

/// Graphics drivers round differently along slanted lines.
fn options() -> SnapshotOptions {
    SnapshotOptions::new()
        .threshold(2.0)
        .max_failed_pixels(400usize)
}

/// Takes a state's picture in both themes and both languages.
fn pictures(name: &str, mut harness: Harness<'static, App>) {
    // Nothing may depend on where the pointer was left.
    harness.remove_cursor();
    let mut results = egui_kittest::SnapshotResults::new();
    for (theme, language, suffix) in [
        (ThemeChoice::Dark, LanguageChoice::English, "dark_en"),
        (ThemeChoice::Light, LanguageChoice::English, "light_en"),
        (ThemeChoice::Dark, LanguageChoice::Japanese, "dark_ja"),
        (ThemeChoice::Light, LanguageChoice::Japanese, "light_ja"),
    ] {
        let settings = &mut harness.state_mut().state_mut().settings;
        (settings.theme, settings.language) = (theme, language);
        // Long enough for what fades in and out.
        harness.run_steps(40);
        results.add(harness.try_snapshot_options(format!("{name}_{suffix}"), &options()));
    }
}

#[test]
fn nothing_is_open() {
    let (harness, _) = window(SIZE);
    pictures("empty", harness);
}

#[test]
fn a_data_set_is_open() {
    let (mut harness, script) = window(SIZE);
    script.say([dataset()]);
    harness.run_steps(3);
    pictures("data", harness);
}

#[test]
fn training_runs() {
    let (mut harness, script) = window(SIZE);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("Next: train").click();
    harness.run_steps(2);
    script.say([Event::Started(Job::Training)]);
    script.say((1..=20).map(|step| {
        Event::Training(TrainingProgress {
            step,
            images: 1600 * step,
            images_limit: Some(100_000),
            reconstruction: Some(400.0 / step as f32 + 40.0),
            kl: Some(8.0 + step as f32 * 0.3),
            validation: Some(420.0 / step as f32 + 45.0),
            elapsed_secs: step as f64 * 7.0,
            eta_secs: Some(65.0),
            images_per_sec: 230.0,
            waited_share: 0.01,
        })
    }));
    script.say([Event::ValidationPreview(vec![Preview {
        original: picture(1.0),
        reconstruction: picture(0.5),
    }])]);
    harness.run_steps(4);
    pictures("train", harness);
}

#[test]
fn an_image_is_inspected() {
    let (mut harness, _) = inspecting(SIZE);
    harness.key_press(Key::W);
    harness.run_steps(2);
    pictures("inspect", harness);
}

#[test]
fn a_folder_is_reviewed() {
    let (harness, _) = reviewed(SIZE, 30, 40);
    pictures("review", harness);
}
