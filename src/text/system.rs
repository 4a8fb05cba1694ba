//! What the operating system answers.

use std::io::{self, ErrorKind};

use super::Worded;

impl Worded for io::Error {
    fn japanese(&self) -> String {
        answer(&self.to_string())
    }
}

/// What stands before the number of an answer of the system.
const CODE: &str = "(os error ";

/// The answer in Japanese where it is a common one, with its number; else as it is.
pub(super) fn answer(text: &str) -> String {
    let code = text
        .rsplit_once(CODE)
        .and_then(|(_, code)| code.strip_suffix(')')?.parse().ok());
    let words = code.and_then(|code| words(io::Error::from_raw_os_error(code).kind()));
    match (words, code) {
        (Some(words), Some(code)) => format!("{words}（os error {code}）"),
        _ => text.to_owned(),
    }
}

fn words(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "ファイルまたはフォルダがありません",
        ErrorKind::PermissionDenied => "アクセス権がありません",
        ErrorKind::AlreadyExists => "すでに存在します",
        ErrorKind::NotADirectory => "フォルダではありません",
        ErrorKind::IsADirectory => "フォルダです",
        ErrorKind::ReadOnlyFilesystem => "読み取り専用です",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "空き容量が足りません",
        ErrorKind::InvalidFilename => "ファイル名が長すぎるか、使えない文字があります",
        ErrorKind::ResourceBusy => "使用中です",
        ErrorKind::OutOfMemory => "メモリが足りません",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_answers_are_said_in_japanese_and_others_as_they_are() {
        #[cfg(unix)]
        assert_eq!(
            answer("No such file or directory (os error 2)"),
            "ファイルまたはフォルダがありません（os error 2）"
        );
        for other in [
            "stale file handle",
            "odd (os error x)",
            "odd (os error 2) too",
        ] {
            assert_eq!(answer(other), other);
        }
    }
}
