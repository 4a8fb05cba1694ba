//! The test images that tell most about a model, beside each other.

use std::path::PathBuf;

use maud::{Markup, html};

use super::html::{file_name, img, path, section};
use super::number::number;
use super::page::page;
use super::text::Text;
use crate::picks::Reason;
use kizumi_dataset::catalog::Kind;
use kizumi_image::rgb8::Rgb8;

/// Picked images of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactSheet {
    /// Its heading, the data set's name for example.
    pub title: String,
    /// When it was made, as the reader should see it.
    pub date: String,
    /// The images, by the reason why they were picked.
    pub groups: Vec<(Reason, Vec<SheetImage>)>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetImage {
    /// Its file, below the data set's folder.
    pub path: PathBuf,
    /// What its folder says it shows.
    pub kind: Kind,
    /// Its score.
    pub score: f32,
    /// The image, and beside it the same with its heatmap.
    pub pair: Rgb8,
}

impl ContactSheet {
    /// The sheet as an HTML document.
    pub fn to_html(&self, text: &Text) -> String {
        let mut body = html! {};
        for (reason, images) in &self.groups {
            let figures: Vec<Markup> = images.iter().filter_map(|image| image.html(text)).collect();
            if !figures.is_empty() {
                let id = match reason {
                    Reason::Found => "found",
                    Reason::Missed => "missed",
                    Reason::Alarming => "alarming",
                };
                let figures = html! { div.figures.pairs { @for figure in figures { (figure) } } };
                body = html! { (body) (section(id, text.picked(*reason), &figures)) };
            }
        }
        let head = html! { p { (text.sheet_legend) } };
        page(
            text,
            text.contact_sheet,
            &self.title,
            &self.date,
            &head,
            &body,
        )
    }
}

impl SheetImage {
    fn html(&self, text: &Text) -> Option<Markup> {
        let kind = text.kind(&self.kind);
        let alt = (text.pair_alt)(&file_name(&self.path), &kind);
        let pair = img(&self.pair, &alt, None)?;
        Some(html! {
            figure {
                div.frame { (pair) }
                figcaption { (path(&self.path)) }
                p { (kind) ": " (number(self.score)) }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{ENGLISH, JAPANESE};
    use super::*;

    #[test]
    fn images_have_names_kinds_and_scores() {
        let image = |name: &str, pair| SheetImage {
            path: name.into(),
            kind: Kind::Defect("<dent>".into()),
            score: 0.25,
            pair,
        };
        let pair = Rgb8::filled(4, 2, [7; 3]);
        let sheet = ContactSheet {
            title: "washers".into(),
            date: String::new(),
            groups: vec![
                (Reason::Found, vec![image("a&b.png", pair)]),
                (Reason::Missed, vec![image("empty.png", Rgb8::default())]),
            ],
        };
        let html = sheet.to_html(&ENGLISH);
        for part in [
            ENGLISH.picked(Reason::Found),
            "a&amp;b.png</bdi>",
            "<p>&lt;dent&gt;: 0.2500</p>",
            "data:image/png;base64,",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("empty.png"));
        assert!(!html.contains(ENGLISH.picked(Reason::Missed)));
        assert!(sheet.to_html(&JAPANESE).contains("異常度の高い不良品"));
        assert_eq!(
            ENGLISH.picked(Reason::Alarming),
            "Normal images with the highest scores"
        );
    }
}
