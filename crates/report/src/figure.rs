//! Pictures of a report.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::html::img;
use super::number::trimmed;
use super::text::Text;
use kizumi_image::colormap::{Colormap, overlay};
use kizumi_image::picture::Picture;
use kizumi_image::regions::Region;
use kizumi_image::rgb8::Rgb8;

/// What a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// x_0.
    Original,
    /// f(x_0).
    Reconstruction,
    /// x_T.
    Projected,
    /// f(x_T).
    ProjectedReconstruction,
    /// The anomaly map of x_T in colours.
    Heatmap,
    /// The heatmap over the original, with regions.
    Overlay,
    /// The ground truth.
    GroundTruth,
}

impl Subject {
    fn formula(self) -> PreEscaped<&'static str> {
        PreEscaped(match self {
            Self::Original => "<i>x</i><sub>0</sub>",
            Self::Reconstruction => "<i>f</i>(<i>x</i><sub>0</sub>)",
            Self::Projected => "<i>x<sub>T</sub></i>",
            Self::ProjectedReconstruction => "<i>f</i>(<i>x<sub>T</sub></i>)",
            // What the map is of, the settings say.
            Self::Heatmap | Self::Overlay | Self::GroundTruth => "",
        })
    }
}

/// What the ends of the colours stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourScale {
    /// The colours.
    pub colormap: Colormap,
    /// The map's value at the low end.
    pub low: f32,
    /// The map's value at the high end.
    pub high: f32,
    /// Where that comes from.
    pub basis: ScaleBasis,
}

/// Where the range of the colours comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleBasis {
    /// The held-out normals: the same for all images.
    Normals,
    /// This image alone: not to be compared with others.
    Image,
    /// A person.
    Person,
}

/// One picture with its caption.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it shows.
    pub subject: Subject,
    /// Its pixels; a figure without any is left out.
    pub image: Rgb8,
    /// What its colours mean.
    pub scale: Option<ColourScale>,
    /// Regions to be outlined and numbered, in pixels of the map that is `regions_px` large.
    pub regions: Vec<Region>,
    /// Width and height of that map.
    pub regions_px: (usize, usize),
}

impl Figure {
    /// A picture as it is, values clamped to `0.0..=1.0`.
    pub fn picture(subject: Subject, picture: &Picture) -> Self {
        Self::of(subject, Rgb8::from(picture))
    }

    /// A one-channel map in colours.
    ///
    /// # Panics
    /// If the map has more than one channel.
    pub fn heatmap(map: &Picture, scale: ColourScale) -> Self {
        let bytes = scale.colormap.apply(map, scale.low, scale.high);
        Self {
            scale: Some(scale),
            ..Self::of(Subject::Heatmap, Rgb8::new(map.width, map.height, bytes))
        }
    }

    /// The map over the original, with its regions.
    ///
    /// # Panics
    /// If the map has more than one channel.
    pub fn overlay(
        original: &Picture,
        map: &Picture,
        scale: ColourScale,
        opacity: f32,
        regions: Vec<Region>,
    ) -> Self {
        let ColourScale {
            colormap,
            low,
            high,
            ..
        } = scale;
        let bytes = overlay(original, map, low, high, opacity, colormap);
        let image = Rgb8::new(original.width, original.height, bytes);
        Self {
            regions,
            regions_px: (map.width, map.height),
            ..Self::of(Subject::Overlay, image)
        }
    }

    fn of(subject: Subject, image: Rgb8) -> Self {
        Self {
            subject,
            image,
            scale: None,
            regions: Vec::new(),
            regions_px: (0, 0),
        }
    }

    pub(super) fn html(&self, text: &Text) -> Option<Markup> {
        let (title, alt) = text.figure(self.subject);
        let image = img(&self.image, alt, None)?;
        Some(html! {
            figure {
                div.frame { (image) (self.outlines()) }
                figcaption { (title) " " span.formula { (self.subject.formula()) } }
                @if let Some(scale) = &self.scale { (bar(text, scale)) }
            }
        })
    }

