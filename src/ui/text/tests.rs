//! Reads the words from the source, so that those in closures count too.

use std::path::{Path, PathBuf};

use egui::FontId;
use egui::epaint::text::{Fonts, TextOptions};

use crate::ui::commands::{COMMANDS, Group};
use crate::ui::theme;
use kizumi_dataset::catalog::Kind;
use kizumi_engine::message::DeviceInfo;

use super::*;

/// Words that are the same in every language.
const SAME: [&str; 16] = [
    "Kizumi", "RGB", "L1", "L2", "KL", "Inferno", "Viridis", "Cividis", "AUROC", "ROC", "PR", "AP",
    "VAE", "γ-VAE", "OK", "NG",
];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files
}

/// The words of every domain, as they stand in the source.
const DOMAINS: [(&str, &[[&str; 3]]); 22] = [
    ("commands", commands::SOURCES),
    ("common", common::SOURCES),
    ("steps", steps::SOURCES),
    ("data", data::SOURCES),
    ("project", project::SOURCES),
    ("question", question::SOURCES),
    ("suspects", suspects::SOURCES),
    ("labels", labels::SOURCES),
    ("train", train::SOURCES),
    ("inspect", inspect::SOURCES),
    ("review", review::SOURCES),
    ("rival", rival::SOURCES),
    ("runs", runs::SOURCES),
    ("status", status::SOURCES),
    ("painting", painting::SOURCES),
    ("regions", regions::SOURCES),
    ("saving", saving::SOURCES),
    ("explain", explain::SOURCES),
    ("viewer", viewer::SOURCES),
    ("timing", timing::SOURCES),
    ("tuning", tuning::SOURCES),
    ("watching", watching::SOURCES),
];

/// The name of every word (`train.beta`) and its literals (`KL weight β`) in a language: 1 is
/// English, 2 Japanese.
fn literals(language: usize) -> impl Iterator<Item = (String, String)> {
    let words = DOMAINS
        .into_iter()
        .flat_map(|(domain, words)| words.iter().map(move |word| (domain, word)));
    words.flat_map(move |(domain, word)| {
        let pieces = word[language].split('"').skip(1).step_by(2);
        pieces.map(move |piece| (format!("{domain}.{}", word[0]), unwrapped(piece)))
    })
}

/// A literal without the line ends that a backslash carries it over.
fn unwrapped(literal: &str) -> String {
    let mut pieces = literal.split("\\\n");
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |whole, piece| whole + piece.trim_start())
}

/// Whether there is anything to translate: a word outside the braces of a format.
fn has_words(text: &str) -> bool {
    let outside = text.split('{').map(|part| match part.split_once('}') {
        Some((_, rest)) => rest,
        None => part,
    });
    let mut words = outside.flat_map(|part| part.split(|c: char| !c.is_alphabetic()));
    words.any(|word| word.chars().count() > 1)
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c))
}

#[test]
fn every_text_is_there_in_both_languages() {
    let domains: Vec<&str> = DOMAINS.iter().map(|(domain, _)| *domain).collect();
    let there: Vec<&str> = SOURCES[1..].iter().map(|[domain, ..]| *domain).collect();
    assert_eq!(domains, there, "a domain is not looked at");
    assert!(literals(1).count() > 200, "the source was not understood");
    for (word, text) in literals(1).chain(literals(2)) {
        assert!(!text.trim().is_empty(), "{word} is empty");
    }
    for command in COMMANDS {
        let [english, japanese] = command.names;
        assert!(!english.is_empty() && !is_japanese(&english.replace("日本語", "")));
        assert!(is_japanese(japanese), "{}", command.id);
    }
}

#[test]
fn japanese_is_translated() {
    for (word, text) in literals(2) {
        let known = SAME.contains(&text.as_str()) || !has_words(&text);
        assert!(known || is_japanese(&text), "{word}: {text:?}");
    }
    for (word, text) in literals(1) {
        assert!(!is_japanese(&text), "{word}: {text:?}");
    }
}

#[test]
fn every_letter_has_a_glyph() {
    let mut letters: Vec<char> = Vec::new();
    for path in [sources("src/ui"), sources("src/text")].concat() {
        let source = std::fs::read_to_string(path).unwrap();
        let code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        letters.extend(code.flat_map(str::chars));
    }
    letters.sort_unstable();
    letters.dedup();
    assert!(letters.contains(&'欠'));
    for language in [Language::English, Language::Japanese] {
        let mut fonts = Fonts::new(TextOptions::default(), theme::fonts(language));
        for font in [FontId::proportional(14.0), FontId::monospace(14.0)] {
            let lacks: String = letters
                .iter()
                .filter(|letter| !fonts.has_glyph(&font, **letter))
                .collect();
            assert!(
                lacks.is_empty(),
                "no glyph for {lacks:?} in {font:?}: run assets/subset_font.py"
            );
        }
    }
}

#[test]
fn rows_are_as_high_in_both_languages() {
    let height = |language| {
        let mut fonts = Fonts::new(TextOptions::default(), theme::fonts(language));
        let mut fonts = fonts.with_pixels_per_point(1.0);
        fonts.row_height(&FontId::proportional(14.0))
    };
    let (english, japanese) = (height(Language::English), height(Language::Japanese));
    assert!((english - japanese).abs() <= 1.0, "{english} {japanese}");
}

#[test]
fn all_groups_have_commands_and_a_name() {
    for language in [Language::English, Language::Japanese] {
        let text = Text::of(language);
        for group in Group::ALL {
            assert!(!text.commands.group(group).is_empty());
            assert!(group.commands().next().is_some(), "{group:?}");
        }
    }
}

#[test]
fn what_a_part_is_and_what_the_verdict_says_have_words_of_their_own() {
    for text in [&ENGLISH, &JAPANESE] {
        let good = text.data.kind(&Kind::Normal);
        let labels = [good.as_str(), text.review.defective];
        for verdict in text.review.verdicts {
            assert!(!labels.contains(&verdict), "{verdict}");
        }
        assert_eq!(text.review.verdicts, text.report().verdicts);
    }
}

#[test]
fn the_processor_is_named_in_the_language_of_the_window() {
    let device = DeviceInfo {
        name: "CPU (Flex), 2 threads".into(),
        threads: Some(2),
        ..Default::default()
    };
    assert_eq!((ENGLISH.status.device)(&device), "CPU (Flex), 2 threads");
    assert_eq!((JAPANESE.status.device)(&device), "CPU（2スレッド）");
}
