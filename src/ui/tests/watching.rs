//! A folder that is watched, as a person meets it.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable as _};

use super::session::{close, window_in};
use super::*;
use crate::drift_line::drift_line;
use crate::language::Language;
use crate::ui::app::App;
use crate::ui::state::Step;
use crate::ui::state::watching::{Phase as Watch, Said, WatchForm};
use kizumi_method::drift::Drift;

type Window = Harness<'static, App>;

fn row(name: &str, more: &str) -> String {
    format!(
        "{{\"path\":\"/line/in/{name}\",\"bytes\":10,\"modified\":\"2026-11-30T11:06:40.5Z\",\
         \"inspected\":\"2026-11-30T11:06:41.25Z\"{more}}}"
    )
}

fn judged(name: &str, verdict: &str) -> String {
    let more = format!(",\"verdict\":\"{verdict}\",\"confidence\":0.75,\"projected_score\":2.5");
    row(name, &more)
}

/// A window in step 4 with a model, and a folder named.
fn named() -> (Window, Script) {
    let (mut harness, script) = window([1280.0, 800.0]);
    script.say([model()]);
    harness.run_steps(2);
    script.asked();
    let form = WatchForm::default().with_folder("/line/in".into());
    harness.state_mut().state_mut().watching.form = form;
    harness.get_by_label("4 Review").click();
    harness.run_steps(3);
    (harness, script)
}

/// The same, and what is watched says this.
fn watching(said: impl IntoIterator<Item = Said>) -> Window {
    let (mut harness, _) = named();
    let state = harness.state_mut().state_mut();
    let order = state.watch_order().unwrap();
    state.watching.begin(order);
    for said in said {
        state.watching.log.take(said, Duration::ZERO);
    }
    harness.run_steps(3);
    harness
}

/// Frames until this holds: what a program says comes when it comes.
fn until(harness: &mut Window, holds: impl Fn(&Window) -> bool) {
    let began = Instant::now();
    while !holds(harness) {
        let watching = &harness.state().state().watching;
        assert!(began.elapsed() < Duration::from_secs(60), "{watching:?}");
        std::thread::sleep(Duration::from_millis(5));
        harness.run_steps(1);
    }
}

#[test]
fn without_a_model_it_is_said_what_is_missing() {
    let (mut harness, script) = window([1280.0, 800.0]);
    harness.get_by_label("4 Review").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Start watching").is_none());
    harness.get_by_label("Folder").focus();
    harness.run_steps(1);
    harness.get_by_label("Folder").type_text("/line/in");
    harness.run_steps(3);
    harness.get_by_label("Train or open a model first.");
    let start = harness.get_by_label("Start watching");
    assert!(start.accesskit_node().is_disabled());
    script.say([model_with(|model| model.path = None)]);
    harness.run_steps(2);
    harness.get_by_label("4 Review").click();
    harness.run_steps(3);
    harness.get_by_label("Save the model first: it is read from its file.");
    let form = harness.state().state().watching.form.clone();
    assert_eq!(form.out, "/line/in-results");
    harness.check_accessibility();
}

#[test]
fn what_comes_in_is_counted_and_shown_newest_first() {
    let broken = row("cut.png", ",\"error\":\"is cut off\"");
    let rows = [judged("a.png", "pass"), judged("b.png", "reject"), broken];
    let mut harness = watching(rows.iter().map(|row| Said::result(row)));
    harness.get_by_label("Last hour, Inspected: 2");
    harness.get_by_label("Since the start, Reject: 1");
    harness.get_by_label("Since the start, Not usable: 1");
    let at = |name: &str| harness.get_by_label_contains(name).rect().left();
    let [first, second, third] = [
        "cut.png, Not usable",
        "b.png, Reject, defect 0.75",
        "a.png, Pass",
    ]
    .map(at);
    assert!(first < second && second < third);
    assert_eq!(harness.get_all_by_label("Watching in").count(), 2);
    let later = Duration::from_secs(3700);
    assert_eq!(
        harness
            .state()
            .state()
            .watching
            .log
            .last_hour(later)
            .rejected,
        0
    );
    harness.check_accessibility();
    // A click looks closely at it.
    harness.get_by_label_contains("b.png, Reject").click();
    harness.run_steps(3);
    let state = harness.state().state();
    assert_eq!(state.step, Step::Inspect);
    let selected = state.inspecting.selected.as_ref().unwrap();
    assert_eq!(selected.path, Path::new("/line/in/b.png"));
    // It goes on, and is a click away.
    harness.get_by_label("Watching in").click();
    harness.run_steps(3);
    harness.get_by_label_contains("a.png, Pass");
}

