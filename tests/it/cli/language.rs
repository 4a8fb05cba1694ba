//! What the program says in Japanese, and what it never translates.

use std::fs;

use kizumi_image::picture::Picture;

use super::{Place, Ran};
use crate::common::{SIZE_PX, pictures};

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c))
}

fn in_japanese(place: &Place, arguments: &[&str]) -> Ran {
    place.run(&[&["--lang", "ja"], arguments].concat())
}

/// Every line is Japanese, and each of these is in one.
#[track_caller]
fn says_all(text: &str, said: &[&str]) {
    for line in text.lines() {
        assert!(is_japanese(line), "{line:?} of {text}");
    }
    for said in said {
        assert!(text.contains(said), "{said:?} is not in: {text}");
    }
}

#[test]
fn failures_are_said_in_japanese() {
    let place = Place::with_data(1);
    for (name, picture) in pictures(1, 4).iter().enumerate() {
        let folder = if name < 2 { "old" } else { "new" };
        place.save(&format!("parts/{folder}/{name}.png"), picture);
    }
    place.write("set/note.txt", b"nothing");
    place.write("m.safetensors", b"nothing");
    place.write("bad/broken.png", b"no picture");
    let (train, out) = (["train", "--device", "cpu", "--out"], "x.safetensors");
    let train = |data| [&train[..], &[out, data]].concat();
    let inspect = [
        "inspect",
        "m.safetensors",
        "data",
        "--device",
        "cpu",
        "--out",
        "r",
    ];
    for (arguments, said) in [
        (train("gone"), vec!["gone：読み込めません", "os error 2"]),
        (
            train("set"),
            vec!["set：画像がありません", "対象外です（.txt 1件）"],
        ),
        (
            train("parts"),
            vec![
                "parts：どの画像が良品か判断できません",
                "new（2枚）",
                "--normal DIR",
            ],
        ),
        (train("m.safetensors"), vec!["フォルダではなくファイルです"]),
        (
            inspect.to_vec(),
            vec!["m.safetensors：Kizumiのモデルではないか、壊れています"],
        ),
        (
            vec!["watch", "gone", "--out", "r", "--model", "m.safetensors"],
            vec!["gone を読み込めません：ファイルまたはフォルダがありません（os error 2）"],
        ),
    ] {
        let ran = in_japanese(&place, &arguments).fails_saying(&said);
        says_all(&ran.stderr(), &said);
    }
}

#[test]
fn usage_is_explained_in_japanese() {
    let place = Place::empty();
    for (arguments, said) in [
        (
            vec!["daat"],
            vec![
                "エラー：サブコマンド'daat'はありません",
                "'data'",
                "使い方：",
            ],
        ),
        (
            vec!["data"],
            vec!["エラー：次の引数が必要です", "<DATA>", "'--help'"],
        ),
        (
            vec!["inspect", "m", "i", "--out", "o", "--shard", "3/2"],
            vec!["'--shard <K/N>'に値'3/2'は使えません：K/N（1 <= K <= N）の形"],
        ),
        (
            vec!["inspect", "m", "i", "--out", "o", "--opacity", "2"],
            vec!["kizumi: 不透明度2は0..=1の範囲外です"],
        ),
        (
            vec!["train", "d", "--out", "m", "--batch", "5000"],
            vec!["kizumi: バッチサイズの5000は、1から1024の範囲にありません"],
        ),
        (
            vec!["train", "d", "--out", "m", "--mm-per-px", "0"],
            vec![
                "'--mm-per-px <MM>'",
                "1画素のmmの0は、0.0001から10000の範囲",
            ],
        ),
    ] {
        let ran = in_japanese(&place, &arguments).ends_with(2);
        assert_eq!(ran.stdout(), "");
        let stderr = ran.stderr();
        for said in said {
            assert!(stderr.contains(said), "{said:?} is not in: {stderr}");
        }
        let english = place.run(&arguments).ends_with(2).stderr();
        assert!(!is_japanese(&english), "{english}");
    }
}

