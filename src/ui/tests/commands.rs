//! Menu, command palette, keys, help sheet, languages, layout.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::ui::action::Action;
use crate::ui::app::App;
use crate::ui::commands::{COMMANDS, by_id};
use crate::ui::language::{Language, LanguageChoice};
use crate::ui::settings::{Layout, ThemeChoice};
use crate::ui::state::Step;
use crate::ui::state::notice::{Level, Remedy};
use crate::ui::state::overlay::Overlay;
use crate::ui::text::Text;

use super::*;

fn press(harness: &mut Harness<'_, App>, id: &str) {
    let key = by_id(id).unwrap().keys[0];
    harness.key_press_modifiers(key.modifiers, key.logical_key);
    harness.run_steps(3);
}

fn speak(harness: &mut Harness<'_, App>, language: LanguageChoice) {
    harness.state_mut().state_mut().settings.language = language;
    harness.run_steps(3);
}

fn settings(harness: &Harness<'_, App>) -> crate::ui::settings::Settings {
    harness.state().state().settings.clone()
}

#[test]
fn the_menu_calls_commands_in_both_languages() {
    for (choice, group, dark) in [
        (LanguageChoice::English, "Appearance", "Theme: dark"),
        (LanguageChoice::Japanese, "外観", "テーマ：ダーク"),
    ] {
        let (mut harness, _) = window([1024.0, 640.0]);
        speak(&mut harness, choice);
        let text = Text::of(choice.on(Language::English));
        harness.get_by_label(text.commands.menu).click();
        harness.run_steps(3);
        harness.get_by_label(group).click();
        harness.run_steps(3);
        harness.check_accessibility();
        harness.get_by_label(dark).click();
        harness.run_steps(3);
        assert_eq!(settings(&harness).theme, ThemeChoice::Dark);
        assert!(harness.query_by_label(group).is_none(), "the menu closes");
    }
}

#[test]
fn every_command_is_in_the_menu() {
    let (mut harness, _) = window([1024.0, 640.0]);
    let text = Text::of(Language::English);
    harness.get_by_label("Menu").click();
    harness.run_steps(2);
    for group in crate::ui::commands::Group::ALL {
        harness.get_by_label(text.commands.group(group)).hover();
        harness.run_steps(2);
        harness.get_by_label(text.commands.group(group)).click();
        harness.run_steps(3);
        for command in group.commands() {
            let name = command.name(Language::English);
            let found = harness.query_all_by_label(name).next();
            assert!(found.is_some(), "{}", command.id);
        }
    }
}

#[test]
fn the_palette_finds_and_runs_a_command() {
    let (mut harness, script) = window([1024.0, 640.0]);
    press(&mut harness, "help.palette");
    assert!(matches!(
        harness.state().state().overlay,
        Some(Overlay::Palette(_))
    ));
    harness.check_accessibility();
    harness.get_by_label("Commands").type_text("fabric");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.state().state().overlay.is_none());
    assert!(matches!(
        script.asked()[..],
        [Command::OpenDemo {
            set: kizumi_dataset::sample::Set::Fabric,
            ..
        }]
    ));
}

#[test]
fn the_palette_is_gone_through_with_arrows_and_left_with_escape() {
    let (mut harness, _) = window([1024.0, 640.0]);
    press(&mut harness, "help.palette");
    harness.get_by_label("Commands").type_text("テーマ");
    harness.run_steps(3);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(settings(&harness).theme, ThemeChoice::Dark);

    press(&mut harness, "help.palette");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.state().state().overlay.is_none());
    press(&mut harness, "help.palette");
    press(&mut harness, "help.palette");
    assert!(
        harness.state().state().overlay.is_none(),
        "the key closes too"
    );
}

#[test]
fn keys_work_as_soon_as_the_palette_is_closed() {
    let (mut harness, _) = window([1024.0, 640.0]);
    press(&mut harness, "help.palette");
    harness.key_press(Key::Escape);
    harness.run_steps(1);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(3);
    assert_eq!(harness.state().state().step, Step::Train);
}

#[test]
fn what_is_typed_right_after_the_palette_key_calls_nothing() {
    let (mut harness, script) = inspecting([1280.0, 800.0]);
    for key in [Key::P, Key::N] {
        let modifiers = match key {
            Key::P => Modifiers::COMMAND | Modifiers::SHIFT,
            _ => Modifiers::NONE,
        };
        let event = egui::Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        };
        harness.input_mut().events.push(event);
    }
    harness.run_steps(3);
    assert!(harness.state().state().overlay.is_some());
    assert_eq!(script.asked(), []);
}

