#![allow(clippy::unwrap_used)]

use super::*;
use crate::catalog::Kind;
use crate::list_fault::ListFault;

/// A folder with these lists, beside images of these names.
pub(super) fn listed(images: &[&str], lists: &[(&str, &str)]) -> Option<Contents> {
    let (masks, images): (Vec<&str>, Vec<&str>) =
        images.iter().partition(|name| name.starts_with("m/"));
    let dir = crate::test_folder::test_folder();
    for (name, text) in lists {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let images: Vec<&Path> = images.iter().map(Path::new).collect();
    let documents: Vec<&Path> = lists.iter().map(|(name, _)| Path::new(*name)).collect();
    let masks: Vec<&Path> = masks.iter().map(Path::new).collect();
    find(dir.path(), &images, &masks, &documents)
}

/// "path part what masks" of each image.
pub(super) fn lines(listed: &Contents) -> Vec<String> {
    let line = |image: &ListedImage| {
        let part = match image.part {
            None => "-",
            Some(Part::Train) => "train",
            Some(Part::Validation) => "val",
            Some(Part::Test) => "test",
        };
        let told = match &image.told {
            Told::Known(Kind::Normal) => "normal",
            Told::Known(Kind::Defect(name)) => name,
            Told::Known(Kind::Unknown) | Told::Open => "?",
            Told::Unmasked => "unmasked",
            Told::Unsaid => "unsaid",
            Told::Contradiction => "contradiction",
        };
        let masks = image.masks.iter().map(|mask| mask.display().to_string());
        let masks: Vec<String> = masks.collect();
        format!(
            "{} {part} {told} [{}]",
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
        "i/b.png val normal []",
        "i/c.png test bent [m/c.png]",
        "i/d.png test normal []",
    ];
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    assert_eq!(lines(&listed), expected);
    assert!(listed.left_out.is_empty());
    assert_eq!(listed.files, [Path::new("list.csv")]);
}

#[test]
fn a_list_may_say_kinds_alone() {
    let list = "image;label\na.png;OK\nb.png;bent\nc.png;\n";
    let listed = listed(&IMAGES[..4], &[("list.csv", list)]).unwrap();
    let expected = ["i/a.png - normal []", "i/b.png - bent []", "i/c.png - ? []"];
    assert_eq!(lines(&listed), expected);
}

#[test]
fn what_is_listed_and_missing_or_contradicts_itself_is_left_out_with_its_reason() {
    let list = "image,label,split,mask\n\
        i/a.png,ok,train,\ni/a.png,bent,train,\ni/b.png,bent,train,\ni/gone.png,ok,train,\n\
        i/c.png,bent,test,m/gone.png\ni/d.png,,train,\n";
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    let expected = [
        "i/b.png train bent []",
        "i/c.png test bent []",
        "i/d.png train ? []",
    ];
    assert_eq!(lines(&listed), expected);
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
        ]
    );
}

#[test]
fn several_masks_of_an_image_are_kept() {
    let list = "image,label,mask\ni/a.png,bent,m/c.png\ni/a.png,cut,i/d.png\ni/a.png,cut,i/d.png\n";
    let listed = listed(&IMAGES, &[("list.csv", list)]).unwrap();
    assert_eq!(lines(&listed), ["i/a.png - bent, cut [m/c.png, i/d.png]"]);
}

#[test]
fn lists_called_train_and_test_belong_together() {
    let lists = [
        ("train.csv", "image,label\na.png,0\nb.png,0\n"),
        ("test.csv", "image,label\nc.png,0\nd.png,1\n"),
        ("other.csv", "image,label\na.png,1\n"),
    ];
    let listed = listed(&IMAGES[..4], &lists).unwrap();
    let contradicted = ListFault::Contradictions;
    assert_eq!(listed.left_out, [("i/a.png".into(), contradicted)]);
    let expected = [
        "i/b.png train normal []",
        "i/c.png test normal []",
        "i/d.png test defect []",
    ];
    assert_eq!(lines(&listed), expected);
}

#[test]
fn one_list_says_the_part_and_another_what_images_show() {
    let labels = (
        "a.csv",
        "image,anomaly\na.png,0\nb.png,0\nc.png,1\nd.png,1\n",
    );
    let parts = (
        "b.csv",
        "image,split\na.png,train\nc.png,test\nd.png,train\n",
    );
    let found = listed(&IMAGES[..4], &[labels, parts]).unwrap();
    let expected = [
        "i/a.png train normal []",
        "i/c.png test defect []",
        "i/d.png train defect []",
    ];
    assert_eq!(lines(&found), expected);
    assert_eq!(found.files, [Path::new("b.csv"), Path::new("a.csv")]);
    assert!(found.is_complete);

    let few = ("train.txt", "a.png\n");
    let found = listed(&IMAGES[..4], &[labels, few]).unwrap();
    assert!(!found.is_complete);
    assert_eq!(
        lines(&found)[..2],
        ["i/a.png train normal []", "i/b.png - normal []"]
    );
}

