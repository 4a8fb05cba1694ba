//! What can be wrong with cloth, in the weave's coordinates.

use super::super::noise::{Dice, bell, cloud, mix, noise1, step};
use super::super::vector::{Vec2, angle, between, length, turn};
use super::{PITCH_PX, Place, Yarns};

/// One defect with its shape, place and strength.
pub enum Defect {
    /// A yarn that ends and goes on later; its neighbours lean into the gap.
    BrokenYarn {
        start: Place,
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
    /// A yarn that is thick over a short length and pushes its neighbours aside.
    Slub {
        middle: Place,
        half_length_px: f32,
        extra: f32,
    },
}

/// What a defect does to a yarn at a place.
pub struct YarnChange {
    /// Factor of the yarn's thickness; 0 where it is missing.
    pub thickness: f32,
    /// Sideways shift.
    pub shift_px: f32,
}

impl Default for YarnChange {
    fn default() -> Self {
        Self {
            thickness: 1.0,
            shift_px: 0.0,
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
                let length_px = mix(18.0, 85.0, severity) * dice.within(0.85, 1.15);
                Self::BrokenYarn {
                    start: Place {
                        along: along - length_px / 2.0,
                        ..on
                    },
                    length_px,
                    seed,
                }
            }
            "hole" => {
                let radius = mix(5.5, 14.0, severity) * dice.within(0.9, 1.1);
                Self::Hole {
                    place: at,
                    axis: angle(dice.within(0.0, std::f32::consts::TAU)),
                    radius_px: [radius, radius * dice.within(0.65, 1.0)],
                    seed,
                }
            }
            "misweave" => {
                let long = mix(2.0, 7.0, severity).round() as i32;
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
                radius_px: mix(9.0, 24.0, severity) * dice.within(0.85, 1.15),
                darkness: mix(0.3, 0.62, severity) * dice.within(0.9, 1.1),
                seed,
            },
            _ => Self::Slub {
                middle: on,
                half_length_px: mix(7.0, 20.0, severity) * dice.within(0.85, 1.15),
                extra: mix(0.6, 1.3, severity),
            },
        }
    }

    /// Where the cloth now at `at` was before it was pulled.
    pub fn pulled(&self, at: Vec2) -> Vec2 {
        let Self::Hole {
            place,
            axis,
            radius_px,
            ..
        } = self
        else {
            return at;
        };
        // Torn cloth draws back from the hole.
        let [x, y] = turn(between(at, *place), [axis[0], -axis[1]]);
        let reach = length([x / radius_px[0], y / radius_px[1]]);
        let back = 0.28 * bell((reach - 0.9).max(0.0) / 0.45);
        let [x, y] = turn([x * (1.0 - back), y * (1.0 - back)], *axis);
        [place[0] + x, place[1] + y]
    }

    /// The change of a yarn.
    pub fn yarn(&self, at: Place) -> YarnChange {
        let mut change = YarnChange::default();
        match self {
            Self::BrokenYarn {
                start,
                length_px,
                seed,
            } if start.yarns == at.yarns => {
                let from_end = (at.along - start.along).min(start.along + length_px - at.along);
                let apart = at.index - start.index;
                if apart == 0 {
                    // The ends thin out and curl.
                    change.thickness = 1.0 - step(-5.0, 4.0, from_end);
                    change.shift_px =
                        2.2 * noise1(*seed, at.along / 6.0) * step(-9.0, 3.0, from_end);
                } else if apart.abs() <= 2 {
                    let lean = step(-8.0, 14.0, from_end) / apart.abs() as f32;
                    change.shift_px = -(apart.signum() as f32) * 1.9 * lean;
                }
            }
            Self::Slub {
                middle,
                half_length_px,
                extra,
            } if middle.yarns == at.yarns => {
                let swell = extra * bell((at.along - middle.along) / (0.6 * half_length_px));
                match at.index - middle.index {
                    0 => change.thickness = 1.0 + swell,
                    apart if apart.abs() <= 2 => {
                        let share = if apart.abs() == 1 { 2.3 } else { 1.0 };
                        change.shift_px = apart.signum() as f32 * share * swell;
                    }
                    _ => {}
                }
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
                change.thickness = step(0.55, 0.9, reach);
                change.shift_px = 2.5 * noise1(own ^ 1, at.along / 7.0) * step(1.15, 0.75, reach);
            }
            _ => {}
        }
        change
    }

    /// Whether the warp is over (1) or under (-1) at a crossing; 0 where one of them is missing
    /// and the other lies flat.
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
                start, length_px, ..
            } => {
                let (index, along) = match start.yarns {
                    Yarns::Warp => (warp, weft),
                    Yarns::Weft => (weft, warp),
                };
                let along = along as f32 * PITCH_PX;
                let gone = along > start.along && along < start.along + length_px;
                if index == start.index && gone {
                    0.0
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
