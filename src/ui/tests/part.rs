//! Step 2: which part of the photographs the network sees, drawn on one of them.

use egui::{pos2, vec2};
use kizumi_engine::message::{InputPreview, PreviewRequest, Source};
use kizumi_image::align::Pose;
use kizumi_image::file_error::Reason;
use kizumi_image::placement::Placement;
use kizumi_image::rgb8::Rgb8;

use super::review::drag;
use super::*;

type Window = Harness<'static, App>;

/// A window in step 2 with the part of a photograph of 400 x 200 pixels on screen.
fn at_part() -> (Window, Script) {
    let (mut harness, script) = window([1440.0, 900.0]);
    script.say([dataset()]);
    harness.run_steps(2);
    harness.get_by_label("good-1.png").click();
    harness.run_steps(2);
    script.say([photograph()]);
    harness.run_steps(2);
    harness.get_by_label("2 Train").click();
    harness.run_steps(2);
    harness.get_by_label("Show on a photograph").click();
    harness.run_steps(2);
    let asked = script.asked();
    assert!(
        matches!(
            &asked[..],
            [.., Command::OpenSource(_), Command::PreviewInput(_)]
        ),
        "{asked:?}"
    );
    script.say([
        Event::SourceOpened(Box::new(Source {
            id: Default::default(),
            path: entry("good-1.png", Kind::Normal).path,
            image: Rgb8::filled(400, 200, [90; 3]),
            placement: Placement::whole((400, 200)),
        })),
        previewed(Ok((picture(0.5), Placement::whole((400, 200))))),
    ]);
    harness.run_steps(3);
    (harness, script)
}

fn photograph() -> Event {
    let Event::ImageOpened(mut opened) = image("good-1.png") else {
        unreachable!("it is an image");
    };
    opened.placement = Placement::whole((400, 200));
    Event::ImageOpened(opened)
}

fn previewed(outcome: Result<(Picture, Placement), kizumi_engine::message::Failure>) -> Event {
    Event::InputPreviewed(Box::new(InputPreview {
        preview: PreviewId::default(),
        outcome,
    }))
}

/// Drags between points of the photograph, in its pixels.
fn draw(harness: &mut Window, from: (f32, f32), to: (f32, f32)) {
    let place = harness.get_by_label("Draw the part here").rect();
    let at = |(x, y): (f32, f32)| place.min + vec2(x / 400.0, y / 200.0) * place.size();
    let (from, to) = (at(from), at(to));
    drag(harness, pos2(from.x, from.y), pos2(to.x, to.y));
}

fn data(harness: &Window) -> DataConfig {
    harness.state().state().settings.train.data.clone()
}

fn crop(harness: &Window) -> [usize; 4] {
    let area = data(harness).crop.unwrap().area;
    [area.x, area.y, area.width, area.height]
}

fn near(own: [usize; 4], right: [usize; 4]) {
    let is_near = own
        .iter()
        .zip(right)
        .all(|(own, right)| own.abs_diff(right) <= 2);
    assert!(is_near, "{own:?} is not {right:?}");
}

fn request(script: &Script) -> PreviewRequest {
    match &script.asked()[..] {
        [Command::PreviewInput(request)] => (**request).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rectangle_is_drawn_moved_stretched_and_taken_back_on_the_photograph() {
    let (mut harness, script) = at_part();
    harness.get_by_label("All of the photograph is seen.");
    draw(&mut harness, (100.0, 40.0), (300.0, 160.0));
    near(crop(&harness), [100, 40, 200, 120]);
    let asked = request(&script);
    assert_eq!(
        asked.data.crop,
        data(&harness).crop,
        "it is shown what the network gets"
    );
    assert!(asked.path.ends_with("good-1.png"));
    draw(&mut harness, (200.0, 100.0), (150.0, 90.0));
    near(crop(&harness), [50, 30, 200, 120]);
    draw(&mut harness, (250.0, 90.0), (350.0, 90.0));
    near(crop(&harness), [50, 30, 300, 120]);
    // A click is no rectangle.
    draw(&mut harness, (390.0, 190.0), (390.0, 190.0));
    near(crop(&harness), [50, 30, 300, 120]);
    for field in ["Crop left", "Crop top", "Crop width", "Crop height"] {
        harness.get_by_label(field);
    }
    harness.get_by_label("Whole photograph").click();
    harness.run_steps(2);
    assert_eq!(data(&harness).crop, None);
}

#[test]
fn an_aligned_part_is_learned_where_it_was_drawn_and_its_place_is_said() {
    let (mut harness, script) = at_part();
    draw(&mut harness, (100.0, 40.0), (300.0, 160.0));
    request(&script);
    harness.get_by_label("Align").click();
    harness.run_steps(2);
    let asked = request(&script);
    let align = asked.data.align.unwrap();
    assert!(align.reference.unwrap().ends_with("good-1.png"));
    assert_eq!(asked.normals.len(), 20);
    harness.get_by_label("Looking for what the normal images have in common…");
    let pose = Pose {
        reference: (200.0, 100.0),
        centre: (230.0, 90.0),
        turn_degrees: -12.0,
    };
    let placement = Placement::whole((400, 200)).posed(Some(pose));
    script.say([previewed(Ok((picture(0.5), placement)))]);
    harness.run_steps(3);
    harness.get_by_label("Found: moved by +30, -10 px, turned by -12.0°");
    // It is started with just that.
    harness.get_by_label("Start training").click();
    harness.run_steps(2);
    let trained = script
        .asked()
        .into_iter()
        .find_map(|command| match command {
            Command::Train(request) => Some(request.plan.recipe.data),
            _ => None,
        });
    assert_eq!(trained, Some(data(&harness)));
}

#[test]
fn a_photograph_without_the_part_is_said_in_the_language_of_the_window() {
    let (mut harness, script) = at_part();
    harness.get_by_label("Align").click();
    harness.run_steps(2);
    let missing = Reason::PartNotFound {
        likeness: 0.12,
        least: 0.31,
        normals: (0.62, 0.8),
    };
    let failure = missing.of("/parts/washer/test/good-1.png").into();
    script.say([previewed(Err(failure))]);
    harness.run_steps(3);
    harness.get_by_label_contains("good-1.png: the part was not found in it: likeness 0.12");
    let language = crate::ui::settings::LanguageChoice::Japanese;
    harness.state_mut().state_mut().settings.language = language;
    harness.run_steps(3);
    harness.get_by_label_contains("類似度は0.12");
}

#[test]
fn the_part_of_a_model_that_is_trained_further_is_shown_and_stays() {
    let (mut harness, script) = at_part();
    script.say([model_with(|model| {
        model.data.crop = Some("20,20,300,100".parse().unwrap());
    })]);
    harness.run_steps(3);
    harness.get_by_label_contains(", further").click();
    harness.run_steps(3);
    harness.get_by_label("The model that is trained has its own: it cannot be changed.");
    assert!(harness.query_by_label("Draw the part here").is_none());
}