#[test]
fn the_palette_says_what_a_command_lacks_and_does_not_run_it() {
    let (mut harness, script) = window([1024.0, 640.0]);
    press(&mut harness, "help.palette");
    harness.get_by_label("Commands").type_text("save the model");
    harness.run_steps(3);
    harness.get_by_label("Train or open a model first.");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.state().state().overlay.is_some());
    assert_eq!(script.asked(), []);
    assert!(!harness.state().state().dialog_open);
}

#[test]
fn the_sheet_lists_every_key_in_both_languages() {
    for choice in [LanguageChoice::English, LanguageChoice::Japanese] {
        let (mut harness, _) = window([1440.0, 1200.0]);
        speak(&mut harness, choice);
        press(&mut harness, "help.keys");
        let language = choice.on(Language::English);
        for command in COMMANDS.iter().filter(|command| !command.keys.is_empty()) {
            let name = command.name(language);
            assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
        }
        harness.check_accessibility();
        harness.key_press(Key::Escape);
        harness.run_steps(3);
        assert!(harness.state().state().overlay.is_none());
    }
}

#[test]
fn keys_rest_while_a_field_is_typed_into() {
    let (mut harness, script) = inspecting([1280.0, 800.0]);
    press(&mut harness, "steps.data");
    script.asked();
    let field = "Path of a folder, an image or a model";
    harness.get_by_label(field).focus();
    harness.run_steps(2);
    for key in [Key::N, Key::ArrowDown, Key::Questionmark, Key::F11] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(2);
    let state = harness.state().state();
    assert_eq!((state.step, &state.overlay), (Step::Data, &None));
    assert_eq!(script.asked(), []);
}

#[test]
fn keys_call_what_makes_sense_only() {
    let (mut harness, script) = inspecting([1280.0, 800.0]);
    press(&mut harness, "steps.train");
    press(&mut harness, "image.next");
    press(&mut harness, "projection.first");
    assert_eq!(script.asked(), []);
    assert_eq!(harness.state().state().shown(), 25);
    press(&mut harness, "steps.inspect");
    press(&mut harness, "projection.first");
    assert_eq!(harness.state().state().shown(), 0);
    press(&mut harness, "projection.play");
    assert!(harness.state().state().inspecting.timeline.is_playing());
}

