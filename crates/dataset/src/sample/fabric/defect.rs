//! What can be wrong with cloth, in the weave's coordinates.

use super::super::noise::{Dice, bell, cloud, mix, noise1, step};
use super::super::vector::{Vec2, angle, between, length, turn};
use super::{PITCH_PX, Place, Yarns};

/// One defect with its shape, place and strength.
pub enum Defect {
    /// Yarns that end and go on later; those they crossed sag into the gap.
    BrokenYarn {
        start: Place,
        /// How many neighbouring yarns.
        count: i32,
        length_px: f32,
        seed: u32,
    },
    /// A torn place through which the dark table shows.
    Hole {
        place: Vec2,
        axis: Vec2,
        radius_px: Vec2,
        seed: u32,
    },
    /// Yarns that pass over where they should pass under.
    Misweave {
        first: [i32; 2],
        count: [i32; 2],
        over: f32,
    },
    /// A dark stain that followed the yarns.
    Oil {
        place: Vec2,
        radius_px: f32,
        darkness: f32,
        seed: u32,
    },
    /// A yarn that is thick and pale over a short length and bulges over its neighbours.
    Slub {
        middle: Place,
        half_length_px: f32,
        extra: f32,
    },
}

/// How low a yarn hangs where the one it crossed is missing, in units of the weave's wave.
const SAG: f32 = 0.8;

/// What a defect does to a yarn at a place.
pub struct YarnChange {
    /// Factor of the yarn's thickness; 0 where it is missing.
    pub thickness: f32,
    /// Sideways shift.
    pub shift_px: f32,
    /// Lighter than other yarns by this share.
    pub tint: f32,
}

impl Default for YarnChange {
    fn default() -> Self {
        Self {
            thickness: 1.0,
            shift_px: 0.0,
            tint: 0.0,
        }
    }
}

impl Defect {
    /// A defect of the kind near a place of the weave; `severity` goes from 0 (small and faint)
    /// to 1.
    pub fn draw(kind: &str, severity: f32, at: Vec2, dice: &mut Dice) -> Self {
        let seed = dice.seed();
        let (yarns, side, along) = if dice.sign() > 0.0 {
            (Yarns::Warp, at[0], at[1])
        } else {
            (Yarns::Weft, at[1], at[0])
        };
        let on = Place {
            yarns,
            index: (side / PITCH_PX).round() as i32,
            along,
        };
        match kind {
            "broken_yarn" => {
                let length_px = mix(22.0, 110.0, severity) * dice.within(0.85, 1.15);
                Self::BrokenYarn {
                    start: Place {
                        along: along - length_px / 2.0,
                        ..on
                    },
                    count: if severity > 0.75 { 2 } else { 1 },
                    length_px,
                    seed,
                }
            }
            "hole" => {
                let radius = mix(7.0, 19.0, severity) * dice.within(0.9, 1.1);
                Self::Hole {
                    place: at,
                    axis: angle(dice.within(0.0, std::f32::consts::TAU)),
                    radius_px: [radius, radius * dice.within(0.65, 1.0)],
                    seed,
                }
            }
            "misweave" => {
                let long = mix(3.0, 7.0, severity).round() as i32;
                let wide = 1 + dice.below(mix(1.0, 3.0, severity).round() as usize) as i32;
                let (count, over) = match yarns {
                    Yarns::Warp => ([wide, long], 1.0),
                    Yarns::Weft => ([long, wide], -1.0),
                };
                Self::Misweave {
                    first: [0, 1].map(|i| (at[i] / PITCH_PX).round() as i32 - count[i] / 2),
                    count,
                    over,
                }
            }
            "oil" => Self::Oil {
                place: at,
                radius_px: mix(10.0, 23.0, severity) * dice.within(0.85, 1.15),
                darkness: mix(0.48, 0.8, severity) * dice.within(0.9, 1.1),
                seed,
            },
            _ => Self::Slub {
                middle: on,
                half_length_px: mix(10.0, 32.0, severity) * dice.within(0.85, 1.15),
                extra: mix(0.7, 1.25, severity),
            },
        }
    }

