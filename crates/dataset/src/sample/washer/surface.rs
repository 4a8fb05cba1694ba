//! The steel itself, in the part's own coordinates: turned face, chamfers, stamped mark.

use super::super::noise::{mix, noise1, noise3, step};
use super::super::vector::{Vec2, Vec3, length, nearest, unit};

/// Radius of the part.
pub const OUTER_PX: f32 = 51.0;
/// Radius of its hole.
pub const INNER_PX: f32 = 22.0;
/// Width of both chamfers.
pub const CHAMFER_PX: f32 = 3.2;
/// The lathe's own pattern, common to all parts.
const TOOL: u32 = 0x51ee_1000;
/// "M 10" and "A2", as strokes in the part's coordinates; y is down.
const MARK: [&[Vec2]; 6] = [
    &[
        [-10.5, -32.5],
        [-10.0, -40.0],
        [-7.0, -35.6],
        [-4.0, -40.6],
        [-3.5, -33.1],
    ],
    &[[1.2, -39.2], [3.4, -40.8], [3.6, -33.2]],
    &[
        [9.0, -40.3],
        [7.1, -38.6],
        [7.0, -34.8],
        [8.9, -32.8],
        [11.0, -34.0],
        [11.4, -37.8],
        [9.0, -40.3],
    ],
    &[[-7.2, 40.2], [-4.4, 32.8], [-1.6, 40.2]],
    &[[-5.9, 37.6], [-2.9, 37.6]],
    &[
        [1.4, 34.6],
        [3.0, 32.9],
        [5.2, 33.6],
        [5.2, 35.6],
        [1.4, 40.0],
        [5.8, 40.0],
    ],
];

/// What light finds at a point of the part.
pub struct Surface {
    /// Unit normal.
    pub normal: Vec3,
    /// Direction of the grooves, in the plane.
    pub groove: Vec2,
    /// Ward's roughness along and across the grooves.
    pub roughness: [f32; 2],
    /// Strength of the mirroring part.
    pub gloss: f32,
    /// Reflectance of the matt part.
    pub diffuse: Vec3,
    /// Share of the light that reaches the point.
    pub exposed: f32,
}

impl Surface {
    /// The undamaged part at `local`.
    pub fn turned(local: Vec2, grooves: u32) -> Self {
        let mut surface = Self::face(local, grooves);
        let radius = length(local);
        let radial = [local[0] / radius, local[1] / radius];
        let outer = step(
            OUTER_PX - CHAMFER_PX - 0.4,
            OUTER_PX - CHAMFER_PX + 0.4,
            radius,
        );
        let inner = step(
            INNER_PX + CHAMFER_PX + 0.4,
            INNER_PX + CHAMFER_PX - 0.4,
            radius,
        );
        surface.chamfer(radial, outer - inner);
        surface
    }

    /// The flat face, grooves only.
    pub fn face(local: Vec2, grooves: u32) -> Self {
        let radius = length(local);
        let radial = [local[0] / radius, local[1] / radius];
        // Grooves are long: they change slowly along the circle, quickly across it.
        let ring = |seed: u32, fine: f32, long: f32| {
            noise3(seed, radius * fine, radial[0] * long, radial[1] * long)
        };
        let tilt = 0.05 * noise1(TOOL, radius * 0.55)
            + 0.06 * ring(grooves, 0.8, 2.5)
            + 0.05 * ring(grooves ^ 1, 1.9, 6.0);
        let shade = 1.0
            + 0.05 * noise1(TOOL ^ 1, radius * 0.3)
            + 0.15 * ring(grooves ^ 2, 1.1, 3.5)
            + 0.10 * ring(grooves ^ 3, 2.6, 11.0);
        Self {
            normal: unit([tilt * radial[0], tilt * radial[1], 1.0]),
            groove: [-radial[1], radial[0]],
            roughness: [0.125, 0.40],
            gloss: 0.70 * shade,
            diffuse: [0.085 * shade, 0.087 * shade, 0.090 * shade],
            exposed: 1.0,
        }
    }

    /// Leans the surface outwards (`share` 1) or inwards (-1) and makes it smoother.
    fn chamfer(&mut self, radial: Vec2, share: f32) {
        let lean = 0.75 * share;
        let [x, y, z] = self.normal;
        self.normal = unit([x + lean * radial[0], y + lean * radial[1], z]);
        let smooth = share.abs();
        self.roughness = [
            mix(self.roughness[0], 0.24, smooth),
            mix(self.roughness[1], 0.28, smooth),
        ];
        self.gloss *= 1.0 + 0.5 * smooth;
    }

    /// Tilts the normal: `slope` is the height gained per pixel in x and y.
    pub fn tilt(&mut self, slope: Vec2) {
        let [x, y, z] = self.normal;
        self.normal = unit([x - slope[0], y - slope[1], z]);
    }

    /// Presses the maker's mark into the surface.
    pub fn stamp(&mut self, local: Vec2) {
        const HALF_WIDTH_PX: f32 = 1.25;
        // Nothing is stamped near the sides, and most of the part is there.
        if local[0].abs() > 14.0 || local[1].abs() < 30.0 {
            return;
        }
        let Some(line) = MARK
            .iter()
            .map(|stroke| nearest(stroke, local))
            .min_by(|a, b| a.distance.total_cmp(&b.distance))
        else {
            return;
        };
        let depth = 1.0 - step(0.0, HALF_WIDTH_PX, line.distance);
        let wall = 4.0 * depth * (1.0 - depth);
        self.tilt([0.8 * wall * line.away[0], 0.8 * wall * line.away[1]]);
        self.roughness = [
            mix(self.roughness[0], 0.35, depth),
            mix(self.roughness[1], 0.4, depth),
        ];
        self.exposed *= 1.0 - 0.55 * depth;
    }
}
