//! Text as HTML.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use kizumi_image::export::png_rgb8;
use kizumi_image::rgb8::Rgb8;

/// A text that stands for itself, in elements and in quoted attributes. Control characters, which
/// HTML cannot hold, become U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\t' => html.push(c),
            c if c.is_control() => html.push(char::REPLACEMENT_CHARACTER),
            c => html.push(c),
        }
    }
    html
}

/// A path, set apart so that no writing direction in it reorders what stands around it.
pub(super) fn path(path: &Path) -> String {
    format!(
        "<bdi class=\"file\">{}</bdi>",
        escaped(&path.display().to_string())
    )
}

/// The last part of a path, for headings; the whole if there is none.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// An image element that holds its picture; `None` if that has no pixels.
pub(super) fn img(image: &Rgb8, alt: &str, class: &str) -> Option<String> {
    let png = png_rgb8(image).ok()?;
    Some(format!(
        "<img class=\"{class}\" width=\"{}\" height=\"{}\" alt=\"{}\" src=\"data:image/png;base64,{}\">",
        image.width,
        image.height,
        escaped(alt),
        BASE64_STANDARD.encode(png)
    ))
}

/// A section with a heading.
pub(super) fn section(id: &str, heading: &str, body: &str) -> String {
    format!(
        "<section id=\"{id}\"><h2>{}</h2>\n{body}</section>\n",
        escaped(heading)
    )
}

/// A table of names and values. The values are HTML already.
pub(super) fn facts(rows: &[(&str, String)]) -> String {
    let mut html = String::from("<table class=\"facts\"><tbody>\n");
    for (name, value) in rows {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td>{value}</td></tr>\n",
            escaped(name)
        );
    }
    html + "</tbody></table>\n"
}

/// A row of column heads; those of numbers are set to the right, as the numbers are.
pub(super) fn heads(columns: &[(&str, bool)]) -> String {
    let mut html = String::from("<thead><tr>");
    for (name, is_number) in columns {
        let class = if *is_number { " class=\"n\"" } else { "" };
        html += &format!("<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    html + "</tr></thead>\n"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_becomes_markup() {
        assert_eq!(
            escaped("<img src=x onerror='a(\"&\")'>\u{0}\u{1b}"),
            "&lt;img src=x onerror=&#39;a(&quot;&amp;&quot;)&#39;&gt;\u{fffd}\u{fffd}"
        );
        assert_eq!(
            path(Path::new("a/<b>.png")),
            "<bdi class=\"file\">a/&lt;b&gt;.png</bdi>"
        );
    }

    #[test]
    fn a_picture_comes_back_from_its_address() {
        let image = Rgb8::new(2, 1, vec![1, 2, 3, 250, 251, 252]);
        let html = img(&image, "\"a\"", "").unwrap();
        assert!(html.contains("alt=\"&quot;a&quot;\""), "{html}");
        let data = html.split("base64,").nth(1).unwrap();
        let png = BASE64_STANDARD
            .decode(data.trim_end_matches("\">"))
            .unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bytes).unwrap();
        assert_eq!(bytes, image.bytes);
        assert_eq!(img(&Rgb8::default(), "", ""), None);
    }

    #[test]
    fn a_name_is_the_last_part() {
        assert_eq!(file_name(Path::new("a/b.png")), "b.png");
        assert_eq!(file_name(Path::new("/")), "/");
    }
}
