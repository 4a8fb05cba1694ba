//! The report of one image.

use std::path::PathBuf;

use super::curves;
use super::figure::Figure;
use super::html::{escaped, facts, heads, path, section};
use super::number::{number, short, trimmed};
use super::page::page;
use super::score::{self, Score, badge, class};
use super::settings::{Model, Settings, sections};
use super::text::Text;
use kizumi_dataset::catalog::Kind;
use kizumi_image::placement::Placement;
use kizumi_image::regions::Region;
use kizumi_method::iterate::{IterateScalars, StopRule};

/// One inspected image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageReport {
    /// Its heading, the file's name for example.
    pub title: String,
    /// When it was made, as the reader should see it.
    pub date: String,
    /// The image file.
    pub path: PathBuf,
    /// What its folder says it shows.
    pub kind: Option<Kind>,
    /// Where the network's input lies in the file's image.
    pub placement: Option<Placement>,
    /// What a person should know of the image.
    pub notes: Vec<String>,
    /// Of the plain map.
    pub plain: Score,
    /// Of the projected map; the verdict is by this one.
    pub projected: Score,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the projection.
    pub stop: StopRule,
    /// Pictures, in order.
    pub figures: Vec<Figure>,
    /// Regions above the pixel threshold; `None` where nobody looked for them.
    pub regions: Option<RegionTable>,
    /// The numbers of each iterate; without two there is no curve.
    pub curve: Vec<IterateScalars>,
    /// How it was inspected.
    pub settings: Settings,
    /// With which model.
    pub model: Option<Model>,
}

/// Regions of the projected map.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionTable {
    /// Map values above it belong to a region.
    pub threshold: f32,
    /// The regions, the highest peak first, filtered ones among them.
    pub regions: Vec<Region>,
}

impl ImageReport {
    /// The report as an HTML document.
    pub fn to_html(&self, text: &Text) -> String {
        let mut body = String::new();
        let figures: String = self
            .figures
            .iter()
            .filter_map(|figure| figure.html(text))
            .collect();
        if !figures.is_empty() {
            let figures = format!("<div class=\"figures\">{figures}</div>\n");
            body += &section("figures", text.figures_heading, &figures);
        }
        let scores = score::table(text, &self.plain, &self.projected);
        let scores = section("scores", text.scores_heading, &scores);
        let regions = self.regions.as_ref();
        let regions = regions.map(|table| self.region_section(text, table));
        body += &format!(
            "<div class=\"pair\">{scores}{}</div>\n",
            regions.unwrap_or_default()
        );
        let curve = self.curve_html(text);
        if !curve.is_empty() {
            body += &section("energy", text.run_heading, &curve);
        }
        body += &sections(text, &self.settings, self.model.as_ref());
        let head = self.head(text);
        page(
            text,
            text.image_report,
            &self.title,
            &self.date,
            &head,
            &body,
        )
    }

    fn head(&self, text: &Text) -> String {
        let mut rows = vec![(text.file, path(&self.path))];
        if let Some(Placement { source_px, .. }) = self.placement {
            rows.push((text.size, format!("{} × {} px", source_px.0, source_px.1)));
        }
        if let Some(kind) = &self.kind {
            rows.push((text.ground_truth, escaped(&text.kind(kind))));
        }
        rows.push((text.date, escaped(&self.date)));
        rows.push((
            text.run_heading,
            escaped(&(text.ended_by)(self.stop, self.iterations)),
        ));
        let mut html = self.verdict(text) + &facts(&rows);
        for note in &self.notes {
            html += &format!("<p class=\"note\">{}</p>\n", escaped(note));
        }
        html
    }

    /// The first thing to see; without thresholds nothing is judged.
    fn verdict(&self, text: &Text) -> String {
        let (Some(verdict), Some(thresholds)) =
            (self.projected.verdict(), self.projected.thresholds)
        else {
            return String::new();
        };
        let why = (text.why)(
            verdict,
            &trimmed(self.projected.raw),
            &trimmed(thresholds.review),
            &trimmed(thresholds.reject),
        );
        format!(
            "<div id=\"verdict\" class=\"verdict {}\">{}<p>{}</p></div>\n",
            class(verdict),
            badge(text, verdict),
            escaped(&why)
        )
    }

    fn region_section(&self, text: &Text, table: &RegionTable) -> String {
        let kept = || table.regions.iter().filter(|region| !region.filtered);
        let filtered = table.regions.len() - kept().count();
        let threshold = trimmed(table.threshold);
        let summary = (text.regions_summary)(kept().count(), filtered, &threshold);
        let mut html = format!("<p>{}</p>\n", escaped(&summary));
        if kept().next().is_some() {
            html += &self.region_rows(text, kept());
        }
        section("regions", text.regions_heading, &html)
    }

    fn region_rows<'a>(&self, text: &Text, kept: impl Iterator<Item = &'a Region>) -> String {
        let mut columns = vec![
            ("#", true),
            (text.area, true),
            (text.peak, true),
            (text.position, true),
            (text.extent, true),
        ];
        if self.placement.is_some() {
            columns.push((text.source_position, true));
        }
        let mut html = format!("<table>{}<tbody>\n", heads(&columns));
        for (index, region) in kept.enumerate() {
            let (x, y) = region.centroid;
            let (width, height) = region.bounds.size_px();
            html += &format!(
                "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{x:.1}, {y:.1}</td><td class=\"n\">{width} × {height}</td>",
                index + 1,
                region.area_px,
                number(region.peak),
            );
            if let Some(placement) = self.placement {
                let (x, y) = placement.source_from_canvas(x.into(), y.into());
                html += &format!("<td class=\"n\">{x:.0}, {y:.0}</td>");
            }
            html += "</tr>\n";
        }
        html + "</tbody></table>\n"
    }

    fn curve_html(&self, text: &Text) -> String {
        let projection = &self.settings.projection;
        let plot = curves::energy(text, &self.curve, projection.lambda, projection.regulariser);
        if plot.is_empty() {
            return plot;
        }
        let ends = curves::ends(text, &self.curve, projection.lambda, projection.regulariser);
        let formula = format!(
            "<p class=\"formula\"><i>E</i>(<i>x</i>) = <i>L<sub>r</sub></i>(<i>x</i>) + λ \
             <i>R</i>(<i>x</i>, <i>x</i><sub>0</sub>), λ = {}</p>\n",
            short(projection.lambda)
        );
        format!("<div class=\"pair\">{plot}<div>{formula}{ends}</div></div>\n")
    }
}
