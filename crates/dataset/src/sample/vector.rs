//! The little geometry that both scenes share. Image axes: x right, y down, z to the camera.

/// A direction or a place in space.
pub type Vec3 = [f32; 3];
/// A place in the image plane, in pixels.
pub type Vec2 = [f32; 2];

/// The scalar product.
pub fn dot(a: Vec3, b: Vec3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The vector product.
pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// `a + share * b`.
pub fn add(a: Vec3, b: Vec3, share: f32) -> Vec3 {
    [
        a[0] + share * b[0],
        a[1] + share * b[1],
        a[2] + share * b[2],
    ]
}

/// The same direction with length 1; the vector must not be zero.
pub fn unit(a: Vec3) -> Vec3 {
    let length = dot(a, a).sqrt();
    [a[0] / length, a[1] / length, a[2] / length]
}

/// Length in the plane.
pub fn length(a: Vec2) -> f32 {
    (a[0] * a[0] + a[1] * a[1]).sqrt()
}

/// `a - b`.
pub fn between(a: Vec2, b: Vec2) -> Vec2 {
    [a[0] - b[0], a[1] - b[1]]
}

/// Turned by the angle whose cosine and sine are given.
pub fn turn(a: Vec2, [cos, sin]: Vec2) -> Vec2 {
    [cos * a[0] - sin * a[1], sin * a[0] + cos * a[1]]
}

/// Cosine and sine of an angle in radians.
pub fn angle(radians: f32) -> Vec2 {
    [libm::cosf(radians), libm::sinf(radians)]
}

/// From the nearest point of a line of straight pieces to `p`.
pub struct Nearest {
    /// Pixels from the line.
    pub distance: f32,
    /// Unit vector away from the line; zero on it.
    pub away: Vec2,
    /// Share of the line's pieces passed, `0.0..=1.0`.
    pub along: f32,
}

/// The nearest point of the line through `points` (two or more).
pub fn nearest(points: &[Vec2], p: Vec2) -> Nearest {
    let pieces = points.len() - 1;
    let mut best = Nearest {
        distance: f32::INFINITY,
        away: [0.0, 0.0],
        along: 0.0,
    };
    for (piece, ends) in points.windows(2).enumerate() {
        let (way, here) = (between(ends[1], ends[0]), between(p, ends[0]));
        let share = ((here[0] * way[0] + here[1] * way[1]) / (way[0] * way[0] + way[1] * way[1]))
            .clamp(0.0, 1.0);
        let off = [here[0] - share * way[0], here[1] - share * way[1]];
        let distance = length(off);
        if distance < best.distance {
            let scale = 1.0 / distance.max(1e-6);
            best = Nearest {
                distance,
                away: [off[0] * scale, off[1] * scale],
                along: (piece as f32 + share) / pieces as f32,
            };
        }
    }
    best
}
