//! Reports, filled with what is on screen.

use crate::ui::layers::{Range, Scale};
use crate::ui::review::Origin;
use crate::ui::state::set::Inspected;
use crate::ui::state::{State, file_name};
use crate::ui::text::Text;
use kizumi_image::rgb8::Rgb8;
use kizumi_method::iterate::IterateScalars;
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;
use kizumi_method::maker::{self, Made};
use kizumi_report::{
    ColourScale, Figure, FolderReport, ImageReport, Model, RegionTable, Row, RowScores, ScaleBasis,
    Score, Settings, Subject,
};

use super::content::Screen;

/// The image that is open, at its last iterate. `None` before there is a result.
pub fn image_report(screen: &Screen<'_>) -> Option<ImageReport> {
    let Screen { state, layers, .. } = screen;
    let opened = state.inspecting.opened.as_ref()?;
    let run = state.inspecting.current()?;
    let result = run.result.as_ref()?;
    let scale = colour_scale(state, layers.map_range()?);
    let threshold = screen.review.pixels.threshold;
    let min_area_px = state.settings.decision.min_area_px;
    let map = &result.projected_map;
    let regions =
        threshold.map(|threshold| kizumi_image::regions::regions(map, threshold, min_area_px));
    let last = run.recording.frame(run.recording.len().saturating_sub(1));
    let opacity = state.settings.display.opacity;
    let mut figures = vec![
        Figure::picture(Subject::Original, &opened.picture),
        Figure::picture(Subject::Reconstruction, &result.reconstruction),
        Figure::picture(Subject::Projected, &result.projected),
    ];
    let last = last.map(|at| Figure::picture(Subject::ProjectedReconstruction, &at.reconstruction));
    figures.extend(last);
    figures.push(Figure::heatmap(map, scale));
    let outlined = regions.clone().unwrap_or_default();
    let overlay = Figure::overlay(&opened.picture, map, scale, opacity, outlined);
    figures.push(overlay);
    let truth = opened.mask.as_ref();
    figures.extend(truth.map(|mask| Figure::picture(Subject::GroundTruth, mask)));
    let review = screen.review;
    let scored = |score: maker::Score, normals: &Made<Vec<f32>>, limits: Option<Made<Limits>>| {
        // Only what the same model and settings made is compared.
        let normals = normals.with(&score).map_or(&[][..], Vec::as_slice);
        let limits = limits.filter(|_| result.stop.is_end());
        Score::new(LimitedScore::new(score, limits), normals)
    };
    let reference = &review.reference;
    let curve: Vec<IterateScalars> = run.recording.scalars().to_vec();
    Some(ImageReport {
        title: file_name(&opened.entry.path),
        date: screen.date.clone(),
        path: opened.entry.path.clone(),
        kind: state.known_kind(&opened.entry),
        placement: Some(opened.placement),
        notes: opened.notes.iter().map(ToString::to_string).collect(),
        plain: scored(result.plain_score, &reference.plain, review.plain_limits),
        projected: scored(result.projected_score, &reference.projected, review.limits),
        unlike: result.unlike,
        iterations: result.iterations,
        stop: result.stop,
        figures,
        regions: threshold
            .zip(regions)
            .map(|(threshold, regions)| RegionTable { threshold, regions }),
        curve,
        settings: Settings {
            projection: run.projection,
            map: run.map,
            decision: Some(state.settings.decision),
        },
        model: model(state, screen.text),
    })
}

