//! The object set: a turned and stamped steel washer on a dark mat, seen from above.
//!
//! What varies between normal parts is what varies under an inspection camera: the part's place
//! and rotation, the lamp's place and strength, and the fine grooves that the lathe left. The
//! grooves make the reflection anisotropic (G. J. Ward, "Measuring and modeling anisotropic
//! reflection", 1992): it is narrow along a groove and wide across, hence the two bright wings
//! that follow the lamp.

mod defect;
mod surface;

use super::Subject;
use super::noise::{Dice, mix, noise2, step};
use super::vector::{Vec2, Vec3, add, angle, between, cross, dot, length, turn, unit};
pub use defect::Defect;
use surface::{INNER_PX, OUTER_PX, Surface};

/// Side of a photograph.
const SIZE_PX: usize = 128;
/// Thickness of the part, which sets how far its shadow reaches.
const THICKNESS_PX: f32 = 7.0;
/// The camera's height above the mat.
const CAMERA_PX: f32 = 420.0;
/// The lamp's distance from the middle of the picture.
const LAMP_PX: f32 = 300.0;

/// One washer under its lamp.
pub struct Washer {
    centre: Vec2,
    scale: f32,
    rotation: Vec2,
    /// The large lamp, in picture coordinates.
    lamp: Vec3,
    /// A weak second light from the other side.
    window: Vec3,
    intensity: f32,
    warmth: f32,
    grooves: u32,
    mat: u32,
}

impl Subject for Washer {
    const CHANNELS: usize = 3;
    const SIZE_PX: usize = SIZE_PX;
    const GRID: usize = 3;
    const KINDS: &'static [&'static str] = &["bevel", "chip", "dent", "rust", "scratch"];
    type Defect = Defect;

    fn draw(dice: &mut Dice) -> Self {
        let middle = SIZE_PX as f32 / 2.0;
        let azimuth = angle(-2.1 + dice.within(-0.55, 0.55));
        let tilt = angle(dice.within(0.62, 0.82));
        let towards = |azimuth: Vec2, tilt: Vec2| {
            [
                middle + LAMP_PX * tilt[1] * azimuth[0],
                middle + LAMP_PX * tilt[1] * azimuth[1],
                LAMP_PX * tilt[0],
            ]
        };
        Self {
            centre: [
                middle + dice.within(-4.0, 4.0),
                middle + dice.within(-4.0, 4.0),
            ],
            scale: dice.within(0.99, 1.01),
            rotation: angle(dice.within(-0.18, 0.18)),
            lamp: towards(azimuth, tilt),
            window: towards(angle(0.6), angle(0.9)),
            intensity: dice.within(0.82, 1.18),
            warmth: dice.within(-0.03, 0.03),
            grooves: dice.seed(),
            mat: dice.seed(),
        }
    }

    fn draw_defect(&self, kind: &str, severity: f32, dice: &mut Dice) -> Defect {
        Defect::draw(kind, severity, dice)
    }

    fn radiance(&self, defect: Option<&Defect>, x: f32, y: f32) -> [f32; 3] {
        let local = self.local([x, y]);
        let light = if outside(defect, local) < 0.0 {
            self.metal([x, y], local, defect)
        } else {
            self.mat([x, y], defect)
        };
        let gain = self.intensity * 1.35;
        [
            light[0] * gain * (1.0 + self.warmth),
            light[1] * gain,
            light[2] * gain * (1.0 - self.warmth),
        ]
    }
}

impl Washer {
    /// Picture coordinates to the part's own: its centre, its rotation, its size.
    fn local(&self, p: Vec2) -> Vec2 {
        let [cos, sin] = self.rotation;
        let [x, y] = turn(between(p, self.centre), [cos, -sin]);
        [x / self.scale, y / self.scale]
    }