#[test]
fn lists_of_names_are_called_after_what_they_list() {
    let lists = [
        ("good.txt", "a.png\nb.png\n"),
        ("NG.txt", "c.png\n"),
        ("labels.txt", "d.png 1\nc.png NG\n"),
    ];
    let found = listed(&IMAGES[..4], &lists).unwrap();
    let expected = [
        "i/a.png - normal []",
        "i/b.png - normal []",
        "i/c.png - NG []",
        "i/d.png - ? []",
    ];
    assert_eq!(lines(&found), expected);
    let lists = [
        ("train_list.txt", "a\nb\n"),
        ("valid.txt", "c\n"),
        ("test.txt", "d\n"),
    ];
    let expected = [
        "i/a.png train unsaid []",
        "i/b.png train unsaid []",
        "i/c.png val unsaid []",
        "i/d.png test unsaid []",
    ];
    assert_eq!(lines(&listed(&IMAGES[..4], &lists).unwrap()), expected);
    assert_eq!(
        listed(&IMAGES[..4], &[("files.txt", "a.png\nb.png\n")]),
        None
    );
}

#[test]
fn a_column_of_folders_tells_images_of_one_name_apart() {
    let images = ["cam1/1.png", "cam1/2.png", "cam2/1.png", "cam2/2.png"];
    let list = "folder,filename,label\ncam2,1.png,OK\ncam2,2.png,NG\n";
    let found = listed(&images, &[("list.csv", list)]).unwrap();
    assert_eq!(
        lines(&found),
        ["cam2/1.png - normal []", "cam2/2.png - NG []"]
    );
    let list = "filename,label\n1.png,OK\n2.png,NG\n";
    assert_eq!(listed(&images, &[("list.csv", list)]), None);
}

#[test]
fn lists_of_several_folders_are_one() {
    let images = ["a/1.png", "b/1.png"];
    let lists = [
        ("a/labels.csv", "filename,label\n1.png,OK\n"),
        ("b/labels.csv", "filename,label\n1.png,NG\n"),
    ];
    let found = listed(&images, &lists).unwrap();
    assert_eq!(lines(&found), ["a/1.png - normal []", "b/1.png - NG []"]);
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

#[test]
fn texts_that_are_called_as_images_do_not_hide_a_list() {
    let images: Vec<String> = (0..=MAX_FILES).map(|at| format!("i/{at}.png")).collect();
    let texts: Vec<String> = (0..=MAX_FILES).map(|at| format!("a/{at}.txt")).collect();
    let images: Vec<&str> = images.iter().map(String::as_str).collect();
    let mut lists: Vec<(&str, &str)> = texts.iter().map(|name| (name.as_str(), "0 0 0")).collect();
    lists.push(("lists/train.csv", "i/1.png,ok\ni/2.png,bent\n"));
    let expected = ["i/1.png train normal []", "i/2.png train bent []"];
    assert_eq!(lines(&listed(&images, &lists).unwrap()), expected);
}

/// A list with these labels for the images `i/a.png` to `i/d.png`.
fn labelled(column: &str, labels: [&str; 4]) -> Vec<String> {
    let rows = ["a", "b", "c", "d"].iter().zip(labels);
    let rows: String = rows
        .map(|(image, label)| format!("i/{image}.png,{label}\n"))
        .collect();
    let list = format!("image,{column}\n{rows}");
    listed(&IMAGES, &[("l.csv", &list)]).map_or(Vec::new(), |listed| lines(&listed))
}

#[test]
fn letters_are_answers_only_where_there_are_two_of_one_kind() {
    let normal = |lines: &[String]| lines.iter().filter(|line| line.contains("normal")).count();
    // Pass and fail, good and not.
    for column in ["label", "判定", "result"] {
        assert_eq!(
            normal(&labelled(column, ["P", "P", "P", "F"])),
            0,
            "{column}"
        );
        assert_eq!(
            normal(&labelled(column, ["G", "G", "G", "N"])),
            0,
            "{column}"
        );
    }
    // Codes of defects.
    let lines = labelled("defect_type", ["none", "S", "F", "N"]);
    assert_eq!(normal(&lines), 1, "{lines:?}");
    let lines = labelled("defect", ["N", "N", "Y", "N"]);
    assert_eq!(normal(&lines), 3, "{lines:?}");
}

#[test]
fn good_with_a_word_that_nobody_knows_is_no_kind_of_defect() {
    for label in ["good weld", "all good", "OK(再検)"] {
        let lines = labelled("label", [label, label, label, "bad"]);
        let unsaid = lines.iter().filter(|line| line.contains(" ? ")).count();
        assert_eq!(unsaid, 3, "{lines:?}");
    }
}
