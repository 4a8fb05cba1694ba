#![allow(clippy::unwrap_used)]

use super::*;

/// A folder with these lists, beside images of these names.
fn listed(images: &[&str], lists: &[(&str, &str)]) -> Option<Contents> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in lists {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let images: Vec<&Path> = images.iter().map(Path::new).collect();
    let documents: Vec<&Path> = lists.iter().map(|(name, _)| Path::new(*name)).collect();
    let is_normal = |word: &str| ["good", "ok", "normal"].contains(&word.to_lowercase().as_str());
    find(dir.path(), &images, &documents, &is_normal)
}

/// "path purpose kind masks" of each image.
fn lines(listed: &Contents) -> Vec<String> {
    let line = |image: &ListedImage| {
        let purpose = match image.purpose {
            Purpose::Train => "train",
            Purpose::Test => "test",
        };
        let kind = match &image.kind {
            None | Some(Kind::Unknown) => "?",
            Some(Kind::Normal) => "normal",
            Some(Kind::Defect(name)) => name,
        };
        let masks = image.masks.iter().map(|mask| mask.display().to_string());
        let masks: Vec<String> = masks.collect();
        format!(
            "{} {purpose} {kind} [{}]",
            image.path.display(),
            masks.join(", ")
        )
    };
    listed.images.iter().map(line).collect()
}

const IMAGES: [&str; 5] = ["i/a.png", "i/b.png", "i/c.png", "i/d.png", "m/c.png"];

#[test]
fn a_list_says_kinds_parts_and_masks() {
    let list = "image_path,label,split,mask_path\n\
        i/a.png,normal,train,\ni/b.png,ok,val,\ni/c.png,bent,test,m/c.png\ni/d.png,good,test,\n";
    let expected = [
        "i/a.png train normal []",
        "i/b.png train normal []",
        "i/c.png test bent [m/c.png]",
        "i/d.png test normal []",
    ];
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    assert_eq!(lines(&listed), expected);
    assert!(listed.left_out.is_empty());
    assert_eq!(listed.files, [Path::new("list.csv")]);
}

#[test]
fn without_parts_normal_images_are_for_training_and_defects_for_test() {
    let list = "image;label\na.png;OK\nb.png;bent\nc.png;\n";
    let listed = listed(&IMAGES[..4], &[("list.csv", list)]).unwrap();
    let expected = [
        "i/a.png train normal []",
        "i/b.png test bent []",
        "i/c.png test ? []",
    ];
    assert_eq!(lines(&listed), expected);
}

#[test]
fn what_is_listed_and_missing_or_contradicts_itself_is_left_out_with_its_reason() {
    let list = "image,label,split,mask\n\
        i/a.png,ok,train,\ni/a.png,bent,train,\ni/b.png,bent,train,\ni/gone.png,ok,train,\n\
        i/c.png,bent,test,m/gone.png\ni/d.png,,train,\n";
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    assert_eq!(lines(&listed), ["i/c.png test bent []"]);
    let left_out: Vec<String> = listed
        .left_out
        .iter()
        .map(|(path, reason)| format!("{}: {reason}", path.display()))
        .collect();
    assert_eq!(
        left_out,
        [
            "i/gone.png: listed, but missing",
            "m/gone.png: a listed mask, but missing",
            "i/a.png: its list contradicts itself",
            "i/b.png: listed for training, but defective",
            "i/d.png: listed for training, but not as normal",
        ]
    );
}

#[test]
fn several_masks_of_an_image_are_kept() {
    let list = "image,label,mask\ni/a.png,bent,m/c.png\ni/a.png,cut,i/d.png\ni/a.png,cut,i/d.png\n";
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    assert_eq!(
        lines(&listed),
        ["i/a.png test bent, cut [m/c.png, i/d.png]"]
    );
}

#[test]
fn lists_called_train_and_test_belong_together() {
    let lists = [
        ("train.csv", "image,label\na.png,0\nb.png,0\n"),
        ("test.csv", "image,label\nc.png,0\nd.png,1\n"),
        ("other.csv", "image,label\na.png,1\n"),
    ];
    let listed = listed(&IMAGES[..4], &lists).unwrap();
    let expected = [
        "i/a.png train normal []",
        "i/b.png train normal []",
        "i/c.png test normal []",
        "i/d.png test defect []",
    ];
    assert_eq!(lines(&listed), expected);
}

#[test]
fn the_list_that_parts_images_goes_before_the_longer_one() {
    let lists = [
        ("a.csv", "image,label\na.png,0\nb.png,0\nc.png,1\n"),
        ("b.csv", "image,label,split\na.png,0,train\nc.png,1,test\n"),
    ];
    let listed = listed(&IMAGES[..4], &lists).unwrap();
    assert_eq!(listed.files, [Path::new("b.csv")]);
}

#[test]
fn json_of_real_iad_is_a_list() {
    let list = r#"{"meta": {"prefix": "bolt/", "normal_class": "OK"},
        "train": [{"category": "bolt", "anomaly_class": "OK", "image_path": "OK/a.jpg", "mask_path": null}],
        "test": [{"category": "bolt", "anomaly_class": "OK", "image_path": "OK/b.jpg", "mask_path": null},
            {"category": "bolt", "anomaly_class": "HS", "image_path": "NG/HS/c.jpg", "mask_path": "NG/HS/c.png"}]}"#;
    let images = [
        "bolt/NG/HS/c.jpg",
        "bolt/NG/HS/c.png",
        "bolt/OK/a.jpg",
        "bolt/OK/b.jpg",
    ];
    let listed = listed(&images, &[("bolt.json", list)]).unwrap();
    let expected = [
        "bolt/NG/HS/c.jpg test HS [bolt/NG/HS/c.png]",
        "bolt/OK/a.jpg train normal []",
        "bolt/OK/b.jpg test normal []",
    ];
    assert_eq!(lines(&listed), expected);
}

#[test]
fn rows_of_other_folders_are_counted_and_other_tables_passed_over() {
    let visa = "object,split,label,image,mask\n\
        candle,train,normal,candle/i/a.png,\ncandle,test,anomaly,candle/i/c.png,candle/m/c.png\n\
        fryum,train,normal,fryum/i/a.png,\n";
    let found = listed(&IMAGES, &[("split_csv/1cls.csv", visa)]).unwrap();
    assert_eq!((found.images.len(), found.elsewhere), (2, 1));
    assert_eq!(found.images[1].masks, [Path::new("m/c.png")]);
    assert!(found.left_out.is_empty(), "{found:?}");
    for text in [
        "image,label,mask\n",
        "time,value\n1,2\n",
        "image,label\nx.png,ok\n",
        "",
    ] {
        assert_eq!(listed(&IMAGES, &[("list.csv", text)]), None, "{text}");
    }
}
