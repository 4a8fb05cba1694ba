//! What every report has around its content.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::text::Text;

/// The program and its version.
const PROGRAM: &str = concat!("Kizumi ", env!("CARGO_PKG_VERSION"));

/// Nothing may be loaded or run: not even a mistake in this program could phone home.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// A whole document. `kind` says what sort of report it is, `head` follows the title. Control
/// characters, which HTML cannot hold, become U+FFFD.
pub(super) fn page(
    text: &Text,
    kind: &str,
    title: &str,
    date: &str,
    head: &Markup,
    body: &Markup,
) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(text.lang) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(PROGRAM);
                link rel="icon" href="data:,";
                title { (title) " · " (kind) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                header #head {
                    p.kind { (kind) }
                    h1 { (title) }
                    (head)
                }
                main { (body) }
                footer { p { (date) } p { (PROGRAM) } }
            }
        }
    };
    let is_forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    page.into_string().replace(is_forbidden, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;

    #[test]
    fn nothing_from_a_file_becomes_markup() {
        let name = "<img src=x onerror=a(\"&\")>\u{0}\u{1b}";
        let html = page(&ENGLISH, "", name, "", &html! {}, &html! {});
        let shown = "<h1>&lt;img src=x onerror=a(&quot;&amp;&quot;)&gt;\u{fffd}\u{fffd}</h1>";
        assert!(html.contains(shown), "{html}");
    }
}
