//! Files of 16 bits a value of which fewer are used, from training to inspection.

use image::{ImageBuffer, Luma};
use kizumi_image::depth::Depth;
use kizumi_image::picture::Picture;

use crate::cli::Place;
use crate::common::{SIZE_PX, pictures};

/// Saves a grey picture in 16 bits a value, of which `white` is the largest.
fn save_deep(place: &Place, name: &str, picture: &Picture, white: f32) {
    let side = SIZE_PX as u32;
    let image: ImageBuffer<Luma<u16>, Vec<u16>> = ImageBuffer::from_fn(side, side, |x, y| {
        Luma([(picture.at(0, y as usize, x as usize) * white).round() as u16])
    });
    let path = place.path(name);
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
    image.save(path).expect("an image can be saved");
}

#[test]
fn a_set_of_12_bits_is_scaled_alike_and_the_model_knows() {
    let place = Place::empty();
    let mut all = pictures(1, 14);
    // The camera reaches its white, if only in one image.
    all[3].pixels[7] = 1.0;
    for (i, picture) in all.iter().enumerate() {
        let folder = if i < 12 {
            "data/train/good"
        } else {
            "data/test/good"
        };
        save_deep(&place, &format!("{folder}/{i}.png"), picture, 4095.0);
    }
    let trained = place.train(&["--images", "64"]).succeeds();
    trained.says("12 of 16 bits are used; 4095 is white");
    let model = place.model("model.safetensors");
    assert_eq!(model.header.data.depth, Depth::Sixteen { used_bits: 12 });
    let mean = model.normal_mean.expect("images of one size have a mean");
    let average = mean.pixels.iter().sum::<f32>() / mean.pixels.len() as f32;
    assert!(
        (0.4..0.6).contains(&average),
        "{average} is black or blown out"
    );
    let own = place.path("data/test").display().to_string();
    let fitting = place.inspect(&[&own]).succeeds();
    assert!(!fitting.stderr().contains("bits"), "{}", fitting.stderr());

    save_deep(&place, "other/bright.png", &all[12], 60_000.0);
    place.save("other/eight.png", &all[13]);
    let other = place.path("other").display().to_string();
    let others = place.inspect_into(&["--out", "others", &other]);
    others
        .says("bright.png: holds values up to")
        .says("end at 4095")
        .says("eight.png: 8 bits a value, where those that the model was trained on have 12");
}

#[test]
fn data_says_how_many_of_16_bits_a_set_uses_by_its_test_images_too() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 6).iter().enumerate() {
        save_deep(&place, &format!("data/train/good/{i}.png"), picture, 200.0);
        save_deep(&place, &format!("data/test/good/{i}.png"), picture, 3000.0);
    }
    let said = place.run(&["data", "data"]).succeeds().stdout();
    for words in [
        "16 bits a value, 12 used",
        "12 of 16 bits are used; 4095 is white",
        "This test image says how many bits are used",
    ] {
        assert!(said.contains(words), "'{words}' is not in: {said}");
    }
    let alone = place.run(&["data", "data/train/good"]).succeeds().stdout();
    assert!(alone.contains("16 bits a value, 8 used"), "{alone}");
}
