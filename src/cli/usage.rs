//! What is wrong with a command line, in Japanese.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error in Japanese, with the line of usage as it is. One of a kind that nobody has worded keeps its English
/// sentence.
pub fn in_japanese(error: &clap::Error) -> String {
    let english = error.render().to_string();
    let mut parts = vec![match words(error) {
        Some(words) => format!("エラー：{words}"),
        None => {
            let sentence = english.split("\n\n").next().unwrap_or_default();
            let sentence = sentence.strip_prefix("error: ").unwrap_or(sentence);
            format!("エラー：{}", sentence.trim_end())
        }
    }];
    parts.extend(suggestion(error));
    let usage = english
        .split("\n\n")
        .find(|part| part.starts_with("Usage:"));
    parts.extend(usage.map(|usage| usage.trim_end().replacen("Usage: ", "使い方：", 1)));
    if english.contains("'--help'") {
        parts.push("詳しくは'--help'で表示されます。".into());
    }
    parts.join("\n\n")
}

fn words(error: &clap::Error) -> Option<String> {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("引数'{}'はありません", argument?),
        ErrorKind::InvalidSubcommand => {
            let command = text(error, ContextKind::InvalidSubcommand)?;
            format!("サブコマンド'{command}'はありません")
        }
        ErrorKind::MissingSubcommand => "サブコマンドが必要です".into(),
        ErrorKind::MissingRequiredArgument => {
            format!(
                "次の引数が必要です：\n  {}",
                argument?.replace(", ", "\n  ")
            )
        }
        ErrorKind::InvalidValue => {
            let allowed = text(error, ContextKind::ValidValue).filter(|all| !all.is_empty());
            let allowed = allowed.map(|all| format!("\n  使える値：{all}"));
            let refused = match value?.as_str() {
                "" => format!("'{}'には値が必要です", argument?),
                value => format!("'{}'に値'{value}'は使えません", argument?),
            };
            refused + &allowed.unwrap_or_default()
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(|why| format!("：{why}"));
            let why = why.unwrap_or_default();
            format!("'{}'に値'{}'は使えません{why}", argument?, value?)
        }
        ErrorKind::ArgumentConflict => match text(error, ContextKind::PriorArg) {
            Some(other) if Some(&other) == argument.as_ref() => {
                format!("'{other}'は1回しか指定できません")
            }
            Some(other) => format!("'{}'は{}と一緒に使えません", argument?, quoted(&other)),
            None => return None,
        },
        ErrorKind::NoEquals => format!("'{}'の値は=の後に書きます", argument?),
        ErrorKind::TooManyValues => format!("'{}'に値'{}'は余分です", argument?, value?),
        ErrorKind::TooFewValues => {
            let least = text(error, ContextKind::MinValues)?;
            format!("'{}'には値が{least}個以上必要です", argument?)
        }
        ErrorKind::WrongNumberOfValues => {
            let wanted = text(error, ContextKind::ExpectedNumValues)?;
            format!("'{}'には値が{wanted}個必要です", argument?)
        }
        ErrorKind::InvalidUtf8 => "文字として読めない引数があります".into(),
        _ => return None,
    })
}

/// What may be meant instead.
fn suggestion(error: &clap::Error) -> Option<String> {
    let kinds = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ];
    let meant = kinds.into_iter().find_map(|kind| text(error, kind))?;
    Some(format!("  候補：{}", quoted(&meant)))
}

fn quoted(list: &str) -> String {
    let each: Vec<String> = list.split(", ").map(|one| format!("'{one}'")).collect();
    each.join("、")
}

/// What the error says of this, where it says something.
fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Arguments;

    #[test]
    fn common_mistakes_are_said_in_japanese_with_what_was_written() {
        for (words, said) in [
            (
                vec!["data", "d", "--jsno"],
                vec!["'--jsno'はありません", "候補：'--json'"],
            ),
            (vec!["daat"], vec!["'daat'はありません", "'data'"]),
            (vec!["data"], vec!["次の引数が必要です", "<DATA>"]),
            (
                vec!["inspect"],
                vec![
                    "次の引数が必要です",
                    "--out <DIR>",
                    "<MODEL>",
                    "<IMAGE_OR_DIR>...",
                ],
            ),
            (
                vec!["train", "d", "--out", "m", "--size", "100"],
                vec![
                    "'--size <SIZE>'に値'100'は使えません",
                    "使える値：64, 128, 256",
                ],
            ),
            (
                vec!["data", "d", "--lang", "fr"],
                vec!["'fr'は使えません", "使える値：en, ja"],
            ),
            (
                vec!["train", "d", "--out"],
                vec!["'--out <MODEL>'には値が必要です"],
            ),
            (
                vec!["train", "d", "--out", "m", "--seed", "x"],
                vec!["'--seed <N>'に値'x'は使えません"],
            ),
            (
                vec!["-q", "-v", "data", "d"],
                vec!["と一緒に使えません", "--quiet", "--verbose"],
            ),
            (
                vec!["data", "d", "--json", "--json"],
                vec!["'--json'は1回しか指定できません"],
            ),
        ] {
            let all = [&["kizumi"], &words[..]].concat();
            let error = Arguments::try_parse_from(all).expect_err("a mistake");
            let japanese = in_japanese(&error);
            assert!(japanese.starts_with("エラー："), "{japanese}");
            for said in said {
                assert!(japanese.contains(said), "{said} in {japanese}");
            }
            assert!(japanese.contains("--help"), "{japanese}");
            assert!(!japanese.contains("error"), "{japanese}");
        }
    }
}
