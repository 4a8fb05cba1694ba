//! Events in any order.

use proptest::prelude::*;

use super::*;

fn any_job() -> impl Strategy<Value = Job> {
    prop_oneof![
        Just(Job::Device),
        Just(Job::Loading),
        Just(Job::Training),
        Just(Job::Calibrating),
        (0..9u64).prop_map(|run| Job::Projecting(RunId::from(run))),
    ]
}

fn any_ticket() -> impl Strategy<Value = RunTicket> {
    (0..9u64, 0..3u64, 0..9u64).prop_map(|(image, model, run)| RunTicket {
        image: ImageId::from(image),
        model: ModelId::from(model),
        run: RunId::from(run),
    })
}

fn any_about() -> impl Strategy<Value = About> {
    prop_oneof![
        (0..9u64).prop_map(|id| About::Image(ImageId::from(id))),
        (0..9u64).prop_map(|id| About::Run(RunId::from(id))),
        (0..3u64).prop_map(|id| About::Model(ModelId::from(id))),
        Just(About::Device),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let outcome = prop_oneof![
        Just(Outcome::Done),
        Just(Outcome::Stopped),
        Just(Outcome::Failed("no".into())),
    ];
    prop_oneof![
        any_job().prop_map(Event::Started),
        (any_job(), outcome).prop_map(|(job, outcome)| Event::Ended(job, outcome)),
        (any_job(), 0..9u64, 0..9u64).prop_map(|(job, done, total)| Event::Progress {
            job,
            done,
            total
        }),
        Just(dataset()),
        Just(Event::Paused),
        Just(Event::Resumed),
        any::<Option<f32>>().prop_map(|reconstruction| Event::Training(TrainingProgress {
            reconstruction,
            ..Default::default()
        })),
        (0..3u64).prop_map(model),
        Just(Event::ModelGone),
        (0..3u64).prop_map(|id| Event::ModelSaved {
            model: ModelId::from(id),
            path: "/m".into()
        }),
        (0..9u64, prop_oneof![Just("a"), Just("b")]).prop_map(|(id, name)| image(id, name)),
        Just(Event::TestPreview {
            image: ImageId::from(1),
            model: ModelId::from(1),
            preview: Preview {
                original: Picture::filled(1, 2, 2, 0.5),
                reconstruction: Picture::filled(1, 2, 2, 0.5),
            },
        }),
        (any_ticket(), 0..6usize).prop_map(|(of, t)| iterate(of, t)),
        (any_ticket(), 0..6usize).prop_map(|(of, iterations)| inspected(of, iterations)),
        any_about().prop_map(failed),
        Just(Event::DeviceLost("d".into())),
    ]
}

proptest! {
    /// Whatever arrives, in whatever order, what is shown fits together.
    #[test]
    fn any_sequence_of_events_leaves_the_state_consistent(
        events in prop::collection::vec(any_event(), 0..60),
        iterations in 0..8usize,
        change_at in 0..60usize,
    ) {
        let mut state = State::default();
        state.settings.projection.iterations = iterations;
        for (index, event) in events.into_iter().enumerate() {
            let now_secs = index as f64 * 0.05;
            state.apply(event);
            if index == change_at {
                let mut new = state.snapshot();
                new.projection.alpha *= 2.0;
                state.change(new, Moment { now_secs, held: false });
                state.inspecting.timeline.step(-3, state.last_shown());
            }
            if let Some(Command::Project(request)) = state.due(now_secs) {
                let of = request.ticket;
                prop_assert_eq!(state.model.as_ref().map(|model| model.id), Some(of.model));
                let opened = state.inspecting.opened.as_ref();
                prop_assert_eq!(opened.map(|opened| opened.id), Some(of.image));
                prop_assert!(!state.training.is_active());
            }
            let recording = state.inspecting.recording();
            prop_assert!(state.shown() <= state.last_shown());
            prop_assert!(recording.is_empty() || state.last_shown() < recording.len());
            prop_assert!(state.inspecting.scalars(iterations).len() <= iterations + 1);
            for (t, scalars) in recording.scalars().iter().enumerate() {
                prop_assert_eq!(scalars.t, t, "iterates are in order and without gaps");
            }
            prop_assert!(recording.is_empty() || state.inspecting.opened.is_some());
            prop_assert!(state.inspecting.opened.is_none() || state.inspecting.selected.is_some());
            prop_assert!(state.notices.all().len() <= 20);
        }
    }
}