#[test]
fn the_language_changes_at_once_and_back() {
    let (mut harness, _) = inspecting([1280.0, 800.0]);
    harness.get_by_label("3 Inspect");
    speak(&mut harness, LanguageChoice::Japanese);
    harness.get_by_label("3 検査");
    for name in ["元画像", "通常の再構成", "ヒートマップ", "重ね合わせ"] {
        assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    harness.get_by_label("良品の90 %より高い");
    harness.check_accessibility();
    for id in ["steps.train", "steps.data"] {
        press(&mut harness, id);
        harness.check_accessibility();
    }
    harness.get_by_label("学習用 良品20枚、テスト用 良品1枚・欠陥品2枚（1種類）、マスク0枚");
    harness.get_by_label("対応する画像のないマスクが1件あります：dent-9_mask.png");
    speak(&mut harness, LanguageChoice::System);
    harness.get_by_label("1 Data");
}

#[test]
fn a_japanese_desktop_is_spoken_to_in_japanese() {
    let folders = Folders {
        home: PathBuf::from("/home/of/kizumi"),
        settings: None,
        state: None,
    };
    let mut harness = Harness::builder().build_eframe(move |creation| {
        let engine = Box::new(Script::default());
        let app = App::new(&creation.egui_ctx, engine, &folders, Startup::default());
        app.on_desktop(Language::Japanese)
    });
    harness.run_steps(3);
    harness.get_by_label("1 データ");
    press(&mut harness, "help.palette");
    harness.get_by_label("コマンド").type_text("english");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("1 Data");
}

#[test]
fn the_scale_is_set_by_keys_and_kept() {
    let (mut harness, _) = window([1440.0, 900.0]);
    press(&mut harness, "appearance.larger");
    press(&mut harness, "appearance.larger");
    assert_eq!(settings(&harness).scale.percent(), 120);
    assert_eq!(harness.ctx.zoom_factor(), 1.2);
    press(&mut harness, "appearance.smaller");
    assert_eq!(harness.ctx.zoom_factor(), 1.1);
    press(&mut harness, "appearance.usual-size");
    assert_eq!(harness.ctx.zoom_factor(), 1.0);
}

#[test]
fn the_controls_are_hidden_dragged_and_reset() {
    let (mut harness, _) = window([1280.0, 800.0]);
    let name = "Sample data";
    press(&mut harness, "view.controls");
    assert!(harness.query_by_label(name).is_none());
    harness.get_by_label("Show or hide the controls").click();
    harness.run_steps(3);
    harness.get_by_label(name);
    assert_eq!(settings(&harness).layout, Layout::default());

    harness.drag_at(egui::pos2(324.0, 500.0));
    harness.run_steps(2);
    harness.hover_at(egui::pos2(360.0, 500.0));
    harness.run_steps(2);
    harness.drop_at(egui::pos2(400.0, 500.0));
    harness.run_steps(4);
    let width = settings(&harness).layout.controls_width_pt;
    assert!((380.0..=420.0).contains(&width), "{width}");

    press(&mut harness, "help.palette");
    harness.get_by_label("Commands").type_text("reset layout");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    assert_eq!(settings(&harness).layout, Layout::default());
}

#[test]
fn tab_reaches_the_controls() {
    let (mut harness, _) = inspecting([1280.0, 900.0]);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..120 {
        harness.key_press(Key::Tab);
        harness.run_steps(1);
        let focused = harness
            .query_all(egui_kittest::kittest::By::new().predicate(|node| node.is_focused()))
            .next();
        if let Some(name) = focused.and_then(|node| node.accesskit_node().label()) {
            reached.insert(name);
        }
    }
    for name in [
        "Menu",
        "Show or hide the controls",
        "1 Data",
        "Next image",
        "dent-1.png",
        "Step size α",
        "Stop when normal",
        "Colours",
        "First iterate",
        "Play",
        "Live",
        "Fit",
    ] {
        assert!(reached.contains(name), "{name} in {reached:?}");
    }
}

#[test]
fn the_mask_and_the_log_axis_are_switched_by_keys() {
    let (mut harness, _) = inspecting([1280.0, 800.0]);
    let display = |harness: &Harness<'_, App>| settings(harness).display;
    assert!(display(&harness).show_mask);
    press(&mut harness, "view.mask");
    press(&mut harness, "view.log");
    assert!(!display(&harness).show_mask && display(&harness).log_curves);
    assert_eq!(
        by_id("view.mask").unwrap().action,
        Action::ToggleMask,
        "the list is what the keys call"
    );
}

#[test]
fn the_window_tells_of_a_panic_that_ended_it_last_time_and_where_the_report_is() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("panic-window-20261129T150000-1-1.txt");
    std::fs::write(&report, "").unwrap();
    let folders = Folders {
        home: PathBuf::from("/home/of/kizumi"),
        settings: None,
        state: Some(folder.path().to_path_buf()),
    };
    let mut harness = Harness::builder().build_eframe(move |creation| {
        let engine = Box::new(Script::default());
        App::new(&creation.egui_ctx, engine, &folders, Startup::default())
    });
    harness.run_steps(3);
    let path = report.display();
    let told = format!("Kizumi ended unexpectedly last time. A report of it is {path}");
    harness.get_by_label(&told);
    harness.get_by_label("Show");
    let name = report.file_name().unwrap().to_str().map(str::to_owned);
    assert_eq!(settings(&harness).fault_told, name);
}

#[test]
fn a_path_that_the_desktop_does_not_show_can_be_copied() {
    let (mut harness, _) = window([1024.0, 640.0]);
    let state = harness.state_mut().state_mut();
    let remedy = Remedy::CopyPath("/state/kizumi.log".into());
    let text = "The desktop has no program to show /state/kizumi.log";
    state.notices.push(Level::Info, text, Some(remedy));
    harness.run_steps(2);
    harness.get_by_label("Copy path").click();
    let wanted = egui::OutputCommand::CopyText("/state/kizumi.log".into());
    let mut copied = false;
    for _ in 0..4 {
        harness.step();
        copied |= harness.output().platform_output.commands.contains(&wanted);
    }
    assert!(copied && harness.query_by_label(text).is_none());
}

#[test]
fn without_a_home_there_is_no_log_and_the_window_says_so() {
    let (mut harness, _) = window([1024.0, 640.0]);
    press(&mut harness, "help.palette");
    harness.get_by_label("Commands").type_text("show log");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.get_by_label("There is no log, because there is no home folder to keep it in.");
}
