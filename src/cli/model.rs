//! A model ready for inspection, and the settings it is used with.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Usage;
use super::inspecting::Inspected;
use super::options::{ProjectionOptions, ScaleOption};
use super::output::note;
use super::said::{language, said};
use crate::text::report_text;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::device::Compute;
use kizumi_dataset::catalog::Kind;
use kizumi_image::found_region::FoundRegions;
use kizumi_image::picture::Picture;
use kizumi_image::shown::shown;
use kizumi_method::calibration::{Calibration, MapVersion};
use kizumi_method::config::{MapConfig, MapKind, ProjectionConfig};
use kizumi_method::decision::Decision;
use kizumi_method::iterate::Inspection;
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;
use kizumi_method::maker::{Made, ModelMark, Score};
use kizumi_method::mapper::Mapper;
use kizumi_report::results::{ImageResult, PictureNames};

/// A model and how it is used.
pub struct Model {
    /// Its file.
    pub path: PathBuf,
    /// What was in it.
    pub artifact: Artifact,
    /// Parameters of the projection.
    pub projection: ProjectionConfig,
    /// How maps become scores.
    pub map: MapConfig,
    /// Millimetres in a pixel of the files that it inspects, where somebody has said so.
    pub mm_per_px: Option<f32>,
    mark: ModelMark,
}

impl Model {
    /// Reads a model file and says what is odd about it. Options that were not given are as in
    /// its calibration.
    ///
    /// # Errors
    /// [`super::Usage`] for values out of range, else what is wrong with the file.
    pub fn load(path: &Path, compute: &Compute, options: &ProjectionOptions) -> Result<Self> {
        let artifact = Artifact::load(path, &compute.device)?;
        Self::new(path, artifact, options)
    }

    /// As [`Model::load`], with a model in memory.
    ///
    /// # Errors
    /// [`super::Usage`] for values out of range, or a device that fails.
    pub fn new(path: &Path, artifact: Artifact, options: &ProjectionOptions) -> Result<Self> {
        let (projection, map) = artifact.header.settings();
        let (projection, map) = options.apply(projection, map)?;
        let mark = artifact.mark()?;
        if options.map.is_some() && map.fitting(mark).kind != map.kind {
            let path = shown(path);
            return Err(Usage::from(match mark.features_only {
                true => said!(
                    "{path}: its network has learned nothing yet; its maps are of features alone",
                    "{path}：ネットワークが未学習のため、特徴だけのマップしか作れません"
                ),
                false => said!(
                    "{path}: it remembers no features",
                    "{path}：特徴を記憶していません"
                ),
            })
            .into());
        }
        let (projection, map) = (projection.unattended(mark), map.fitting(mark));
        let model = Self {
            path: path.into(),
            mm_per_px: artifact.header.data.mm_per_px,
            mark,
            artifact,
            projection,
            map,
        };
        model.say_what_is_not_compared();
        Ok(model)
    }

    /// The same for files whose pixels have so many millimetres, where that is given.
    pub fn scaled(self, scale: &ScaleOption) -> Self {
        Self {
            mm_per_px: scale.mm_per_px.or(self.mm_per_px),
            ..self
        }
    }

    /// Whether it tells defects by features alone, because its network has learned nothing yet.
    pub fn features_only(&self) -> bool {
        self.mark.features_only
    }

    /// Says so when scores or heatmaps are not measured by those of normal images.
    fn say_what_is_not_compared(&self) {
        let path = shown(&self.path);
        if self.features_only() {
            note(said!(
                "{path} tells defects by features alone; its network has learned nothing yet, so nothing is \
                 projected. 'kizumi train --resume' goes on with it.",
                "{path} はネットワークが未学習で、特徴だけで欠陥を判定します（投影は行いません）。\
                 'kizumi train --resume'で学習を続けられます。"
            ));
        }
        let Some([_, projected]) = self.normal_scores() else {
            note(said!(
                "{path} is not calibrated for this version of the program: each heatmap has its own range, scores \
                 cannot be compared with those of normal images. 'kizumi calibrate' measures it.",
                "{path} はこのバージョン用に校正されていません。スコアを良品と比べられず、ヒートマップの範囲は\
                 画像ごとになります。'kizumi calibrate'で校正できます。"
            ));
            return;
        };
        if projected.by != self.mapper().projected_maker() {
            let heatmaps = match self.map_high() {
                Some(_) => String::new(),
                None => said!(
                    " and each heatmap has its own range",
                    "ヒートマップの範囲は画像ごとになります。"
                ),
            };
            note(said!(
                "the model was calibrated with other settings: scores are not compared with those of normal \
                 images{heatmaps}.",
                "モデルは別の設定で校正されているため、スコアを良品と比べません。{heatmaps}"
            ));
        }
    }

