//! Rows and remarks in, counters and the latest of them out.

#![allow(clippy::unwrap_used)]

use super::*;
use kizumi_method::decision::Verdict;

const MINUTE: Duration = Duration::from_secs(60);

fn line(name: &str, more: &str) -> String {
    format!(
        "{{\"path\":\"/in/{name}\",\"bytes\":10,\"modified\":\"2026-11-30T11:06:40.5Z\",\
         \"inspected\":\"2026-11-30T11:06:41.25Z\"{more}}}"
    )
}

fn judged(name: &str, verdict: &str) -> Said {
    let more = format!(",\"verdict\":\"{verdict}\",\"confidence\":0.75,\"projected_score\":2.5");
    Said::result(&line(name, &more))
}

#[test]
fn rows_are_counted_and_the_newest_is_first() {
    let mut log = Log::default();
    for (name, verdict) in [("a.png", "pass"), ("b.png", "reject"), ("c.png", "review")] {
        log.take(judged(name, verdict), MINUTE);
    }
    let broken = line("d.png", ",\"error\":\"is cut off\",\"verdict\":null");
    log.take(Said::result(&broken), MINUTE);
    // Without a calibration there is no verdict: a person looks.
    log.take(Said::result(&line("e.png", "")), MINUTE);
    let counts = Counts {
        passed: 1,
        review: 2,
        rejected: 1,
        unusable: 1,
    };
    assert_eq!((log.all, log.last_hour(MINUTE)), (counts, counts));
    let names: Vec<String> = log.rows().iter().map(|row| file_name(&row.path)).collect();
    assert_eq!(names, ["e.png", "d.png", "c.png", "b.png", "a.png"]);
    let second = &log.rows()[3];
    assert_eq!(
        (second.verdict, second.confidence, second.score),
        (Some(Verdict::Reject), Some(0.75), Some(2.5))
    );
    assert_eq!((second.number, second.stamp.bytes), (1, 10));
    assert_eq!(log.rows()[1].error.as_deref(), Some("is cut off"));
}

#[test]
fn the_last_hour_ends_by_the_given_clock() {
    let mut log = Log::default();
    log.take(judged("a.png", "reject"), MINUTE);
    log.take(judged("b.png", "pass"), 30 * MINUTE);
    let at = |minutes: u32| log.last_hour(minutes * MINUTE);
    assert_eq!((at(60).rejected, at(60).passed), (1, 1));
    assert_eq!((at(61).rejected, at(61).passed), (0, 1));
    assert_eq!(at(100), Counts::default());
    assert_eq!((log.all.rejected, log.all.passed), (1, 1), "all of them");
}

#[test]
fn a_week_takes_no_more_memory_than_a_minute() {
    let mut log = Log::default();
    for second in 0..70_000 {
        log.take(judged("a.png", "pass"), Duration::from_secs(second * 8));
        log.take(Said::remark("a.png is odd"), Duration::ZERO);
    }
    assert_eq!(log.all.passed, 70_000);
    assert_eq!((log.rows().len(), log.lines().len()), (ROWS_MAX, LINES_MAX));
    assert_eq!(log.rows()[0].number, 69_999);
}

#[test]
fn a_line_that_is_no_row_is_said_and_stops_nothing() {
    let mut log = Log::default();
    let newer = line("a.png", ",\"verdict\":\"perhaps\"");
    for wrong in ["{\"path\":\"/in/a.p", "[]", "", &newer] {
        log.take(Said::result(wrong), MINUTE);
    }
    log.take(judged("b.png", "pass"), MINUTE);
    assert_eq!((log.malformed, log.all.inspected()), (4, 1));
    assert!(log.lines()[0].contains("perhaps"), "{:?}", log.lines());
    assert!(log.lines().iter().all(|line| line.chars().count() < 300));
}

#[test]
fn drift_is_known_until_it_is_over() {
    use crate::drift_line::drift_line;
    use crate::language::Language;
    let mut log = Log::default();
    log.take(
        Said::remark(&drift_line(Some(Drift::Higher), Language::Japanese)),
        MINUTE,
    );
    assert_eq!(log.drift, Some(Drift::Higher));
    log.take(Said::remark("a.png is left out: hidden"), MINUTE);
    assert_eq!((log.drift, log.lines().len()), (Some(Drift::Higher), 1));
    log.take(Said::remark(&drift_line(None, Language::English)), MINUTE);
    assert_eq!(log.drift, None);
}

fn order(folder: &str) -> Order {
    Order {
        folder: folder.into(),
        out: "/out".into(),
        model: "/m.safetensors".into(),
        depth: Depth::default(),
        options: vec!["--device".into(), "cpu".into()],
        notes: Vec::new(),
    }
}

#[test]
fn the_same_folders_go_on_and_others_begin_anew() {
    let mut watching = Watching::default();
    watching.begin(order("/in"));
    watching.log.take(judged("a.png", "pass"), MINUTE);
    watching.ended(End::Stopped);
    watching.begin(order("/in"));
    assert_eq!(watching.log.all.passed, 1);
    let other_model = Order {
        model: "/m/other.safetensors".into(),
        ..order("/in")
    };
    watching.begin(other_model);
    assert_eq!(watching.log.all, Counts::default());
    watching.begin(order("/other"));
    assert_eq!(watching.log.all, Counts::default());
    watching.log.take(judged("b.png", "pass"), MINUTE);
    assert_eq!(watching.log.rows()[0].number, 1, "no number comes twice");
}

#[test]
fn results_go_beside_the_folder_until_a_person_says_otherwise() {
    let form = WatchForm::default().with_folder("/line/in".into());
    assert_eq!(form.out, "/line/in-results");
    let form = form.with_folder("/line/incoming/".into());
    assert_eq!(form.out, "/line/incoming-results");
    let named = WatchForm {
        out: "/results".into(),
        ..form
    };
    assert_eq!(named.with_folder("/other".into()).out, "/results");
    assert_eq!(WatchForm::default().with_folder("/".into()).out, "");
}
