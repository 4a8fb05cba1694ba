//! Step 3: pictures, keys, parameters, playing.

use kizumi_engine::message::Refused;
use kizumi_image::rgb8::Rgb8;

use super::*;

#[test]
fn all_six_pictures_and_the_verdict_are_shown() {
    let (harness, _) = inspecting([1024.0, 640.0]);
    for name in [
        "Original",
        "Plain reconstruction",
        "Projected",
        "Its reconstruction",
        "Heatmap",
        "Overlay",
    ] {
        assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    harness.get_by_label("above 100 % of normals");
    harness.get_by_label("above 90 % of normals");
    harness.get_by_label("Ended at the limit of 25 iterations.");
    harness.get_by_label("t = 25 / 25");
    harness.check_accessibility();
}

#[test]
fn keys_go_through_iterates_and_images() {
    let (mut harness, script) = inspecting([1280.0, 800.0]);
    let shown = |harness: &Harness<'_, App>| harness.state().state().shown();
    for (key, t) in [
        (Key::ArrowLeft, 24),
        (Key::ArrowLeft, 23),
        (Key::Home, 0),
        (Key::ArrowRight, 1),
    ] {
        harness.key_press(key);
        harness.run_steps(2);
        assert_eq!(shown(&harness), t, "{key:?}");
    }
    harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::ArrowRight);
    harness.run_steps(2);
    assert_eq!(shown(&harness), 11);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert_eq!(
        harness.state().state().inspecting.timeline.cursor(),
        Cursor::Follow
    );
    assert_eq!(script.asked(), [], "looking computes nothing");
    harness.key_press(Key::N);
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("dent-1.png"))
    );
    harness.key_press(Key::P);
    harness.run_steps(2);
    assert!(
        matches!(&script.asked()[..], [Command::OpenImage { entry, .. }] if entry.path.ends_with("good-1.png"))
    );
}

#[test]
fn a_changed_parameter_runs_again_at_once_and_display_changes_never_do() {
    let (mut harness, script) = inspecting([1280.0, 900.0]);
    let app = harness.state_mut().state_mut();
    app.settings.display.smoothing_px = 0.0;
    app.settings.display.opacity = 0.3;
    harness.run_steps(8);
    assert_eq!(script.asked(), []);

    let alpha = harness
        .get_all_by_label("Step size α")
        .find(|node| node.value().is_some())
        .unwrap();
    alpha.increment_accesskit();
    harness.run_steps(1);
    harness.run_steps(1);
    assert!(harness.state().state().inspecting.is_stale());
    let asked = script.asked();
    harness.run_steps(30);
    assert_eq!(script.asked(), [], "only once");
    let [Command::Project(request)] = &asked[..] else {
        panic!("{asked:?}");
    };
    let config = &request.projection;
    assert_ne!(config.alpha, ProjectionConfig::default().alpha);
    assert_eq!(
        harness.state().state().last_shown(),
        25,
        "the old picture stays"
    );
    script.say(iterates(0, 3));
    harness.run_steps(3);
    assert!(!harness.state().state().inspecting.is_stale());
    harness.get_by_label("t = 3 / 3");
}

#[test]
fn playing_stops_at_the_end() {
    let (mut harness, _) = inspecting([1280.0, 800.0]);
    harness.get_by_label("First iterate").click();
    harness.run_steps(2);
    harness.get_by_label("Play").click();
    harness.run_steps(2);
    assert!(harness.state().state().inspecting.timeline.is_playing());
    harness.run_steps(40);
    let t = harness.state().state().shown();
    assert!(t > 2, "{t}");
    harness.run_steps(300);
    assert!(!harness.state().state().inspecting.timeline.is_playing());
    assert_eq!(harness.state().state().shown(), 25);
}

#[test]
fn everything_is_inside_the_smallest_window() {
    let (harness, _) = inspecting([1024.0, 640.0]);
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1024.0, 640.0));
    for name in [
        "Live",
        "1:1",
        "Theme: as the desktop",
        "Heatmap",
        "Model: washer.safetensors",
    ] {
        let node = harness
            .query_all_by_label(name)
            .next()
            .unwrap_or_else(|| panic!("{name}"));
        assert!(
            window.contains_rect(node.rect()),
            "{name}: {:?}",
            node.rect()
        );
    }
}

#[test]
fn a_photograph_that_is_refused_is_shown_with_the_reason() {
    let (mut harness, script) = super::inspecting([1280.0, 800.0]);
    harness.get_by_label("dent-1.png").click();
    harness.run_steps(2);
    let asked = script.asked();
    let [Command::OpenImage { image, entry, .. }] = &asked[..] else {
        panic!("{asked:?}");
    };
    let reason = "the part was not found in it";
    script.say([
        Event::ImageRefused(Box::new(Refused {
            image: *image,
            path: entry.path.clone(),
            photograph: Rgb8::new(2, 1, vec![255, 0, 0, 0, 255, 0]),
            reason: reason.into(),
        })),
        Event::Failed {
            about: About::Image(*image),
            reason: reason.into(),
        },
    ]);
    harness.run_steps(3);
    harness.get_by_label("Photograph that cannot be inspected");
    assert!(harness.query_all_by_label_contains(reason).next().is_some());
    harness.check_accessibility();
    // Another image takes its place.
    harness.get_by_label("dent-2.png").click();
    harness.run_steps(2);
    let gone = harness.query_by_label("Photograph that cannot be inspected");
    assert!(gone.is_none());
}
