//! What can be wrong with a washer, in the part's own coordinates.

use super::super::noise::{Dice, bell, cloud, lattice, mix, noise1, noise2, step};
use super::super::vector::{Vec2, angle, between, length, nearest, turn};
use super::surface::{CHAMFER_PX, INNER_PX, OUTER_PX, Surface};

/// One defect with its shape, place and strength.
pub enum Defect {
    /// Part of the outer edge that was never chamfered.
    Bevel {
        middle: Vec2,
        /// Cosine of half the angle that is missing.
        reach: f32,
        seed: u32,
    },
    /// A piece broken out of the outer or the inner edge.
    Chip {
        place: Vec2,
        axis: Vec2,
        half_px: Vec2,
        seed: u32,
    },
    /// A pressed hollow with a raised rim.
    Dent {
        place: Vec2,
        axis: Vec2,
        radius_px: Vec2,
        slope: f32,
    },
    /// A brown, matt, ragged blotch.
    Rust {
        place: Vec2,
        radius_px: f32,
        strength: f32,
        seed: u32,
    },
    /// A line torn into the surface by something hard.
    Scratch {
        points: Vec<Vec2>,
        half_width_px: f32,
        strength: f32,
        seed: u32,
    },
}

impl Defect {
    /// A defect of the kind; `severity` goes from 0 (small and faint) to 1.
    pub fn draw(kind: &str, severity: f32, dice: &mut Dice) -> Self {
        let around = angle(dice.within(0.0, std::f32::consts::TAU));
        let at = |radius: f32| [radius * around[0], radius * around[1]];
        let flat = (INNER_PX + CHAMFER_PX + 3.0, OUTER_PX - CHAMFER_PX - 3.0);
        let seed = dice.seed();
        match kind {
            "bevel" => Self::Bevel {
                middle: around,
                reach: libm::cosf(mix(0.16, 0.75, severity) * dice.within(0.85, 1.15)),
                seed,
            },
            "chip" => {
                let edge = if dice.within(0.0, 1.0) < 0.7 {
                    OUTER_PX + 0.5
                } else {
                    INNER_PX - 0.5
                };
                Self::Chip {
                    place: at(edge),
                    axis: around,
                    half_px: [
                        mix(4.0, 11.0, severity) * dice.within(0.85, 1.15),
                        mix(4.5, 13.0, severity) * dice.within(0.85, 1.2),
                    ],
                    seed,
                }
            }
            "dent" => {
                let radius = mix(3.8, 10.0, severity);
                Self::Dent {
                    place: at(dice.within(flat.0 + 3.0, flat.1 - 3.0)),
                    axis: angle(dice.within(0.0, std::f32::consts::TAU)),
                    radius_px: [radius, radius * dice.within(0.6, 1.0)],
                    slope: mix(0.32, 0.6, severity) * dice.within(0.85, 1.1),
                }
            }
            "rust" => Self::Rust {
                place: at(dice.within(flat.0, flat.1)),
                radius_px: mix(5.0, 16.0, severity) * dice.within(0.85, 1.15),
                strength: mix(0.55, 1.0, severity),
                seed,
            },
            _ => {
                let middle = at(dice.within(flat.0, flat.1));
                let mut heading = dice.within(0.0, std::f32::consts::TAU);
                let bend = dice.within(-0.09, 0.09);
                let length = mix(16.0, 56.0, severity) * dice.within(0.85, 1.15);
                let [dx, dy] = angle(heading + 4.0 * bend);
                let mut place = [middle[0] - dx * length / 2.0, middle[1] - dy * length / 2.0];
                let mut points = vec![place];
                for _ in 0..8 {
                    let [dx, dy] = angle(heading);
                    place = [place[0] + dx * length / 8.0, place[1] + dy * length / 8.0];
                    points.push(place);
                    heading += bend;
                }
                Self::Scratch {
                    points,
                    half_width_px: mix(1.0, 2.3, severity),
                    strength: mix(0.5, 1.0, severity),
                    seed,
                }
            }
        }
    }

    /// Pixels from the piece that is missing (negative inside it); infinite when none is.
    pub fn bite(&self, local: Vec2) -> f32 {
        self.fracture(local) + FRACTURE_PX
    }

    /// Pixels from where the break begins at the surface, negative inside.
    fn fracture(&self, local: Vec2) -> f32 {
        let Self::Chip {
            place,
            axis,
            half_px,
            seed,
        } = self
        else {
            return f32::INFINITY;
        };
        let [x, y] = turn(between(local, *place), [axis[0], -axis[1]]);
        let round = length([x / half_px[0], y / half_px[1]]);
        (round - 1.0) * half_px[0].min(half_px[1])
            + 0.9 * noise2(*seed, x * 0.45, y * 0.45)
            + 0.4 * noise2(seed ^ 1, x, y)
    }