/// The set that was inspected; drawing its thumbnails is left for later. `None` before there is one.
pub fn folder_report(
    screen: &Screen<'_>,
) -> Option<impl FnOnce() -> FolderReport + Send + 'static> {
    let state = screen.state;
    let set = &state.set;
    let conditions = set.conditions()?;
    let root = state
        .dataset
        .as_ref()
        .map(|dataset| dataset.catalog.root.clone());
    let root = root.or_else(|| set.images().first()?.path.parent().map(Into::into))?;
    let pixels = &screen.review.pixels;
    let labelled = set.current_pixels().is_some();
    let of_this_model = state
        .model
        .as_ref()
        .is_some_and(|model| set.is_of(model.mark));
    let report = FolderReport {
        title: file_name(&root),
        date: screen.date.clone(),
        path: root,
        rows: Vec::new(),
        left_out: set.left_out(),
        normals: match screen.review.reference.origin {
            Origin::HeldOut { .. } => screen.review.normal_scores().to_vec(),
            _ => Vec::new(),
        },
        thresholds: screen.review.thresholds(),
        pixel_auroc: [
            pixels.plain_auroc,
            pixels.projected.as_ref().map(|curve| curve.area()),
        ]
        .map(|auroc| auroc.filter(|_| labelled)),
        pixels_left_out: set.current_pixels().map_or(0, |pixels| pixels.left_out),
        masks: set
            .masks_to_look_at()
            .iter()
            .map(|mask| screen.text.said(mask))
            .collect(),
        settings: Settings {
            projection: conditions.projection,
            map: conditions.mapper.config,
            decision: Some(state.settings.decision),
        },
        model: model(state, screen.text).filter(|_| of_this_model),
    };
    let images: Vec<_> = set
        .images()
        .iter()
        .zip(set.current_results())
        .filter_map(|(entry, result)| {
            let kind = state.known_kind(entry);
            let result = result?
                .cloned()
                .map_err(|failure| screen.text.said(failure));
            Some((entry.path.clone(), kind, result))
        })
        .collect();
    if images.is_empty() {
        return None;
    }
    let range = heatmap_range(state, screen.review.colour_high(set));
    let scale = colour_scale(state, range);
    let review = screen.review;
    let limits =
        [review.plain_limits, review.limits].map(|limits| limits.filter(|_| review.belongs));
    Some(move || {
        let rows = images.into_iter().map(|(path, kind, outcome)| Row {
            path,
            kind,
            outcome: outcome.map(|scores| row_scores(scores, limits, scale)),
        });
        FolderReport {
            rows: rows.collect(),
            ..report
        }
    })
}

fn row_scores(
    scores: Inspected,
    limits: [Option<Made<Limits>>; 2],
    scale: ColourScale,
) -> RowScores {
    let [plain, projected] = limits;
    let judgement = Judgement::of(
        &LimitedScore::new(scores.projected_score, projected),
        &LimitedScore::new(scores.plain_score, plain),
        scores.unlike,
    );
    let has_pictures = scores.has_pictures();
    let map = scores.map.to_picture();
    let heatmap = scale.colormap.apply(&map, scale.low, scale.high);
    RowScores {
        plain_score: scores.plain_score.value,
        projected_score: scores.projected_score.value,
        judgement,
        iterations: scores.iterations,
        stop: scores.stop,
        thumbnail: has_pictures.then(|| Rgb8::from(&scores.thumbnail.to_picture())),
        heatmap: has_pictures.then(|| Rgb8::new(map.width, map.height, heatmap)),
    }
}

/// The range that all images have in common; that of this image makes no sense for many.
fn heatmap_range(state: &State, high: Option<f32>) -> Range {
    Range {
        low: 0.0,
        high: high.unwrap_or(state.settings.display.custom_high),
        scale: high.map_or(Scale::Custom, |_| Scale::Normals),
    }
}

fn colour_scale(state: &State, range: Range) -> ColourScale {
    ColourScale {
        colormap: state.settings.display.colormap,
        low: range.low,
        high: range.high,
        basis: match range.scale {
            Scale::Normals => ScaleBasis::Normals,
            Scale::ThisImage => ScaleBasis::Image,
            Scale::Custom => ScaleBasis::Person,
        },
    }
}

fn model(state: &State, text: &Text) -> Option<Model> {
    let model = state.model.as_ref()?;
    let calibration = model.calibration.as_ref();
    Some(Model {
        path: model.path.clone(),
        network: model.network.clone(),
        data: model.data.clone(),
        training: model.training.clone(),
        images_seen: model.images_seen,
        data_summary: (text.status.trained_on)(model),
        calibration_normals: calibration.map(|calibration| calibration.projected_scores.len()),
        device: state
            .device
            .as_ref()
            .map_or(String::new(), |device| (text.status.device)(device)),
    })
}
