//! Two models on one set of images.

use super::*;
use crate::ui::review::{Duel, Figures};

/// The same images again, by another model.
fn inspected_by(state: &mut State, number: u8, results: &[(&str, Option<(f32, f32)>)]) {
    let normals: Vec<f32> = (0..10).map(|i| i as f32 * 0.1).collect();
    state.apply(model_of(number, &normals));
    let conditions = state.set_conditions().unwrap();
    let images: Vec<Entry> = results.iter().map(|(name, _)| entry(name)).collect();
    let set = SetId::from(u64::from(number) + 7);
    state.set.ask(set, ModelId::default(), images, conditions);
    state.apply(Event::Started(Job::InspectingSet(set)));
    for (index, (_, scores)) in results.iter().enumerate() {
        let (plain, projected) = scores.unwrap();
        let outcome = Ok(scores_of(&state.mapper(), plain, projected));
        state.apply(Event::SetInspected(Box::new(SetResult {
            set,
            index,
            outcome,
        })));
    }
}

/// [`washers`] by a first model, then by a second that finds dent-2 and takes good-2 for what it is.
fn compared() -> (State, Review) {
    let mut state = washers();
    let mut review = review(&state);
    review.keep_as_rival(&state);
    let results = [
        ("good-1", Some((0.1, 0.2))),
        ("good-2", Some((0.1, 0.1))),
        ("dent-1", Some((0.9, 0.9))),
        ("dent-2", Some((0.9, 1.44))),
        ("scratch-1", Some((2.0, 2.0))),
    ];
    inspected_by(&mut state, 1, &results);
    review.update(&state);
    (state, review)
}

#[test]
fn two_models_are_compared_on_the_images_that_both_have_judged() {
    let (_, review) = compared();
    let Duel {
        shared,
        differing,
        a,
        b,
        points,
    } = review.duel.unwrap();
    assert_eq!(
        (shared, differing),
        (4, 2),
        "the first could not read scratch-1"
    );
    let figures = |auroc, false_alarms, missed, to_review| Figures {
        auroc: Some(auroc),
        false_alarms,
        missed,
        to_review,
    };
    assert_eq!(a, figures(0.75, 0, 0, 2));
    assert_eq!(b, figures(1.0, 0, 0, 0));
    let dent = points.iter().find(|point| point.index == 3).unwrap();
    assert!(dent.differs && dent.truth == Some(Truth::Defective));
    let [of_a, of_b] = dent.ratios;
    assert!((of_a - 0.3 / 0.72).abs() < 1e-3 && (of_b - 2.0).abs() < 1e-3);
}

#[test]
fn the_wall_shows_where_two_models_differ() {
    let (mut state, mut review) = compared();
    state.review.fate = Some(Fate::Differs);
    state.review.sort = Sort::Difference;
    review.update(&state);
    assert_eq!(names(&state, &review), ["dent-2", "good-2"]);
    state.review.leave_rival();
    review.drop_rival();
    review.update(&state);
    assert!(review.duel.is_none());
    assert_eq!(names(&state, &review).len(), 5);
}

#[test]
fn labels_that_are_given_meanwhile_count_for_both() {
    let (state, mut review) = compared();
    let before = review.duel.clone().unwrap();
    let rival = review.rival.take().unwrap();
    let mut images = state.set.images().to_vec();
    images[1].kind = Kind::Defect("dent".into());
    let after = Duel::of(&rival, &images, &review);
    assert_ne!(before.b, after.b);
    assert_eq!(after.b.missed, 1);
}

#[test]
fn what_belongs_to_another_data_set_is_not_compared() {
    let (_, mut review) = compared();
    let other = State::default();
    review.update(&other);
    assert!(review.rival.is_none() && review.duel.is_none());
}

#[test]
fn nothing_is_put_aside_that_was_not_judged() {
    let state = reviewed(&[], &[("good-1", None)]);
    let mut review = review(&state);
    review.keep_as_rival(&state);
    assert!(review.rival.is_none());
}
