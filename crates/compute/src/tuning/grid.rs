//! Which settings are tried.

use kizumi_method::config::{Distance, Gate, MapConfig, MapKind, ProjectionConfig, StepRule};
use kizumi_method::maker::ModelMark;

/// Iterations after which a projection is looked at: one run shows what shorter ones do.
const MARKS: [usize; 4] = [5, 10, 25, 50];

/// The coarse grid's step sizes and weights, times the middle ones.
const ALPHA_FACTORS: [f32; 3] = [1.0, 0.25, 4.0];
const LAMBDA_FACTORS: [f32; 3] = [1.0, 0.2, 4.0];

/// The fine grid's, times the best ones of the coarse grid.
const FINE_ALPHA_FACTORS: [f32; 2] = [0.5, 2.0];
const FINE_LAMBDA_FACTORS: [f32; 2] = [0.4, 2.0];

/// The gradient's own step is not held back by small residuals: it has to be shorter.
const PLAIN_ALPHA: f32 = 0.01;

/// The same where f(x) is held fixed: a fifth of the way to it.
const HELD_ALPHA: f32 = 0.1;

/// Standard deviations of the smoothing, in pixels.
const SMOOTHING_PX: [f32; 6] = [0.0, 1.0, 1.5, 2.0, 3.0, 4.0];

/// The projections of the coarse grid, the start first; all of them with the start's iterations.
///
/// All step sizes and weights with the start's step rule and distance; with the other rules that `model`
/// can follow, and with the other distances, the step sizes alone; and the usual projection.
pub fn coarse(start: &ProjectionConfig, model: ModelMark) -> Vec<ProjectionConfig> {
    let (alpha, lambda) = middle(start);
    let alphas = |of: ProjectionConfig| {
        ALPHA_FACTORS.map(|factor| ProjectionConfig {
            alpha: factor * of.alpha,
            ..of
        })
    };
    let own = |lambda| ProjectionConfig {
        alpha,
        lambda,
        ..*start
    };
    let mut found = vec![*start];
    for factor in LAMBDA_FACTORS {
        found.extend(alphas(own(factor * lambda)));
    }
    let of_features = model.memory_is_there().then_some(StepRule::HELD_FEATURES);
    for step in StepRule::WITHOUT_FEATURES.into_iter().chain(of_features) {
        if step != start.step {
            let other_rule = ProjectionConfig {
                step,
                alpha: 0.0,
                ..own(lambda)
            };
            let (alpha, _) = middle(&other_rule);
            found.extend(alphas(ProjectionConfig {
                alpha,
                ..other_rule
            }));
        }
    }
    for distance in Distance::ALL {
        found.extend(alphas(ProjectionConfig {
            distance,
            ..own(lambda)
        }));
    }
    // However far away the start is.
    let usual = ProjectionConfig::default();
    found.push(ProjectionConfig {
        alpha: usual.alpha,
        lambda: usual.lambda,
        step: usual.step,
        distance: usual.distance,
        ..*start
    });
    without_repeats(found)
}

/// Projections near one.
pub fn around(best: &ProjectionConfig) -> Vec<ProjectionConfig> {
    let alphas = FINE_ALPHA_FACTORS.map(|factor| ProjectionConfig {
        alpha: factor * best.alpha,
        ..*best
    });
    let lambdas = FINE_LAMBDA_FACTORS.map(|factor| ProjectionConfig {
        lambda: factor * best.lambda,
        ..*best
    });
    without_repeats([alphas, lambdas].concat())
}

