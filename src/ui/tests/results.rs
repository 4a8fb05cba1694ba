//! Results that leave the window.

use egui::OutputCommand;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::review::reviewed;
use super::{App, Script, window};
use crate::ui::action::Action;
use crate::ui::commands::{by_id, doing, keys};
use crate::ui::saving::Export;
use crate::ui::state::review_view::Fate;
use kizumi_method::decision::Verdict;

type Window = Harness<'static, App>;

fn rejects() -> (Window, Script) {
    let (mut harness, script) = reviewed([1440.0, 900.0], 10, 11);
    harness.state_mut().state_mut().review.fate = Some(Fate::Verdict(Verdict::Reject));
    harness.run_steps(2);
    (harness, script)
}

/// What a click on this button puts on the clipboard.
pub(super) fn copied_by(harness: &mut Window, button: &str) -> String {
    harness.get_by_label(button).click();
    for _ in 0..4 {
        harness.step();
        let commands = &harness.output().platform_output.commands;
        let text = commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            return text;
        }
    }
    panic!("nothing was copied");
}

#[test]
fn results_are_offered_once_there_are_some() {
    let (harness, _) = window([1440.0, 900.0]);
    assert!(harness.query_by_label("Table (CSV)…").is_none());
    let (harness, _) = reviewed([1440.0, 900.0], 10, 11);
    harness.get_by_label("Of all 21 images:");
    for button in [
        "Report…",
        "Table (CSV)…",
        "Table (JSON Lines)…",
        "Copy the list",
    ] {
        let button = harness.get_by_label(button);
        assert!(!button.accesskit_node().is_disabled());
    }
    harness.check_accessibility();
}

#[test]
fn what_the_filter_shows_is_what_is_copied() {
    let (mut harness, script) = rejects();
    harness.get_by_label("Of the 9 images that the filter shows:");
    let list = copied_by(&mut harness, "Copy the list");
    assert_eq!(list.lines().count(), 10, "{list}");
    assert!(list.starts_with("path\tverdict\tscore\n") && list.contains("dent-9.png\tReject\t0.5"));
    harness.run_steps(2);
    harness.get_by_label("The list of 9 images is on the clipboard.");
    assert_eq!(script.asked(), []);
}

#[test]
fn the_report_is_printed_by_the_key_that_prints_elsewhere() {
    let report = doing(&Action::Export(Export::FolderReport)).unwrap();
    let palette = by_id("help.palette").unwrap();
    if !cfg!(target_os = "macos") {
        assert_eq!(keys::written(&report.keys[0]), "Ctrl+P");
        assert_eq!(keys::all_written(palette), "Ctrl+Shift+P");
    }
    let (harness, _) = window([1440.0, 900.0]);
    assert!(
        report.lacks(harness.state().state()).is_some(),
        "nothing was inspected"
    );
    let (mut harness, _) = rejects();
    assert_eq!(report.lacks(harness.state().state()), None);
    harness.get_by_label("Report…").hover();
    harness.run_steps(40);
    harness.get_by_label_contains("Report on the inspected images… (");
}

#[test]
fn copying_shows_how_far_it_is_and_can_be_stopped() {
    let (mut harness, _) = rejects();
    let copy = by_id("review.copy-images").unwrap();
    assert_eq!(copy.lacks(harness.state().state()), None);
    harness.state_mut().state_mut().copying = Some((3, 9));
    harness.run_steps(2);
    harness.get_by_label("Copying: 3 of 9");
    let button = harness.get_by_label("Copy the images…");
    assert!(
        button.accesskit_node().is_disabled(),
        "one copying at a time"
    );
    harness.get_by_label("Stop");
    harness.check_accessibility();
}

#[test]
fn the_command_line_is_shown_and_copied() {
    let (mut harness, _) = rejects();
    let path = |harness: &mut Window, path: Option<&str>| {
        let model = harness.state_mut().state_mut().model.as_mut().unwrap();
        model.path = path.map(Into::into);
        harness.run_steps(3);
    };
    path(&mut harness, None);
    harness.get_by_label("Command line…").click();
    harness.run_steps(3);
    harness.get_by_label_contains("The model has no file yet");
    path(&mut harness, Some("/models/it's.safetensors"));
    harness.check_accessibility();
    let line = copied_by(&mut harness, "Copy");
    let quote = if cfg!(windows) {
        "\"/models/it's"
    } else {
        "'/models/it'\\''s"
    };
    assert!(
        line.starts_with(&format!("kizumi inspect {quote}.safetensors")),
        "{line}"
    );
    assert!(line.contains(" /parts/washer --out results"), "{line}");
    harness.run_steps(2);
    assert!(harness.state().state().overlay.is_none());
}
