//! The texture set: plain-woven cloth under an even but never quite even light.
//!
//! Warp yarns run down the picture, weft yarns across, alternately over and under each other. Both
//! are bodies with an elliptic section whose height follows the weave; whichever is higher shows.
//! What varies between normal pictures is the phase and tilt of the weave, slow warping, the
//! light's direction, and every yarn's own thickness and shade.

mod defect;

use super::Subject;
use super::noise::{Dice, mix, noise1, noise2, step};
use super::vector::{Vec2, Vec3, angle, dot, turn, unit};
pub use defect::Defect;

/// Side of a photograph.
const SIZE_PX: usize = 192;
/// Distance between neighbouring yarns.
pub const PITCH_PX: f32 = 16.0;
/// Half of a yarn's thickness seen from above.
const HALF_WIDTH_PX: f32 = 7.5;
/// Half of a yarn's thickness in depth.
const HALF_HEIGHT_PX: f32 = 5.4;
/// How far a yarn rises over and dips under the middle plane.
const WAVE_PX: f32 = 4.2;

/// One of the two directions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Yarns {
    /// Along y, one every [`PITCH_PX`] in x.
    Warp,
    /// Along x, one every [`PITCH_PX`] in y.
    Weft,
}

/// A place in the weave: which yarn, and how far along it in pixels.
#[derive(Clone, Copy)]
pub struct Place {
    /// Warp or weft.
    pub yarns: Yarns,
    /// Which of them.
    pub index: i32,
    /// Pixels along it.
    pub along: f32,
}

/// One piece of cloth under its light.
pub struct Fabric {
    rotation: Vec2,
    origin: Vec2,
    warping: f32,
    light: Vec3,
    gradient: Vec2,
    brightness: f32,
    seed: u32,
}

impl Subject for Fabric {
    const CHANNELS: usize = 1;
    const SIZE_PX: usize = SIZE_PX;
    const GRID: usize = 2;
    const KINDS: &'static [&'static str] = &["broken_yarn", "hole", "misweave", "oil", "slub"];
    type Defect = Defect;

    fn draw(dice: &mut Dice) -> Self {
        let azimuth = angle(-2.2 + dice.within(-0.4, 0.4));
        let gradient = angle(dice.within(0.0, std::f32::consts::TAU));
        let strength = dice.within(0.05, 0.22);
        Self {
            rotation: angle(dice.within(-0.03, 0.03)),
            origin: [
                dice.within(0.0, 2.0 * PITCH_PX),
                dice.within(0.0, 2.0 * PITCH_PX),
            ],
            warping: dice.within(0.6, 2.0),
            light: unit([0.75 * azimuth[0], 0.75 * azimuth[1], 1.0]),
            gradient: [strength * gradient[0], strength * gradient[1]],
            brightness: dice.within(0.9, 1.1),
            seed: dice.seed(),
        }
    }

    fn draw_defect(&self, kind: &str, severity: f32, dice: &mut Dice) -> Defect {
        let margin = 28.0;
        let far = SIZE_PX as f32 - margin;
        let at = [dice.within(margin, far), dice.within(margin, far)];
        Defect::draw(kind, severity, self.weave(at), dice)
    }

    fn radiance(&self, defect: Option<&Defect>, x: f32, y: f32) -> [f32; 3] {
        let half = SIZE_PX as f32 / 2.0;
        let lamp = self.brightness
            * (1.0
                + self.gradient[0] * (x - half) / half
                + self.gradient[1] * (y - half) / half
                + 0.05 * noise2(self.seed ^ 3, x / 90.0, y / 90.0));
        let place = self.weave([x, y]);
        let cloth = self
            .top(defect, place)
            .map_or(0.012, |top| self.shade(&top));
        let kept = defect.map_or(1.0, |defect| defect.stain(place));
        [lamp * cloth * kept; 3]
    }
}

/// The yarn that shows at a point.
struct Top {
    place: Place,
    height: f32,
    /// Across the yarn, -1 to 1.
    across: f32,
    /// Height gained per pixel in x and y.
    slope: Vec2,
    /// Lighter than its like by this share.
    tint: f32,
}

impl Fabric {
    /// Picture coordinates to the weave's own, where yarns are straight and evenly spaced.
    fn weave(&self, [x, y]: Vec2) -> Vec2 {
        let [u, v] = turn([x, y], self.rotation);
        let bend = |seed: u32| self.warping * noise2(self.seed ^ seed, x / 70.0, y / 70.0);
        [u + self.origin[0] + bend(1), v + self.origin[1] + bend(2)]
    }

    /// The highest yarn at a place of the weave, if there is any.
    fn top(&self, defect: Option<&Defect>, at: Vec2) -> Option<Top> {
        let mut best: Option<Top> = None;
        for yarns in [Yarns::Warp, Yarns::Weft] {
            let (side, along) = match yarns {
                Yarns::Warp => (at[0], at[1]),
                Yarns::Weft => (at[1], at[0]),
            };
            let nearest = (side / PITCH_PX).round() as i32;
            for index in nearest - 1..=nearest + 1 {
                let place = Place {
                    yarns,
                    index,
                    along,
                };
                if let Some(top) = self.yarn(defect, place, side)
                    && best.as_ref().is_none_or(|best| top.height > best.height)
                {
                    best = Some(top);
                }
            }
        }
        best
    }