#[test]
fn nothing_yet_and_drift_and_odd_lines_are_said() {
    let mut harness = watching([]);
    harness.get_by_label("Waiting for images in /line/in");
    let log = &mut harness.state_mut().state_mut().watching.log;
    log.take(
        Said::remark(&drift_line(Some(Drift::Higher), Language::Japanese)),
        Duration::ZERO,
    );
    log.take(Said::result("no row"), Duration::ZERO);
    log.take(
        Said::remark("/line/in cannot be read: gone; waiting for it."),
        Duration::ZERO,
    );
    harness.run_steps(3);
    harness.get_by_label_contains("The last 100 scores are higher");
    harness.get_by_label("1 row could not be read.");
    harness.get_by_label_contains("waiting for it.");
    harness.check_accessibility();
    let log = &mut harness.state_mut().state_mut().watching.log;
    log.take(
        Said::remark(&drift_line(None, Language::English)),
        Duration::ZERO,
    );
    harness.run_steps(3);
    assert!(
        harness
            .query_by_label_contains("scores are higher")
            .is_none()
    );
}

#[test]
fn a_training_beside_it_is_said_to_share_the_processor() {
    let (mut harness, script) = named();
    script.say([Event::Started(Job::Training)]);
    harness.run_steps(2);
    harness.get_by_label("4 Review").click();
    harness.run_steps(3);
    harness.get_by_label("A training runs: both share the processor.");
}

#[cfg(unix)]
fn script_of(text: &str) -> Vec<OsString> {
    ["sh", "-c", text, "kizumi"].map(OsString::from).to_vec()
}

#[test]
#[cfg(unix)]
fn a_program_is_started_read_and_stopped() {
    let (mut harness, _) = named();
    let text = format!("echo '{}'; cat >/dev/null", judged("a.png", "reject"));
    harness.state_mut().watch_with(script_of(&text));
    harness.get_by_label("Start watching").click();
    harness.run_steps(3);
    until(&mut harness, |it| {
        it.query_by_label_contains("a.png, Reject").is_some()
    });
    harness.run_steps(A_WHILE);
    harness.get_by_label("Stop watching").click();
    harness.run_steps(2);
    until(&mut harness, |it| !it.state().state().watching.is_active());
    let state = harness.state().state();
    assert_eq!(state.watching.trouble(), None);
    assert_eq!(state.notices.all(), [], "a person knows that");
    harness.get_by_label("Start watching").click();
    until(&mut harness, |it| {
        it.state().state().watching.log.all.rejected == 2
    });
    close(harness);
}

#[test]
#[cfg(unix)]
fn a_program_that_ends_by_itself_is_said_with_its_own_words() {
    let (mut harness, _) = named();
    let text = "sleep 0.3; echo 'kizumi: /line/in: cannot be read' >&2; exit 1";
    harness.state_mut().watch_with(script_of(text));
    harness.get_by_label("Start watching").click();
    harness.run_steps(2);
    until(&mut harness, |it| !it.state().state().watching.is_active());
    harness.run_steps(2);
    let ended = "It ended by itself (exit status: 1): kizumi: /line/in: cannot be read";
    harness.get_by_label(ended);
    assert_eq!(harness.state().state().notices.all(), [], "it is in sight");
    harness.get_by_label("Start watching").click();
    harness.run_steps(2);
    harness.state_mut().state_mut().step = Step::Data;
    until(&mut harness, |it| !it.state().state().watching.is_active());
    let notices = harness.state().state().notices.all();
    assert!(notices[0].what.text.contains(ended), "{notices:?}");
}

#[test]
fn a_project_remembers_the_folders_and_not_that_they_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(2);
    let state = harness.state_mut().state_mut();
    state.watching.form = WatchForm {
        folder: "/line/in".into(),
        out: "/elsewhere".into(),
    };
    let (form, order) = (state.watching.form.clone(), state.watch_order().unwrap());
    state.watching.begin(order);
    harness.run_steps(2);
    close(harness);
    let (mut harness, script) = window_in(folder.path(), Startup::default());
    script.say([dataset(), model()]);
    harness.run_steps(2);
    let watching = &harness.state().state().watching;
    assert_eq!((&watching.form, &watching.phase), (&form, &Watch::Off));
}