    /// Light from the steel at a place of the picture.
    fn metal(&self, p: Vec2, local: Vec2, defect: Option<&Defect>) -> Vec3 {
        let mut surface = Surface::turned(local, self.grooves);
        if let Some(defect) = defect {
            defect.apply(local, &mut surface);
        }
        surface.stamp(local);
        let normal = self.to_picture(surface.normal);
        let groove = self.to_picture([surface.groove[0], surface.groove[1], 0.0]);
        let camera = toward([64.0, 64.0, CAMERA_PX], p);
        let mut light = [0.0; 3];
        for (place, strength) in [(self.lamp, 1.0), (self.window, 0.3)] {
            let lamp = toward(place, p);
            let facing = dot(normal, lamp).max(0.0);
            let gloss = ward(&surface, normal, groove, lamp, camera) * strength;
            for (light, diffuse) in light.iter_mut().zip(surface.diffuse) {
                *light += strength * facing * diffuse + surface.gloss * gloss;
            }
        }
        // The room: brighter above the picture than below, seen in the mirror of the surface.
        let mirror = add(camera.map(|v| -v), normal, 2.0 * dot(normal, camera));
        let room = 0.13 + 0.09 * mirror[2] - 0.12 * mirror[1];
        // Plain steel is a little blue.
        let steel = [0.97, 1.0, 1.03];
        for (channel, light) in light.iter_mut().enumerate() {
            *light += room * (surface.gloss * 0.62 * steel[channel] + surface.diffuse[channel]);
            *light *= surface.exposed;
        }
        light
    }

    /// Light from the rubber mat: grain, the part's shadow, and the dark line where it touches.
    fn mat(&self, p: Vec2, defect: Option<&Defect>) -> Vec3 {
        let lamp = toward(self.lamp, p);
        let gap = outside(defect, self.local(p));
        let mut blocked: f32 = 0.0;
        for layer in 0..5 {
            let height = THICKNESS_PX * (layer as f32 + 0.5) / 5.0;
            let above = [
                p[0] + lamp[0] / lamp[2] * height,
                p[1] + lamp[1] / lamp[2] * height,
            ];
            let softness = 0.8 + 0.35 * height;
            let inside = -outside(defect, self.local(above));
            blocked = blocked.max(step(-softness, softness, inside));
        }
        let contact = 1.0 - 0.55 / (1.0 + 0.12 * gap * gap);
        let grain = 1.0
            + 0.16 * noise2(self.mat, p[0] * 0.9, p[1] * 0.9)
            + 0.12 * noise2(self.mat ^ 7, p[0] * 0.33, p[1] * 0.33)
            + 0.05 * noise2(self.mat ^ 9, p[0] * 0.05, p[1] * 0.05);
        let light = grain * contact * (0.3 + 0.95 * lamp[2] * (1.0 - 0.85 * blocked));
        [0.050 * light, 0.062 * light, 0.078 * light]
    }

    /// A direction of the part, in picture coordinates.
    fn to_picture(&self, [x, y, z]: Vec3) -> Vec3 {
        let [x, y] = turn([x, y], self.rotation);
        [x, y, z]
    }
}

/// Pixels from the steel, negative inside it.
fn outside(defect: Option<&Defect>, local: Vec2) -> f32 {
    let radius = length(local);
    let ring = (radius - OUTER_PX).max(INNER_PX - radius);
    defect.map_or(ring, |defect| ring.max(-defect.bite(local)))
}

/// The direction from a point of the mat to a place.
fn toward(place: Vec3, p: Vec2) -> Vec3 {
    unit([place[0] - p[0], place[1] - p[1], place[2]])
}

/// Ward's anisotropic lobe times the cosine of the incoming light.
fn ward(surface: &Surface, normal: Vec3, groove: Vec3, lamp: Vec3, camera: Vec3) -> f32 {
    let (incoming, outgoing) = (dot(normal, lamp), dot(normal, camera));
    if incoming <= 0.0 || outgoing <= 0.0 {
        return 0.0;
    }
    let along = unit(add(groove, normal, -dot(normal, groove)));
    let across = cross(normal, along);
    let half = unit(add(lamp, camera, 1.0));
    let upright = dot(half, normal);
    let [rough_along, rough_across] = surface.roughness;
    let u = dot(half, along) / (rough_along * upright);
    let v = dot(half, across) / (rough_across * upright);
    let peak = 1.0 / (4.0 * std::f32::consts::PI * rough_along * rough_across);
    // The floor keeps grazing chamfers from flaring.
    let grazing = (incoming / outgoing.max(0.2)).sqrt();
    peak * grazing * libm::expf(-(u * u + v * v))
        + mix(0.0, 0.12, incoming) * (rough_across - rough_along).max(0.0)
}