/// Iterations after which a projection is looked at, ascending: with those of the start.
pub fn marks(start: &ProjectionConfig) -> Vec<usize> {
    let mut marks = MARKS.to_vec();
    marks.push(start.iterations);
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Maps of the coarse grid: every kind that the model can make, otherwise as at the start, which comes
/// first.
pub fn coarse_maps(start: &MapConfig, model: ModelMark) -> Vec<MapConfig> {
    let mut maps = vec![*start];
    let others = MapKind::ALL
        .into_iter()
        .map(|kind| MapConfig { kind, ..*start });
    maps.extend(others.filter(|map| map.kind != start.kind && map.fitting(model) == *map));
    maps
}

/// All maps, the start's first.
pub fn fine_maps(start: &MapConfig, model: ModelMark) -> Vec<MapConfig> {
    let mut maps = vec![*start];
    for map in coarse_maps(start, model) {
        for smoothing_px in SMOOTHING_PX {
            for relative in [true, false] {
                let map = MapConfig {
                    smoothing_px,
                    relative,
                    ..map
                };
                if map != *start {
                    maps.push(map);
                }
            }
        }
    }
    maps
}

/// A step size and a weight to go up and down from: the projection's own if they do something.
fn middle(projection: &ProjectionConfig) -> (f32, f32) {
    let usual = ProjectionConfig::default();
    let StepRule { through, gate } = projection.step;
    let alpha = match (gate, through) {
        _ if projection.alpha > 0.0 => projection.alpha,
        (Gate::Residual | Gate::Both, _) => usual.alpha,
        (Gate::Features, _) => ProjectionConfig::healing().alpha,
        (Gate::None, true) => PLAIN_ALPHA,
        (Gate::None, false) => HELD_ALPHA,
    };
    let lambda = match projection.lambda > 0.0 {
        true => projection.lambda,
        false => usual.lambda,
    };
    (alpha, lambda)
}

/// Each projection once, where it came first.
pub fn without_repeats(projections: Vec<ProjectionConfig>) -> Vec<ProjectionConfig> {
    let mut kept: Vec<ProjectionConfig> = Vec::new();
    for projection in projections {
        if !kept.contains(&projection) {
            kept.push(projection);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::maker::Fingerprint;

    #[test]
    fn the_start_comes_first_and_once() {
        for start in [
            ProjectionConfig::default(),
            ProjectionConfig {
                alpha: 0.0,
                lambda: 0.0,
                iterations: 7,
                step: StepRule::PLAIN,
                ..Default::default()
            },
        ] {
            let grid = coarse(&start, ModelMark::default());
            assert_eq!(grid[0], start);
            assert_eq!(grid.len(), without_repeats(grid.clone()).len());
            assert!(grid.iter().all(|tried| tried.validate().is_ok()));
            assert!(grid[1..].iter().all(|tried| tried.alpha > 0.0));
            assert!(marks(&start).contains(&start.iterations));
        }
        let map = MapConfig {
            smoothing_px: 2.5,
            ..MapConfig::without_features()
        };
        let model = ModelMark::default();
        for maps in [coarse_maps(&map, model), fine_maps(&map, model)] {
            assert_eq!(maps[0], map);
            assert_eq!(maps.iter().filter(|tried| **tried == map).count(), 1);
        }
        assert_eq!(fine_maps(&map, model).len(), 1 + 3 * SMOOTHING_PX.len() * 2);
    }

    #[test]
    fn the_grid_reaches_to_both_sides() {
        let start = ProjectionConfig::default();
        let (alpha, lambda) = (start.alpha, start.lambda);
        let has = |alpha: f32, lambda: f32, step| {
            coarse(&start, ModelMark::default()).iter().any(|tried| {
                (tried.alpha - alpha).abs() < 1e-6
                    && (tried.lambda - lambda).abs() < 1e-6
                    && tried.step == step
            })
        };
        assert!(has(alpha / 4.0, lambda / 5.0, StepRule::WEIGHTED));
        assert!(has(alpha * 4.0, lambda * 4.0, StepRule::WEIGHTED));
        assert!(has(0.01, lambda, StepRule::PLAIN));
        assert!(!has(0.01, lambda * 4.0, StepRule::PLAIN));
        assert!(has(0.1, lambda, StepRule::HELD));
        for distance in Distance::ALL {
            let grid = coarse(&start, ModelMark::default()).into_iter();
            let own = grid.filter(|tried| tried.distance == distance).count();
            let expected = if distance == start.distance { 15 } else { 3 };
            assert_eq!(own, expected, "{distance:?}");
        }
    }

    #[test]
    fn a_gate_of_features_is_tried_where_they_are_remembered() {
        let tried = |model| {
            let grid = coarse(&ProjectionConfig::default(), model).into_iter();
            grid.filter(|tried| tried.needs_features()).count()
        };
        assert_eq!(tried(ModelMark::default()), 0);
        let remembers = ModelMark {
            memory: Fingerprint::of([&[1.0][..]]),
            ..ModelMark::default()
        };
        assert_eq!(tried(remembers), 3);
    }
}
