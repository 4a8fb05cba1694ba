//! `kizumi check`, and what it lists.

use kizumi_image::picture::Picture;

use super::Place;
use crate::common::SIZE_PX;

/// A picture without anything to do with the others.
pub(super) fn strange() -> Picture {
    Picture::from_fn(3, SIZE_PX, SIZE_PX, |c, y, x| {
        let checked = (y / 8 + x / 8) % 2 == c % 2;
        if checked { 0.9 } else { 0.1 }
    })
}

#[test]
fn check_lists_the_training_images_that_are_unlike_the_others() {
    let place = Place::with_data(3);
    let alike = place.run(&["check", "data", "--json"]).succeeds().json();
    assert_eq!(
        (&alike["images"], &alike["suspects"]),
        (&12.into(), &0.into())
    );

    place.save("data/train/good/odd.png", &strange());
    let found = place.run(&["check", "data", "--json"]).succeeds().json();
    assert_eq!(
        (&found["images"], &found["suspects"]),
        (&13.into(), &1.into())
    );
    let first = &found["ranking"][0];
    assert!(
        first["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("odd.png"))
    );
    assert_eq!(first["suspect"], true);
    let strict = place.run(&["check", "data", "--strict"]);
    let strict = strict.fails_saying(&["1 of 13 training images looks unlike the others"]);
    assert!(strict.stdout().contains("odd.png  (suspect)"));
}

#[test]
fn what_check_lists_is_left_out_of_training_and_stays_left_out() {
    let place = Place::with_data(3);
    place.save("data/train/good/odd.png", &strange());
    let list = place.run(&["check", "data", "--list"]).succeeds().stdout();
    assert!(list.lines().eq(["data/train/good/odd.png"]), "{list}");
    place.write("strange.txt", list.as_bytes());
    let leave_out = ["--images", "16", "--exclude-list", "strange.txt"];
    let more = [
        "--exclude",
        "data/train/good/3.png",
        "--exclude",
        "train/good/4.png",
    ];
    let trained = place.train(&[&leave_out[..], &more].concat()).succeeds();
    assert!(trained.stderr().contains("3 normal images left out."));
    let dataset = place.model("model.safetensors").header.dataset;
    assert_eq!(dataset.training_images + dataset.validation_images, 10);
    let names = ["3.png", "4.png", "odd.png"].map(|name| format!("train/good/{name}"));
    assert!(dataset.excluded.iter().eq(&names), "{:?}", dataset.excluded);

    // Whoever measures or trains the model on needs not name them again.
    let calibrate = ["calibrate", "model.safetensors", "data", "--device", "cpu"];
    place.run(&calibrate).succeeds();
    let on = [
        "train",
        "data",
        "--out",
        "on.safetensors",
        "--images",
        "16",
        "--device",
        "cpu",
    ];
    let on = [&on[..], &["--resume", "model.safetensors"]].concat();
    place.run(&on).succeeds();
    assert_eq!(place.model("on.safetensors").header.dataset, dataset);
    // Until they are wanted again.
    let take_back = ["--take-back", "data/train/good/3.png"];
    place.run(&[&on[..], &take_back].concat()).succeeds();
    let more = place.model("on.safetensors").header.dataset;
    assert!(more.excluded.iter().eq(&names[1..]), "{:?}", more.excluded);
    assert_eq!(more.training_images + more.validation_images, 11);
    let alone = place.train(&take_back);
    alone.ends_with(2).says("--take-back needs --resume");

    let wrong = place.train(&["--exclude", "data/test/good/12.png"]);
    wrong.fails_saying(&["data/test/good/12.png: is none of the normal images of data"]);
}
