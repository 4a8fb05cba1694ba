//! Where a part lies in a photograph.

use serde::{Deserialize, Serialize};

/// How a part lies in a photograph, against how it lies in the reference: moved and turned, never scaled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pose {
    /// The part's centre in the reference, in its pixels: across, down.
    pub reference: (f64, f64),
    /// The same point of the part in the photograph.
    pub centre: (f64, f64),
    /// How far it is turned, clockwise as it is seen, in degrees, `-180.0..=180.0`.
    pub turn_degrees: f64,
}

impl Pose {
    /// A point of the reference in the photograph.
    pub fn photograph_from_reference(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (sin, cos) = self.turn_degrees.to_radians().sin_cos();
        let (x, y) = (x - self.reference.0, y - self.reference.1);
        (
            self.centre.0 + cos * x - sin * y,
            self.centre.1 + sin * x + cos * y,
        )
    }

    /// The reverse of [`Pose::photograph_from_reference`].
    pub fn reference_from_photograph(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (sin, cos) = self.turn_degrees.to_radians().sin_cos();
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        (
            self.reference.0 + cos * x + sin * y,
            self.reference.1 - sin * x + cos * y,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_is_clockwise_and_goes_back() {
        let pose = Pose {
            reference: (100.0, 50.0),
            centre: (300.0, 200.0),
            turn_degrees: 90.0,
        };
        // What lay to the right of the centre lies below it.
        let (x, y) = pose.photograph_from_reference((110.0, 50.0));
        assert!((x - 300.0).abs() < 1e-9 && (y - 210.0).abs() < 1e-9);
        let (x, y) = pose.reference_from_photograph((x, y));
        assert!((x - 110.0).abs() < 1e-9 && (y - 50.0).abs() < 1e-9);
    }
}