    /// One yarn's surface `side` pixels across the weave, if the point is on it.
    fn yarn(&self, defect: Option<&Defect>, place: Place, side: f32) -> Option<Top> {
        let change = defect.map_or_else(Default::default, |defect| defect.yarn(place));
        let reach = HALF_WIDTH_PX * 1.35 * change.thickness + 1.0;
        let off = side - place.index as f32 * PITCH_PX - change.shift_px;
        if off.abs() > reach {
            return None;
        }
        let own = self.yarn_seed(place);
        let middle = place.index as f32 * PITCH_PX
            + 0.35 * noise1(own, 0.5)
            + 0.35 * noise1(own ^ 1, place.along / 26.0)
            + change.shift_px;
        let (crossing, way) = below(place.along / PITCH_PX);
        let (here, next) = (
            self.over(defect, place, crossing),
            self.over(defect, place, crossing + 1),
        );
        let eased = step(0.0, 1.0, way);
        let wave = mix(here, next, eased);
        let thickness = 1.0
            + 0.05 * noise1(own ^ 2, 0.5)
            + 0.06 * noise1(own ^ 3, place.along / 17.0)
            + 0.06 * wave;
        let half_width = HALF_WIDTH_PX * thickness * change.thickness;
        let across = (side - middle) / half_width.max(0.01);
        // Loose fibres make the outline uneven.
        let outline = 1.0 + 0.06 * noise1(own ^ 4, place.along / 1.6);
        if across.abs() >= outline || half_width < 0.6 {
            return None;
        }
        let half_height = HALF_HEIGHT_PX * (0.5 + 0.5 * change.thickness);
        let arch = (1.0 - (across * across).min(0.96)).sqrt();
        let steep = (next - here) * 6.0 * way * (1.0 - way) * WAVE_PX / PITCH_PX;
        let bulge = -half_height * across / (half_width * arch);
        Some(Top {
            place,
            height: WAVE_PX * wave + half_height * arch + 1.6 * (change.thickness - 1.0).max(0.0),
            across,
            slope: match place.yarns {
                Yarns::Warp => [bulge, steep],
                Yarns::Weft => [steep, bulge],
            },
            tint: change.tint,
        })
    }

    /// 1 where the yarn passes over the given crossing, -1 where under.
    fn over(&self, defect: Option<&Defect>, place: Place, crossing: i32) -> f32 {
        let (warp, weft) = match place.yarns {
            Yarns::Warp => (place.index, crossing),
            Yarns::Weft => (crossing, place.index),
        };
        let plain = if (warp + weft) & 1 == 0 { 1.0 } else { -1.0 };
        let warp_over = defect.map_or(plain, |defect| defect.warp_over(warp, weft, plain));
        match place.yarns {
            Yarns::Warp => warp_over,
            Yarns::Weft => -warp_over,
        }
    }

    /// Light from the yarn that shows.
    fn shade(&self, top: &Top) -> f32 {
        let own = self.yarn_seed(top.place);
        let along = top.place.along;
        // The yarn is twisted: its fibres run obliquely across it.
        let twist = along + 3.4 * top.across;
        let fibres = noise2(own ^ 5, twist / 2.3, top.across * 1.3)
            + 0.7 * noise2(own ^ 6, twist / 1.05, top.across * 2.2);
        let normal = unit([
            -top.slope[0] - 0.10 * fibres,
            -top.slope[1] - 0.06 * fibres,
            1.0,
        ]);
        let facing = dot(normal, self.light).max(0.0);
        let depth = step(-1.5, WAVE_PX + HALF_HEIGHT_PX, top.height);
        let edge = 1.0 - 0.35 * top.across * top.across;
        let base = match top.place.yarns {
            Yarns::Warp => 0.84,
            Yarns::Weft => 0.42,
        };
        let tint = 1.0
            + 0.06 * noise1(own ^ 7, 0.5)
            + 0.05 * noise1(own ^ 8, along / 18.0)
            + 0.17 * fibres
            + top.tint;
        let sheen = 0.10 * facing * facing * facing * facing * facing * facing;
        (base * tint * (0.22 + 0.85 * facing) + sheen) * edge * mix(0.12, 1.0, depth)
    }

    /// A seed of the yarn's own.
    fn yarn_seed(&self, place: Place) -> u32 {
        let kind = match place.yarns {
            Yarns::Warp => 0x1000_0000,
            Yarns::Weft => 0x2000_0000,
        };
        (self.seed ^ kind).wrapping_add((place.index as u32).wrapping_mul(0x0101_0300))
    }
}

/// The whole number at or below `x`, and the rest.
fn below(x: f32) -> (i32, f32) {
    let floor = x.floor();
    (floor as i32, x - floor)
}
