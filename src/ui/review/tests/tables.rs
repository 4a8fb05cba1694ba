//! What of a review leaves the window as tables.

use kizumi_image::found_region::FoundRegions;
use kizumi_image::placement::Placement;
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_report::TableFormat;
use kizumi_report::results::ImageResult;

use super::*;
use crate::ui::saving::command_line::{LineNote, NoLine, command_line};
use crate::ui::saving::copies::Copies;
use crate::ui::saving::table::{SetTable, list, without_scores};
use crate::ui::saving::{Export, content};
use crate::ui::text::JAPANESE;

fn table(state: &State) -> SetTable {
    SetTable::of(state, &review(state)).unwrap()
}

fn paths(table: &SetTable) -> Vec<String> {
    let name = |result: &ImageResult| file_name(&result.path);
    table.results.iter().map(name).collect()
}

/// What is saved, as text.
fn saved(state: &State, format: TableFormat) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("results");
    let screen = Screen {
        state,
        layers: &mut Layers::default(),
        review: &review(state),
        text: &ENGLISH,
        date: String::new(),
    };
    content(Export::Table(format), screen).unwrap()(&path).unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_table_has_the_images_that_the_filter_shows_in_the_order_of_the_folder() {
    let mut state = washers();
    let all = table(&state);
    assert_eq!(paths(&all), ["good-1", "good-2", "dent-1", "dent-2"]);
    assert_eq!(without_scores(&review(&state)), 1, "the broken one");
    state.review.kind = Some(KindFilter::Named("dent".into()));
    let dents = table(&state);
    assert_eq!(paths(&dents).len(), 2);
    assert_eq!(without_scores(&review(&state)), 0);
    state.review.kind = Some(KindFilter::Named("scratch".into()));
    assert_eq!(SetTable::of(&state, &review(&state)), None);
}

#[test]
fn a_row_says_what_the_wall_says_and_what_the_command_line_would() {
    let state = washers();
    let found = review(&state);
    let table = table(&state);
    let row = &table.results[2];
    let Judged::Scored(shown) = found.judged[2] else {
        panic!("it has scores");
    };
    assert_eq!(row.judgement.map(|one| one.verdict), shown.verdict);
    assert_eq!((row.plain_score, row.projected_score), (0.6, 0.9));
    let [plain, projected] = [found.plain_limits, found.limits]
        .map(|limits| limits.map(|limits| limits.value))
        .map(|limits| move |value| LimitedScore { value, limits });
    let judged = Judgement::of(&projected(0.9), &plain(0.6), None);
    assert_eq!((row.judgement, row.limits), (judged, projected(0.0).limits));
    assert_eq!(row.kind, Kind::Defect("dent".into()));
    // Of ten normals 0.0 to 0.9, nine are lower.
    assert_eq!(row.projected_percentile, Some(90.0));
    assert_eq!(row.regions, None, "no pixels were measured");
    assert_eq!(
        table.settings.max_iterations,
        state.settings.projection.iterations
    );
}

#[test]
fn percentiles_are_of_held_out_normals_alone() {
    let mut results = vec![("dent-1", Some((0.6, 0.9)))];
    results.push(("good-1", Some((0.1, 0.2))));
    let state = reviewed(&[], &results);
    assert_eq!(review(&state).reference.origin, Origin::ThisSet);
    assert_eq!(table(&state).results[0].projected_percentile, None);
}

