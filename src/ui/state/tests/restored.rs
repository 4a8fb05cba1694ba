//! A run that was put aside the last time.

use super::*;
use crate::ui::state::restoring::{Restoring, RunSettings};

/// What is open again, and A of the last time, whose step is twice as long, is on its way.
fn restored() -> (State, RunTicket, ProjectionConfig) {
    let mut state = State::default();
    let now = state.settings.projection;
    let a = ProjectionConfig {
        alpha: 2.0 * now.alpha,
        ..now
    };
    let mut restoring = Restoring::default();
    restoring.image = Some(entry("a", Kind::Normal));
    restoring.a = Some(RunSettings {
        projection: a,
        map: state.score_map(),
    });
    state.restoring = Some(restoring);
    state.apply(model(10));
    let of = open(&mut state, "a");
    (state, of, a)
}

fn end(state: &mut State, of: RunTicket, iterations: usize) {
    state.apply(Event::Started(Job::Projecting(of.run)));
    state.apply(iterate(of, 0));
    state.apply(inspected(of, iterations));
    state.apply(Event::Ended(Job::Projecting(of.run), Outcome::Done));
}

#[test]
fn is_computed_and_put_aside_again_and_then_comes_the_present_one() {
    let (mut state, of, a) = restored();
    let now = state.settings.projection;
    assert!(state.inspecting.a().is_none());
    end(&mut state, of, a.iterations);
    let kept = state.inspecting.a().map(|run| run.projection);
    assert_eq!(kept, Some(a));
    let Some(Command::Project(next)) = state.due(1.0) else {
        panic!("the present one is not there yet");
    };
    assert_eq!((next.projection, state.settings.projection), (now, now));
    end(&mut state, next.ticket, now.iterations);
    let shown = state.inspecting.current().map(|run| run.projection);
    assert_eq!(shown, Some(now));
    let kept = state.inspecting.a().map(|run| run.projection);
    assert_eq!(kept, Some(a), "it stays");
}

#[test]
fn is_given_up_for_what_a_person_wants() {
    let (mut state, _, _) = restored();
    let mut new = state.snapshot();
    new.projection.lambda += 0.5;
    let moment = Moment {
        now_secs: 1.0,
        held: false,
    };
    state.change(new, moment);
    let Some(Command::Project(next)) = state.due(1.0) else {
        panic!("it was changed");
    };
    assert_eq!(next.projection, new.projection);
    end(&mut state, next.ticket, new.projection.iterations);
    assert!(state.inspecting.a().is_none());

    let (mut state, _, _) = restored();
    let now = state.settings.projection;
    let Command::OpenImage { then, .. } = state.select(entry("b", Kind::Normal)) else {
        panic!("an image is asked for");
    };
    assert_eq!(then.map(|then| then.projection), Some(now));
}
