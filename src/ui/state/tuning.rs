//! The search for settings: what was tried, and what came of it.

use kizumi_engine::message::TuningId;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::tuning::{Round, Setting, Trial, TuningResult};

/// The search of the model in memory.
#[derive(Debug, Default)]
pub struct TuningView {
    is_open: bool,
    /// The search that was asked for last.
    asked: Option<TuningId>,
    tried: Vec<Trial>,
    result: Option<TuningResult>,
}

/// A projection on the plot: the best that it did, whatever the iterations and the maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The trial.
    pub trial: Trial,
    /// Whether it is the projection that the search started with.
    pub is_start: bool,
}

impl TuningView {
    /// Whether it is on screen.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Brings it on screen.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Takes it off the screen; what was tried stays.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// A search was asked for; what the one before found stays until it begins.
    pub fn ask(&mut self, id: TuningId) {
        self.asked = Some(id);
    }

    /// A search begins.
    pub fn started(&mut self, id: TuningId) {
        if self.asked == Some(id) {
            self.tried.clear();
            self.result = None;
        }
    }

    /// The model changed: what was found is of another.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Settings were tried.
    pub fn tried(&mut self, id: TuningId, trials: Vec<Trial>) {
        if self.asked == Some(id) {
            self.tried.extend(trials);
        }
    }

    /// The search ended.
    pub fn tuned(&mut self, id: TuningId, result: TuningResult) {
        if self.asked == Some(id) {
            self.tried.clone_from(&result.tried);
            self.result = Some(result);
        }
    }

    /// How many settings were tried.
    pub fn count(&self) -> usize {
        self.tried.len()
    }

    /// What came of it.
    pub fn result(&self) -> Option<&TuningResult> {
        self.result.as_ref()
    }

    /// The settings to take, if they are better than those from before.
    pub fn better(&self) -> Option<Setting> {
        let result = self.result.as_ref()?;
        result.is_change().then_some(result.best)
    }

    /// The round to look at: the last one that tried more than a comparison of two.
    pub fn round(&self) -> Round {
        let has_fine = self.tried.iter().any(|trial| trial.round == Round::Fine);
        if has_fine { Round::Fine } else { Round::Coarse }
    }

    /// The trials of that round, the best first.
    pub fn ranked(&self) -> Vec<&Trial> {
        let mut ranked: Vec<&Trial> = self.tried.iter().collect();
        ranked.retain(|trial| trial.round == self.round());
        ranked.sort_by(|a, b| {
            let criterion = |trial: &Trial| trial.figures.criterion();
            criterion(b).total_cmp(&criterion(a))
        });
        ranked
    }

    /// The projections of that round, the best first, the first of a round being the start.
    pub fn dots(&self) -> Vec<Dot> {
        let same = |a: &ProjectionConfig, b: &ProjectionConfig| {
            let iterations = a.iterations;
            ProjectionConfig { iterations, ..*b } == *a
        };
        let round = self.round();
        let first = self.tried.iter().find(|trial| trial.round == round);
        let start = first.map(|trial| trial.projection);
        let mut dots: Vec<Dot> = Vec::new();
        for trial in self.ranked() {
            let known = |dot: &Dot| same(&dot.trial.projection, &trial.projection);
            if !dots.iter().any(known) {
                dots.push(Dot {
                    trial: trial.clone(),
                    is_start: start.is_some_and(|start| same(&start, &trial.projection)),
                });
            }
        }
        dots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::tuning::TuningFigures;

    fn trial(round: Round, alpha: f32, iterations: usize, figure: f64) -> Trial {
        Trial {
            round,
            projection: ProjectionConfig {
                alpha,
                iterations,
                ..Default::default()
            },
            map: Default::default(),
            figures: TuningFigures {
                pixel_auroc: figure,
                pixel_average_precision: 0.5,
                image_auroc: figure,
                defect_left: None,
            },
            images: 8,
        }
    }

    #[test]
    fn a_dot_is_the_best_of_its_projection() {
        let mut view = TuningView::default();
        let id = TuningId::from(1);
        view.ask(id);
        view.tried(
            id,
            vec![
                trial(Round::Coarse, 0.5, 5, 0.6),
                trial(Round::Coarse, 0.5, 25, 0.7),
                trial(Round::Coarse, 2.0, 5, 0.8),
                trial(Round::Coarse, 2.0, 25, 0.75),
            ],
        );
        let found: Vec<(f32, usize, bool)> = view
            .dots()
            .iter()
            .map(|dot| {
                let projection = &dot.trial.projection;
                (projection.alpha, projection.iterations, dot.is_start)
            })
            .collect();
        assert_eq!(found, [(2.0, 5, false), (0.5, 25, true)]);
        view.tried(id, vec![trial(Round::Fine, 0.5, 25, 0.5)]);
        assert_eq!(view.dots().len(), 1, "rounds are not mixed");
        view.started(TuningId::from(2));
        assert_eq!(view.dots().len(), 1, "another search");
        view.started(id);
        assert!(view.dots().is_empty() && view.better().is_none());
    }
}