    /// The change of a yarn.
    pub fn yarn(&self, at: Place) -> YarnChange {
        let mut change = YarnChange::default();
        match self {
            Self::BrokenYarn {
                start,
                count,
                length_px,
                seed,
            } if start.yarns == at.yarns && (0..*count).contains(&(at.index - start.index)) => {
                // Neighbours break a little apart.
                let along = at.along - 5.0 * (at.index - start.index) as f32;
                let from_end = (along - start.along).min(start.along + length_px - along);
                // The ends thin out and curl.
                change.thickness = 1.0 - step(-5.0, 4.0, from_end);
                change.shift_px = 2.2 * noise1(*seed, at.along / 6.0) * step(-9.0, 3.0, from_end);
            }
            Self::Slub {
                middle,
                half_length_px,
                extra,
            } if (middle.yarns, middle.index) == (at.yarns, at.index) => {
                let swell = extra * bell((at.along - middle.along) / (0.6 * half_length_px));
                change.thickness = 1.0 + swell;
                change.tint = 0.6 * swell;
            }
            Self::Hole {
                place,
                axis,
                radius_px,
                seed,
            } => {
                let side = at.index as f32 * PITCH_PX;
                let spot = match at.yarns {
                    Yarns::Warp => [side, at.along],
                    Yarns::Weft => [at.along, side],
                };
                let [x, y] = turn(between(spot, *place), [axis[0], -axis[1]]);
                let own = seed ^ (at.index as u32).wrapping_mul(0x0101_0300);
                let own = if at.yarns == Yarns::Warp { own } else { !own };
                let reach = length([x / radius_px[0], y / radius_px[1]])
                    + 0.16 * noise1(own, 0.5)
                    + 0.05 * noise1(own, at.along / 2.0);
                change.thickness = step(0.75, 1.0, reach);
                change.shift_px = 2.5 * noise1(own ^ 1, at.along / 7.0) * step(1.15, 0.75, reach);
            }
            _ => {}
        }
        change
    }

    /// How far the warp is over (1) or under (-1) the weft at a crossing; `plain` is the sound
    /// cloth's answer.
    pub fn warp_over(&self, warp: i32, weft: i32, plain: f32) -> f32 {
        match self {
            Self::Misweave { first, count, over } => {
                let within =
                    |index: i32, i: usize| (first[i]..first[i] + count[i]).contains(&index);
                if within(warp, 0) && within(weft, 1) {
                    *over
                } else {
                    plain
                }
            }
            Self::BrokenYarn {
                start,
                count,
                length_px,
                ..
            } => {
                let (index, along) = match start.yarns {
                    Yarns::Warp => (warp, weft),
                    Yarns::Weft => (weft, warp),
                };
                let along = along as f32 * PITCH_PX;
                let gone = along > start.along && along < start.along + length_px;
                if (0..*count).contains(&(index - start.index)) && gone {
                    // Nothing holds the crossing yarn up or down: it sags.
                    match start.yarns {
                        Yarns::Warp => SAG,
                        Yarns::Weft => -SAG,
                    }
                } else {
                    plain
                }
            }
            _ => plain,
        }
    }

    /// The share of light that a stain leaves.
    pub fn stain(&self, at: Vec2) -> f32 {
        let Self::Oil {
            place,
            radius_px,
            darkness,
            seed,
        } = self
        else {
            return 1.0;
        };
        let [x, y] = between(at, *place);
        // Capillary action: further along yarns than obliquely to them.
        let reach = length([x, y]) / radius_px;
        let ragged = 1.0 - reach + 0.3 * cloud(*seed, x / radius_px * 1.6, y / radius_px * 1.6);
        let wet = step(0.0, 0.3, ragged);
        let rim = wet * (1.0 - wet);
        1.0 - darkness * (0.9 * wet + 0.35 * rim)
    }
}
