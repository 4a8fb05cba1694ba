//! What every possible threshold would do, for images and for pixels.

use crate::ui::state::set::InspectedSet;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::Decision;
use kizumi_method::metrics::{Curve, CurvePoint};

use super::table::Table;

/// Rates between two points that are drawn: finer than a screen's pixel.
const DRAWN_STEP: f64 = 0.004;

/// The curves of a set's images.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Of plain scores.
    pub plain: Drawn,
    /// Of projected scores.
    pub projected: Drawn,
}

/// A curve with few enough points to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// All points.
    pub curve: Curve,
    /// Those to draw.
    pub points: Vec<CurvePoint>,
}

impl Curves {
    /// Of these scores; `None` when a kind is missing.
    pub fn of(table: &Table) -> Option<Self> {
        let drawn = |[normal, defective]: &[Vec<f32>; 2]| {
            let curve = Curve::new(normal, defective)?;
            let points = curve.thinned(DRAWN_STEP);
            Some(Drawn { curve, points })
        };
        Some(Self {
            plain: drawn(&table.plain)?,
            projected: drawn(&table.projected)?,
        })
    }
}

/// What the decision means for pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PixelReview {
    generation: u64,
    /// Whether the threshold belongs to the set's maps.
    belongs: bool,
    /// AUROC of the plain maps.
    pub plain_auroc: Option<f64>,
    /// What every threshold of projected map values would do; `None` without defective pixels.
    pub projected: Option<Curve>,
    /// The threshold of projected map values, of the model at hand.
    pub threshold: Option<f32>,
}

impl PixelReview {
    /// Brings everything up to date. `belongs` says whether the set was inspected as the normals of
    /// the calibration were; one without calibration is its own measure.
    pub fn update(
        &mut self,
        set: &InspectedSet,
        calibration: Option<&Calibration>,
        belongs: bool,
        decision: &Decision,
    ) {
        if self.generation != set.pixels_generation() {
            self.generation = set.pixels_generation();
            let pixels = set.current_pixels();
            self.plain_auroc = pixels.and_then(|pixels| pixels.plain.auroc());
            self.projected = pixels.and_then(|pixels| pixels.projected.curve());
        }
        self.belongs = belongs;
        let held_out = calibration.map(|calibration| &calibration.projected_pixels);
        self.threshold = held_out
            .and_then(|normals| decision.pixel_threshold(normals))
            .or(decision.pixel_by_hand)
            .or_else(|| self.on_this_set(decision).filter(|_| belongs));
    }

    /// The lowest threshold that flags no more than the accepted share of the set's own normal
    /// pixels, for a model without measured pixels.
    fn on_this_set(&self, decision: &Decision) -> Option<f32> {
        let points = self.projected.as_ref()?.points();
        let accepted = f64::from(decision.false_pixels);
        let admitted = points
            .iter()
            .take_while(|point| point.false_alarm_rate <= accepted);
        admitted.last().map(|point| point.threshold)
    }

    /// What the threshold does to the set's pixels, if it belongs to them.
    pub fn at_threshold(&self) -> Option<CurvePoint> {
        let curve = self.projected.as_ref().filter(|_| self.belongs)?;
        Some(curve.at(self.threshold?))
    }
}