#[test]
fn regions_are_in_the_table_and_survive_a_restart() {
    let mut state = washers();
    let map = Picture::from_fn(1, 8, 8, |_, y, x| f32::from(u8::from(x == y && x == 3)));
    let placement = Placement::new(
        (80, 80),
        &DataConfig {
            size_px: 8,
            ..DataConfig::default()
        },
    );
    let regions = FoundRegions::of(&map, 0.5, &placement.unwrap());
    let mapper = state.mapper();
    state.apply(Event::SetInspected(Box::new(SetResult {
        set: SetId::default(),
        index: 2,
        outcome: Ok(SetScores {
            regions: Some(regions.clone()),
            ..scores_of(&mapper, 0.6, 0.9)
        }),
    })));
    assert_eq!(table(&state).results[2].regions, Some(regions.clone()));
    let kept = serde_json::to_string(state.set.results()).unwrap();
    let again: Vec<crate::ui::state::set::ImageResult> = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, state.set.results());
    let lines = saved(&state, TableFormat::JsonLines);
    let row: serde_json::Value = serde_json::from_str(lines.lines().nth(2).unwrap()).unwrap();
    assert_eq!(row["regions"][0]["x"], 30);
    assert_eq!(row["region_count"], 1);
    assert_eq!(row["model"], serde_json::Value::Null, "it has no file");
}

#[test]
fn a_table_is_written_for_spreadsheets_and_for_programs() {
    let state = washers();
    let csv = saved(&state, TableFormat::Csv);
    assert!(csv.starts_with("path,kind,plain_score,"), "{csv}");
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.contains("/set/test/dent-1,dent,0.6,0.9,"), "{csv}");
    assert_eq!(saved(&state, TableFormat::JsonLines).lines().count(), 4);
}

#[test]
fn the_list_goes_to_spreadsheets_in_the_order_of_the_wall() {
    let mut state = washers();
    assert_eq!(
        list(&state, &review(&state), &ENGLISH),
        "path\tverdict\tscore\n\
         /set/test/dent-1\tReject\t0.9\n\
         /set/test/good-2\tReview\t0.6\n\
         /set/test/dent-2\tReview\t0.3\n\
         /set/test/good-1\tPass\t0.2\n\
         /set/test/scratch-1\tNot inspectable\t\n"
    );
    state.review.fate = Some(Fate::Verdict(Verdict::Reject));
    let japanese = list(&state, &review(&state), &JAPANESE);
    let word = JAPANESE.review.verdict_word(Verdict::Reject);
    assert_eq!(
        japanese,
        format!("パス\t判定\tスコア\n/set/test/dent-1\t{word}\t0.9\n")
    );
}

#[test]
fn the_command_line_says_what_was_done_and_in_what_it_differs() {
    let mut state = washers();
    state.settings.decision = Decision::default();
    assert_eq!(command_line(&state), Err(NoLine::Unsaved));
    state.model.as_mut().unwrap().path = Some("/m.safetensors".into());
    let said = command_line(&state).unwrap();
    assert!(
        said.line
            .starts_with("kizumi inspect /m.safetensors /set --out results"),
        "{}",
        said.line
    );
    assert_eq!(said.notes, []);
    state.settings.decision.false_alarms = 0.2;
    assert_eq!(
        command_line(&state).unwrap().notes,
        [LineNote::UsualDecision]
    );
    // The folder has other images by now.
    let dataset = state.dataset.as_mut().unwrap();
    dataset.catalog.test.push(entry("new-1"));
    let said = command_line(&state).unwrap();
    assert!(said.line.contains(" /set/test --out"), "{}", said.line);
    assert_eq!(said.notes[0], LineNote::WholeFolders);
    state.apply(model_of(1, &[0.5]));
    assert_eq!(command_line(&state), Err(NoLine::OtherModel));
    assert_eq!(command_line(&State::default()), Err(NoLine::Nothing));
}

#[test]
fn the_images_that_the_filter_shows_are_copied_and_no_others() {
    let mut state = washers();
    let all = Copies::of(&state, &review(&state)).unwrap();
    assert_eq!(all.names().count(), 5, "images without scores, too");
    state.review.fate = Some(Fate::Verdict(Verdict::Reject));
    let rejects = Copies::of(&state, &review(&state)).unwrap();
    assert_eq!(rejects.names().collect::<Vec<_>>(), ["test_dent-1"]);
    state.review.search = "nothing".into();
    assert!(Copies::of(&state, &review(&state)).is_none());
}
