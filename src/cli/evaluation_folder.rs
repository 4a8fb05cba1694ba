//! The folder that an evaluation leaves: figures, curves, and the images that tell most.

use std::path::Path;

use anyhow::{Context, Result};

use super::csv::CsvOptions;
use super::measuring::Measuring;
use super::output::{say, worded};
use super::result_folder::Style;
use super::said::{language, said};
use crate::text::report_text;
use kizumi_image::atomic::write_atomic;
use kizumi_image::export::save_rgb8;
use kizumi_image::input::DataConfig;
use kizumi_image::shown::shown;
use kizumi_method::metrics::Evaluation;
use kizumi_report::contact_sheet::{Heat, pair, sheet};
use kizumi_report::evaluation_tables::{curves_csv, evaluation_csv};
use kizumi_report::picks::{Pick, Reason};
use kizumi_report::{ContactSheet, SheetImage};

/// Writes `evaluation.json`, `evaluation.csv`, `curves.csv`, `contact_sheet.html` and
/// `contact_sheet.png` of the data set at `root`. A picked image that cannot be read any more is
/// said and left out.
///
/// # Errors
/// If a file cannot be written; names it and the reason.
pub fn write(
    folder: &Path,
    root: &Path,
    measuring: Measuring<'_>,
    evaluation: &Evaluation,
    csv: CsvOptions,
) -> Result<()> {
    let json = serde_json::to_string_pretty(evaluation)
        .with_context(|| said!("cannot write JSON", "JSONを書き出せません"))?
        + "\n";
    write_atomic(&folder.join("evaluation.json"), json.as_bytes())?;
    let table = evaluation_csv(evaluation, csv.bom())?;
    write_atomic(&folder.join("evaluation.csv"), &table)?;
    let curves = curves_csv(measuring.evaluator(), csv.bom())?;
    write_atomic(&folder.join("curves.csv"), &curves)?;

    let style = Style::default();
    let heat = Heat {
        colormap: style.colormap,
        high: measuring.map_high(),
        opacity: style.opacity,
    };
    let data = measuring.data();
    let groups: Vec<(Reason, Vec<SheetImage>)> = measuring
        .into_picks()
        .finish()
        .into_iter()
        .map(|(reason, picks)| (reason, images(&picks, root, heat, data)))
        .filter(|(_, images)| !images.is_empty())
        .collect();
    let pairs = groups.iter().map(|(_, images)| images.iter());
    let pairs: Vec<Vec<_>> = pairs
        .map(|images| images.map(|image| &image.pair).collect())
        .collect();
    if let Some(sheet) = sheet(&pairs) {
        save_rgb8(&folder.join("contact_sheet.png"), &sheet)?;
    }
    let name = root.file_name().unwrap_or(root.as_os_str());
    let sheet = ContactSheet {
        title: shown(Path::new(name)).to_string(),
        date: String::new(),
        groups,
    };
    kizumi_report::save(
        &folder.join("contact_sheet.html"),
        &sheet.to_html(report_text(language())),
    )
}

/// Those that can still be read.
fn images(picks: &[Pick], root: &Path, heat: Heat, data: &DataConfig) -> Vec<SheetImage> {
    let mut images = Vec::new();
    for pick in picks {
        let path = &pick.entry.path;
        match pair(pick, heat, data) {
            Ok(pair) => images.push(SheetImage {
                path: path.strip_prefix(root).unwrap_or(path).into(),
                kind: pick.entry.kind.clone(),
                score: pick.score,
                pair,
            }),
            Err(error) => {
                let error = worded(&error);
                say(said!(
                    "{error}; left out of the contact sheet",
                    "{error}コンタクトシートには載せません"
                ));
            }
        }
    }
    images
}
