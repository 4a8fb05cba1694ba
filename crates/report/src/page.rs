//! What every report has around its content.

use super::html::escaped;
use super::text::Text;

/// The program and its version.
const PROGRAM: &str = concat!("Kizumi ", env!("CARGO_PKG_VERSION"));

/// Nothing may be loaded or run: not even a mistake in this program could phone home.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// A whole document. `kind` says what sort of report it is, `head` follows the title; `head` and
/// `body` are HTML already.
pub(super) fn page(
    text: &Text,
    kind: &str,
    title: &str,
    date: &str,
    head: &str,
    body: &str,
) -> String {
    let (kind, title, date) = (escaped(kind), escaped(title), escaped(date));
    format!(
        "<!DOCTYPE html>
<html lang=\"{lang}\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<meta name=\"generator\" content=\"{PROGRAM}\">
<link rel=\"icon\" href=\"data:,\">
<title>{title} · {kind}</title>
<style>
{style}</style>
</head>
<body>
<header id=\"head\">
<p class=\"kind\">{kind}</p>
<h1>{title}</h1>
{head}</header>
<main>
{body}</main>
<footer><p>{date}</p><p>{PROGRAM}</p></footer>
</body>
</html>
",
        lang = text.lang,
        style = include_str!("style.css"),
    )
}
