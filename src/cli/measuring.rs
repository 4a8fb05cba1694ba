//! From inspected test images to figures.

use super::inspecting::Inspected;
use super::model::Model;
use kizumi_image::depth::Depth;
use kizumi_method::config::{MapConfig, MapKind};
use kizumi_method::mapper::{Mapper, Seen};
use kizumi_method::metrics::{Evaluation, Evaluator, ScoredMap, TestImage};
use kizumi_report::contact_sheet::small_map;
use kizumi_report::picks::Picks;

/// Images on the contact sheet, for each reason to be there.
const PICKS: usize = 8;

/// What was measured of the test images so far.
pub struct Measuring<'a> {
    model: &'a Model,
    evaluator: Evaluator,
    picks: Picks,
}

impl<'a> Measuring<'a> {
    /// Nothing yet.
    pub fn new(model: &'a Model) -> Self {
        Self {
            model,
            evaluator: Evaluator::default(),
            picks: Picks::new(PICKS),
        }
    }

    /// The depth of the model's images.
    pub fn depth(&self) -> Depth {
        self.model.artifact.header.data.depth
    }

    /// Takes one image.
    pub fn add(&mut self, inspected: &Inspected) {
        let inspection = &inspected.inspection;
        let counted = inspected.counted.as_ref();
        let mean = self.model.artifact.normal_mean.as_ref();
        // A baseline knows nothing but the mean.
        let baseline = Mapper::from(MapConfig {
            kind: MapKind::Pixels,
            relative: false,
            ..self.model.map
        });
        let seen = Seen {
            valid: counted,
            ..Seen::new(&inspected.original)
        };
        let mean_map = mean.map(|mean| baseline.plain(&seen, mean));
        let bank = self.model.bank();
        let seen = Seen {
            distance: inspected.distance.as_ref(),
            ..seen
        };
        let bank_map = inspected
            .distance
            .as_ref()
            .map(|_| bank.plain(&seen, &inspected.original));
        self.evaluator.add(&TestImage {
            kind: &inspected.entry.kind,
            placement: &inspected.placement,
            counted,
            mask: inspected.mask.as_ref(),
            plain: ScoredMap {
                map: &inspection.plain_map,
                score: inspection.plain_score.value,
            },
            projected: ScoredMap {
                map: &inspection.projected_map,
                score: inspection.projected_score.value,
            },
            mean_image: mean_map.as_ref().map(|map| ScoredMap {
                map,
                score: baseline.score(map, counted).value,
            }),
            memory_bank: bank_map.as_ref().map(|map| ScoredMap {
                map,
                score: bank.score(map, counted).value,
            }),
        });
        let map = &inspection.projected_map;
        self.picks
            .consider(&inspected.entry, inspection.projected_score.value, || {
                small_map(map, &inspected.placement, counted)
            });
    }

    /// The figures.
    pub fn evaluation(&self) -> Evaluation {
        self.evaluator.evaluation()
    }

    /// What the figures are made of.
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// Upper end of the heatmaps' range, if normal images have set one.
    pub fn map_high(&self) -> Option<f32> {
        self.model.map_high()
    }

    /// The images that tell most.
    pub fn into_picks(self) -> Picks {
        self.picks
    }
}
