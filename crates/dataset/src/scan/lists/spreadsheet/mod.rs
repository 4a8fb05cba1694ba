//! Lists that people keep in a spreadsheet.

mod ods;
mod sheet;
mod xls;
mod xlsx;

use std::path::Path;

use kizumi_image::guarded::guarded;
use kizumi_image::regular;
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

pub(super) use sheet::Sheet;

/// Endings of spreadsheets that are read.
pub(super) const ENDINGS: [&str; 4] = ["xlsx", "xlsm", "ods", "xls"];

/// The largest file that is looked into.
const MAX_BYTES: u64 = 64 << 20;

/// The most that one may hold once it is unpacked: packed text may become a thousand times as long.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// The sheets of a spreadsheet, in their order.
///
/// # Errors
/// Why it cannot be read: it is damaged, protected by a password, or holds more than any list does.
pub(super) fn sheets(file: &Path) -> Result<Vec<Sheet>, String> {
    let bytes = regular::read(file, MAX_BYTES).map_err(|error| error.to_string())?;
    let ending = super::ending(file);
    let read = guarded(|| match ending.as_str() {
        "ods" => ods::sheets(&bytes),
        "xls" => xls::sheets(&bytes),
        _ => xlsx::sheets(&bytes),
    });
    read.unwrap_or_else(|| Err("it is damaged".into()))
}

/// What an attribute of an element says.
fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).flatten();
    let mut named = attributes.filter(|one| one.key.as_ref() == name);
    let value = named.next()?.value;
    let value = std::str::from_utf8(&value).ok()?;
    Some(unescape(value).ok()?.into_owned())
}

const PROTECTED: &str = "it is protected by a password";
const TOO_LARGE: &str = "it holds more than any list does";

#[cfg(test)]
pub(in crate::scan) mod tests;