    /// Says so when too few normal images were measured to know where the threshold is.
    pub fn say_what_is_uncertain(&self) {
        let Some([_, projected]) = self.normal_scores() else {
            return;
        };
        let limits = Limits::automatic(&Decision::default(), projected.value);
        if projected.by == self.mapper().projected_maker()
            && let Some(limits) = limits.filter(|limits| limits.too_few)
            && let Some(uncertainty) = report_text(language()).judging.uncertainty(&limits)
        {
            note(said!(
                "{uncertainty} Parts near it are to be looked at.",
                "{uncertainty}その付近の部品は要確認とします。"
            ));
        }
    }

    fn calibration(&self) -> Option<&Calibration> {
        self.artifact.header.calibration.as_ref()
    }

    /// How its maps are made.
    pub fn mapper(&self) -> Mapper {
        Mapper::new(self.mark, self.projection, self.map, self.calibration())
    }

    /// How maps of its memory alone are made.
    pub fn bank(&self) -> Mapper {
        let map = MapConfig {
            kind: MapKind::Features,
            relative: false,
            ..self.map
        };
        Mapper::new(self.mark, self.projection, map, None)
    }

    /// How maps of [`kizumi_compute::peers`] are made of a picture of this size: smoothed by 4 of 256 pixels, and
    /// scored by their maximum, as both methods are published.
    pub fn peers(&self, picture: &Picture) -> Mapper {
        let side_px = ((picture.width * picture.height) as f32).sqrt();
        let map = MapConfig {
            kind: MapKind::Features,
            relative: false,
            smoothing_px: 4.0 / 256.0 * side_px,
            score_percentile: 100.0,
        };
        Mapper::new(self.mark, self.projection, map, None)
    }

    /// Upper end of the heatmaps' range: what projected maps of normal images hardly exceed, if it was
    /// measured of such maps.
    pub fn map_high(&self) -> Option<f32> {
        self.mapper().normal_high()
    }

    /// Scores of the normal images that were held out, plain and projected.
    fn normal_scores(&self) -> Option<[Made<&[f32]>; 2]> {
        let calibration = self.calibration()?;
        let mapper = Mapper::calibrated(self.mark, calibration);
        let plain = Made {
            value: calibration.plain_scores.as_slice(),
            by: mapper.plain_maker(),
        };
        let projected = Made {
            value: calibration.projected_scores.as_slice(),
            by: mapper.projected_maker(),
        };
        Some([plain, projected])
    }

    /// Projected scores of the normal images that were held out, if they are of these settings.
    pub fn scores_of_normals(&self) -> Option<&[f32]> {
        let [_, projected] = self.normal_scores()?;
        (projected.by == self.mapper().projected_maker()).then_some(projected.value)
    }

    /// What pixels of defects are above, in projected maps, where normals were measured with these settings.
    fn pixel_threshold(&self) -> Option<f32> {
        self.scores_of_normals()?;
        Decision::default().automatic_pixel_threshold(&self.calibration()?.projected_pixels)
    }

    /// The row of one image for the tables, without pictures so far. `kind` is what the
    /// folder says it shows.
    pub fn row(&self, inspected: &Inspected, kind: Kind) -> ImageResult {
        let inspection = &inspected.inspection;
        let (plain_percentile, projected_percentile) = self.percentiles(inspection);
        let (judgement, limits) = self.judged(inspection);
        ImageResult {
            path: inspected.entry.path.clone(),
            kind,
            unit: inspection.projected_map.unit,
            plain_score: inspection.plain_score.value,
            projected_score: inspection.projected_score.value,
            plain_percentile,
            projected_percentile,
            judgement,
            limits,
            regions: self.pixel_threshold().map(|threshold| {
                FoundRegions::of(&inspection.projected_map, threshold, &inspected.placement)
            }),
            map_version: MapVersion::default(),
            iterations: inspection.iterations,
            stop: inspection.stop,
            pictures: PictureNames::default(),
        }
    }

    /// What becomes of an inspected part, and by which limits, where normals were measured with these
    /// settings.
    fn judged(&self, inspection: &Inspection) -> (Option<Judgement>, Option<Limits>) {
        let decision = Decision::default();
        let limited = |normals: Option<Made<&[f32]>>, score: Score| {
            let limits = normals.and_then(|Made { value, by }| {
                let value = Limits::automatic(&decision, value)?;
                Some(Made { value, by })
            });
            LimitedScore::new(score, limits)
        };
        let [plain, projected] = match self.normal_scores() {
            Some(scores) => scores.map(Some),
            None => [None, None],
        };
        let projected = limited(projected, inspection.projected_score);
        let plain = limited(plain, inspection.plain_score);
        let judgement = Judgement::of(&projected, &plain, inspection.unlike);
        (judgement, projected.limits)
    }

    /// Percent of the normal images that score lower: by the plain score, by the projected one; where
    /// the same settings gave theirs.
    fn percentiles(&self, inspection: &Inspection) -> (Option<f32>, Option<f32>) {
        let Some([plain, projected]) = self.normal_scores() else {
            return (None, None);
        };
        let percentile = |normals: Made<&[f32]>, score: Score| {
            Calibration::percentile_of(normals.with(&score)?, score.value)
        };
        (
            percentile(plain, inspection.plain_score),
            percentile(projected, inspection.projected_score),
        )
    }
}