    /// Regions as a drawing over the picture: filtered ones dashed, the others with their numbers.
    fn outlines(&self) -> Markup {
        let (width, height) = self.regions_px;
        let size = 0.06 * width as f32;
        let kept = self.regions.iter().filter(|region| !region.filtered);
        html! {
            @if !self.regions.is_empty() {
                svg.regions viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" aria-hidden="true" {
                    @for region in &self.regions {
                        @let path = outline(region);
                        // Twice: a dark halo lets the bright line be seen on any picture.
                        path.halo d=(path) {}
                        path.(if region.filtered { "filtered" } else { "kept" }) d=(path) {}
                    }
                    @for (index, region) in kept.enumerate() {
                        @let (x, y) = beside(region, width as f32, size);
                        text x=(x) y=(y) font-size=(size) { (index + 1) }
                    }
                }
            }
        }
    }
}

/// The outline as an SVG path.
fn outline(region: &Region) -> String {
    let mut path = String::new();
    for [(x0, y0), (x1, y1)] in &region.outline {
        let _ = write!(path, "M{x0} {y0}L{x1} {y1}");
    }
    path
}

/// Where a region's number of that size stands: above it, or below where there is no room.
fn beside(region: &Region, width: f32, size: f32) -> (f32, f32) {
    let above = region.bounds.top as f32 - 0.25 * size;
    let y = if above < size {
        region.bounds.bottom as f32 + size
    } else {
        above
    };
    ((region.bounds.left as f32).min(width - size), y)
}

/// A bar of the colours with the values at its ends and in its middle. It is a picture, because
/// browsers leave backgrounds out of print.
fn bar(text: &Text, scale: &ColourScale) -> Markup {
    let colours = (0..256).flat_map(|i| scale.colormap.rgb(i as f32 / 255.0));
    let image = Rgb8::new(256, 1, colours.collect());
    let values = [scale.low, (scale.low + scale.high) / 2.0, scale.high].map(trimmed);
    let alt = (text.bar_alt)(&values[0], &values[2]);
    html! {
        div.bar {
            (img(&image, &alt, None).unwrap_or_default())
            p.ends { @for value in values { span { (value) } } }
            p.basis { (text.basis(scale.basis)) }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;
    use kizumi_image::regions::regions;

    const SCALE: ColourScale = ColourScale {
        colormap: Colormap::Inferno,
        low: 0.0,
        high: 0.08,
        basis: ScaleBasis::Image,
    };

    #[test]
    fn a_heatmap_tells_its_scale() {
        let map = Picture::filled(1, 4, 4, 0.04);
        let html = Figure::heatmap(&map, SCALE)
            .html(&ENGLISH)
            .unwrap()
            .into_string();
        for word in [
            "<span>0.04</span>",
            "<span>0.08</span>",
            ENGLISH.basis(ScaleBasis::Image),
        ] {
            assert!(html.contains(word), "{word}");
        }
        assert_eq!(html.matches("data:image/png").count(), 2);
    }

    #[test]
    fn filtered_regions_are_dashed_and_have_no_number() {
        let original = Picture::filled(1, 16, 16, 0.5);
        let map = Picture::from_fn(1, 16, 16, |_, y, x| {
            let inside = (4..8).contains(&y) && (4..8).contains(&x);
            if inside || (x, y) == (12, 12) {
                1.0
            } else {
                0.0
            }
        });
        let found = regions(&map, 0.5, 2);
        assert_eq!(found.len(), 2);
        let html = Figure::overlay(&original, &map, SCALE, 0.5, found)
            .html(&ENGLISH)
            .unwrap()
            .into_string();
        assert_eq!(html.matches("class=\"kept\"").count(), 1);
        assert_eq!(html.matches("class=\"filtered\"").count(), 1);
        assert_eq!(html.matches("<text").count(), 1);
    }

    #[test]
    fn nothing_to_see_is_left_out() {
        let empty = Figure::picture(Subject::Original, &Picture::default());
        assert!(empty.html(&ENGLISH).is_none());
    }
}