    /// Changes the surface at `local`.
    pub fn apply(&self, local: Vec2, surface: &mut Surface) {
        match self {
            Self::Bevel {
                middle,
                reach,
                seed,
            } => {
                let radius = length(local);
                let facing = (local[0] * middle[0] + local[1] * middle[1]) / radius;
                let missing = step(*reach - 0.006, *reach + 0.006, facing);
                if missing > 0.0 && radius > OUTER_PX - CHAMFER_PX - 0.5 {
                    let face = Surface::face(local, *seed);
                    surface.blend(&face, missing);
                    // The uncut edge stands up as a thin burr.
                    let burr = missing * step(OUTER_PX - 1.4, OUTER_PX - 0.5, radius);
                    surface.tilt([
                        0.9 * burr * local[0] / radius,
                        0.9 * burr * local[1] / radius,
                    ]);
                }
            }
            Self::Chip { seed, .. } => {
                let depth = -self.fracture(local);
                let broken = step(-0.5, 0.3, depth);
                if broken > 0.0 {
                    let near = |dx: f32, dy: f32| self.fracture([local[0] + dx, local[1] + dy]);
                    let slope = [
                        near(0.5, 0.0) - near(-0.5, 0.0),
                        near(0.0, 0.5) - near(0.0, -0.5),
                    ];
                    // Facets: the break runs along grains of a few pixels.
                    let grain = [
                        (local[0] * 0.7).floor() as i32,
                        (local[1] * 0.7).floor() as i32,
                    ];
                    let facet = |axis: i32| 0.3 * lattice(*seed, grain[0], grain[1], axis);
                    surface.tilt([
                        broken * (0.8 * slope[0] + facet(0)),
                        broken * (0.8 * slope[1] + facet(1)),
                    ]);
                    surface.roughen(broken, 0.45, 0.8);
                    surface.exposed *= 1.0 - 0.35 * broken * step(0.0, FRACTURE_PX, depth);
                }
            }
            Self::Dent {
                place,
                axis,
                radius_px,
                slope,
            } => {
                let [x, y] = turn(between(local, *place), [axis[0], -axis[1]]);
                let (u, v) = (x / radius_px[0], y / radius_px[1]);
                // Height -(1 - r^2 / 2) exp(-r^2): a hollow inside a low rim. Its gradient:
                let square = u * u + v * v;
                if square < 9.0 {
                    let common = slope * (3.0 - square) * libm::expf(-square) * 0.9;
                    surface.tilt(turn([common * u, common * v], *axis));
                    let hollow = libm::expf(-2.0 * square);
                    surface.exposed *= 1.0 - 0.3 * slope * hollow;
                    surface.roughness[0] = mix(surface.roughness[0], 0.26, hollow);
                }
            }
            Self::Rust {
                place,
                radius_px,
                strength,
                seed,
            } => {
                let [x, y] = between(local, *place);
                let reach = length([x, y]) / radius_px;
                let ragged = 1.0 - reach + 0.55 * cloud(*seed, x * 0.22, y * 0.22);
                let pits = 0.5 + 0.5 * noise2(seed ^ 5, x * 0.8, y * 0.8);
                let cover = strength * step(0.0, 0.35, ragged) * mix(0.75, 1.0, pits);
                if cover > 0.0 {
                    let tone = 0.5 + 0.5 * cloud(seed ^ 9, x * 0.35, y * 0.35);
                    let colour = [
                        mix(0.050, 0.27, tone),
                        mix(0.020, 0.090, tone),
                        mix(0.012, 0.030, tone),
                    ];
                    for (diffuse, colour) in surface.diffuse.iter_mut().zip(colour) {
                        *diffuse = mix(*diffuse, colour, cover);
                    }
                    surface.gloss *= 1.0 - 0.93 * cover;
                    let bump = 0.35 * cover;
                    surface.tilt([
                        bump * noise2(seed ^ 11, x * 0.7, y * 0.7),
                        bump * noise2(seed ^ 12, x * 0.7, y * 0.7),
                    ]);
                }
            }
            Self::Scratch {
                points,
                half_width_px,
                strength,
                seed,
            } => {
                let line = nearest(points, local);
                let ends = step(0.0, 0.12, line.along) * step(1.0, 0.8, line.along);
                let pressure = ends * (0.85 + 0.15 * noise1(*seed, line.along * 9.0));
                let width = half_width_px * mix(0.5, 1.0, pressure);
                let depth = pressure * strength * bell(line.distance / (0.6 * width));
                if depth > 0.01 {
                    let side = line.distance / width;
                    let wall = 1.3 * depth * side.min(1.5);
                    surface.tilt([wall * line.away[0], wall * line.away[1]]);
                    surface.roughen(depth.min(1.0), 0.5, 1.15);
                }
            }
        }
    }
}

/// How far a break slopes before it goes through.
const FRACTURE_PX: f32 = 2.6;

impl Surface {
    /// Goes over to another surface.
    fn blend(&mut self, other: &Self, share: f32) {
        let blend3 = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|i| mix(a[i], b[i], share));
        self.normal = super::unit(blend3(self.normal, other.normal));
        self.diffuse = blend3(self.diffuse, other.diffuse);
        self.gloss = mix(self.gloss, other.gloss, share);
        self.roughness = [0, 1].map(|i| mix(self.roughness[i], other.roughness[i], share));
    }

    /// Destroys the grooves: the same roughness in all directions, and another gloss.
    fn roughen(&mut self, share: f32, roughness: f32, gloss: f32) {
        self.roughness = self.roughness.map(|old| mix(old, roughness, share));
        self.gloss = mix(self.gloss, self.gloss * gloss, share);
        self.diffuse = self.diffuse.map(|old| mix(old, 0.2, share));
    }
}