#[test]
fn a_data_set_is_described_in_japanese() {
    let place = Place::with_data(1);
    let black = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    place.save("data/ground_truth/scratch/15_mask.png", &black);
    place.write("data/notes.xyz", b"nothing");
    let ran = in_japanese(&place, &["data", "data"]).succeeds();
    says_all(
        &ran.stderr(),
        &["data：学習用 良品12枚、テスト用 良品3枚・欠陥品3枚（1種類）、マスク3枚"],
    );
    let text = ran.stdout();
    for line in [
        "構成      学習用とテスト用のフォルダ",
        "学習用    良品12枚",
        "テスト用  良品3枚、不良品3枚、不明0枚",
        "  scratch: 3",
        "マスク    3枚、マスクのない不良品0枚",
        "対象外    1件",
        "  data/notes.xyz：画像以外：.xyz",
        "確認が必要なマスク  1件",
        "  data/ground_truth/scratch/15_mask.png：不良画像のマスクですが、何も塗られていません。画素の指標には\
         含めません。",
    ] {
        assert!(text.lines().any(|one| one == line), "{line:?} in {text}");
    }
}

#[test]
fn inspections_and_evaluations_are_told_in_japanese() {
    let place = Place::with_model(1);
    place.write("data/test/good/broken.png", b"no picture");
    let arguments = [
        "inspect",
        "model.safetensors",
        "data",
        "--device",
        "cpu",
        "--out",
        "r",
    ];
    let said = [
        "data/test/good/broken.png：PNG、JPEG、BMP、TIFF、WebPの画像ではありません",
        "検査6枚、使用不可1枚：r",
        "画像の可能性がある1件を読み込めませんでした",
    ];
    let ran = in_japanese(&place, &arguments).ends_with(1);
    says_all(&ran.stderr(), &said);
    says_all(
        &ran.stdout(),
        &[
            "data/test/good/12.png：",
            "、スコア",
            "（しきい値",
            "再構成",
        ],
    );
    assert_eq!(ran.stdout().lines().count(), 6);

    let black = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    place.save("data/ground_truth/scratch/15_mask.png", &black);
    let arguments = [
        "evaluate",
        "model.safetensors",
        "data",
        "--device",
        "cpu",
        "--out",
        "e",
    ];
    let ran = in_japanese(&place, &arguments).succeeds();
    let note = "15_mask.png：不良画像のマスクですが、何も塗られていません";
    says_all(&ran.stderr(), &[note, "注：", "指標と画像：e"]);
    let table = ran.stdout();
    for said in [
        "テスト画像：良品3枚、不良品3枚",
        "種類     マップ       AUROC   AUPRO",
        "全体     再構成",
        "確認が必要なマスク：1件（画素の指標に含めない1件）",
        note,
    ] {
        assert!(table.contains(said), "{said:?} in {table}");
    }
    let sheet = fs::read_to_string(place.path("e/contact_sheet.html")).expect("a report");
    assert!(sheet.contains("lang=\"ja\""));
}

#[test]
fn the_locale_decides_where_nothing_is_asked_for() {
    let place = Place::empty();
    let run = |arguments: &[&str], locale: &str| {
        let mut command = place.command(arguments);
        Ran(command.env("LC_ALL", locale).output().expect("it starts"))
    };
    let gone = ["data", "gone"];
    run(&gone, "ja_JP.UTF-8").fails_saying(&["gone：読み込めません"]);
    run(&gone, "C.UTF-8").fails_saying(&["gone: cannot be read"]);
    run(&["data", "gone", "--lang", "en"], "ja_JP.UTF-8").fails_saying(&["gone: cannot be read"]);
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    let place = Place::with_model(1);
    place.write("data/notes.xyz", b"nothing");
    let black = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    place.save("data/ground_truth/scratch/15_mask.png", &black);
    let model = ["model.safetensors", "data", "--device", "cpu", "--json"];
    let tables = ["results.csv", "results.jsonl"];
    for arguments in [
        vec!["data", "data", "--json"],
        [&["evaluate"], &model[..]].concat(),
        [
            &["inspect"],
            &model[..],
            &["--pictures", "none", "--out", "r"],
        ]
        .concat(),
        [&["labels"], &["data"][..]].concat(),
        vec!["check", "data", "--json"],
    ] {
        let [english, japanese] = ["en", "ja"].map(|language| {
            let ran = place.run(&[&arguments[..], &["--lang", language]].concat());
            let tables = tables.map(|name| fs::read(place.path("r").join(name)).ok());
            (ran.succeeds().stdout(), tables)
        });
        assert_eq!(english, japanese, "{arguments:?}");
    }
}
