//! Pieces of pages.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, Render, html};

use kizumi_image::export::png_rgb8;
use kizumi_image::rgb8::Rgb8;
use kizumi_image::shown::{path_text, shown};

/// A path, set apart so that no writing direction in it reorders what stands around it.
pub(super) fn path(path: &Path) -> Markup {
    html! { bdi.file { (shown(path).to_string()) } }
}

/// The last part of a path, for headings; the whole if there is none.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    path_text(Path::new(name)).into_owned()
}

/// An image element that holds its picture; `None` if that has no pixels.
pub(super) fn img(image: &Rgb8, alt: &str, class: Option<&str>) -> Option<Markup> {
    let png = BASE64_STANDARD.encode(png_rgb8(image).ok()?);
    let Rgb8 { width, height, .. } = image;
    Some(html! {
        img class=[class] width=(width) height=(height) alt=(alt) src={ "data:image/png;base64," (png) };
    })
}

/// A section with a heading.
pub(super) fn section(id: &str, heading: &str, body: &Markup) -> Markup {
    html! { section #(id) { h2 { (heading) } (body) } }
}

/// A name and a value for [`facts`].
pub(super) fn fact(name: &str, value: impl Render) -> (&str, Markup) {
    (name, value.render())
}

/// A table of names and values.
pub(super) fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        table.facts { tbody {
            @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } }
        } }
    }
}

/// A row of column heads; those of numbers are set to the right, as the numbers are. A column
/// without a name has no head.
pub(super) fn heads(columns: &[(&str, bool)]) -> Markup {
    html! {
        thead { tr {
            @for (name, is_number) in columns {
                @if name.is_empty() { td {} }
                @else { th scope="col" class=[is_number.then_some("n")] { (name) } }
            }
        } }
    }
}

/// A cell with a number.
pub(super) fn cell(number: impl Render) -> Markup {
    html! { td.n { (number) } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_path_does_not_become_markup() {
        assert_eq!(
            path(Path::new("a/<b>.png")).into_string(),
            "<bdi class=\"file\">a/&lt;b&gt;.png</bdi>"
        );
    }

    #[test]
    fn a_picture_comes_back_from_its_address() {
        let image = Rgb8::new(2, 1, vec![1, 2, 3, 250, 251, 252]);
        let html = img(&image, "\"a\"", None).unwrap().into_string();
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
        assert!(img(&Rgb8::default(), "", None).is_none());
    }

    #[test]
    fn a_name_is_the_last_part() {
        assert_eq!(file_name(Path::new("a/b.png")), "b.png");
        assert_eq!(file_name(Path::new("/")), "/");
    }
}
