//! Reads the words from the source, so that those in closures count too and a new domain is covered
//! by being there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use egui::FontId;
use egui::epaint::text::{Fonts, TextOptions};

use crate::ui::commands::{COMMANDS, Group};
use crate::ui::language::Language;
use crate::ui::theme;

use super::Text;

/// Words that are the same in every language.
const SAME: [&str; 14] = [
    "Kizumi", "RGB", "L1", "L2", "KL", "Inferno", "Viridis", "Cividis", "AUROC", "ROC", "PR", "AP",
    "VAE", "γ-VAE",
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

/// The literals of every field of every domain in a language: `train.beta` has `KL weight β`.
fn literals(language: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for path in sources("src/ui/text") {
        let domain = path.file_stem().unwrap().to_str().unwrap();
        if ["mod", "tests"].contains(&domain) {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let (_, block) = source
            .split_once(&format!("pub static {language}:"))
            .unwrap_or_else(|| panic!("{domain} has no {language}"));
        let (block, _) = block.split_once("\n};\n").unwrap();
        // A backslash at the end of a line carries a literal on.
        let mut pieces = block.split("\\\n");
        let first = pieces.next().unwrap().to_owned();
        let block = pieces.fold(first, |whole, piece| whole + piece.trim_start());
        let mut field = String::new();
        for line in block.lines().skip(1) {
            let name = line.strip_prefix("    ").unwrap_or(line).split(':').next();
            if let Some(name) = name.filter(|name| is_field(name)) {
                field = format!("{domain}.{name}");
                all.insert(field.clone(), Vec::new());
            }
            let quoted = line.split('"').skip(1).step_by(2).map(str::to_owned);
            all.entry(field.clone()).or_default().extend(quoted);
        }
    }
    all
}

fn is_field(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.chars().all(letter)
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
    let (english, japanese) = (literals("ENGLISH"), literals("JAPANESE"));
    assert!(english.len() > 200, "the source was not understood");
    let fields: Vec<_> = english.keys().collect();
    assert_eq!(fields, japanese.keys().collect::<Vec<_>>());
    for (field, text) in english.iter().chain(&japanese).flat_map(|(field, texts)| {
        let texts = texts.iter();
        texts.map(move |text| (field, text))
    }) {
        assert!(!text.trim().is_empty(), "{field} is empty");
    }
    for command in COMMANDS {
        let [english, japanese] = command.names;
        assert!(!english.is_empty() && !is_japanese(&english.replace("日本語", "")));
        assert!(is_japanese(japanese), "{}", command.id);
    }
}

#[test]
fn japanese_is_translated() {
    for (field, texts) in literals("JAPANESE") {
        for text in texts {
            let known = SAME.contains(&text.as_str()) || !has_words(&text);
            assert!(known || is_japanese(&text), "{field}: {text:?}");
        }
    }
    for (field, texts) in literals("ENGLISH") {
        for text in texts {
            assert!(!is_japanese(&text), "{field}: {text:?}");
        }
    }
}

#[test]
fn every_letter_has_a_glyph() {
    let mut letters: Vec<char> = Vec::new();
    for path in sources("src/ui") {
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
