//! Projections of the open image that are kept, so that going back to parameters that were computed
//! already shows them at once.

use std::sync::Arc;

use kizumi_engine::message::{OpenedImage, RunId, RunRequest, RunTicket};
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::{Inspection, Iterate, StopRule};
use kizumi_method::metrics::{auroc, best_iou};
use kizumi_method::recording::Recording;

/// Bytes that the runs of one image may take together: 46 of 25 iterations of 3 x 128 x 128.
pub const BUDGET_BYTES: usize = 512 << 20;

/// One projection of the open image.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its parameters, with the number of iterations it was asked for last.
    pub projection: ProjectionConfig,
    /// How its maps become scores.
    pub map: MapConfig,
    /// Its iterates so far.
    pub recording: Arc<Recording>,
    /// Its outcome, once it ended.
    pub result: Option<Inspection>,
    /// Whether the worker is still at it, or about to be.
    pub growing: bool,
    ticket: RunTicket,
}

impl Run {
    /// One that is asked for.
    pub fn of(request: RunRequest) -> Self {
        Self {
            projection: request.projection,
            map: request.map,
            recording: Arc::default(),
            result: None,
            growing: true,
            ticket: request.ticket,
        }
    }

    /// Appends an iterate, if it is the next one.
    pub fn push(&mut self, iterate: Iterate) {
        if iterate.scalars.t == self.recording.len() {
            Arc::make_mut(&mut self.recording).push(iterate);
        }
    }

    /// Which run this is.
    pub fn id(&self) -> RunId {
        self.ticket.run
    }

    /// What it is of.
    pub fn ticket(&self) -> RunTicket {
        self.ticket
    }

    /// Whether these parameters lead along the same iterates. How many are wanted does not matter:
    /// more goes further along, fewer shows less.
    fn is_along(&self, projection: &ProjectionConfig, map: &MapConfig) -> bool {
        let iterations = self.projection.iterations;
        let same_length = ProjectionConfig {
            iterations,
            ..*projection
        };
        self.projection == same_length && self.map == *map
    }

    /// Iterations done.
    pub fn done(&self) -> usize {
        self.recording.len().saturating_sub(1)
    }

    /// Whether nothing is missing when this many iterations are wanted.
    pub fn covers(&self, iterations: usize) -> bool {
        if self.growing && self.projection.iterations >= iterations {
            return true;
        }
        self.result.as_ref().is_some_and(|result| {
            let ended_itself = matches!(result.stop, StopRule::Threshold | StopRule::NotFinite);
            ended_itself || result.iterations >= iterations
        })
    }

    /// The newest iterate that is shown when this many iterations are wanted.
    pub fn last_of(&self, iterations: usize) -> usize {
        self.done().min(iterations)
    }

    /// The outcome as it would be had the run been asked for no more than `iterations`. Where those
    /// have no pictures of their own any more, it is that of the last iterate before that has.
    pub fn outcome(&self, iterations: usize, image: &OpenedImage) -> Option<Inspection> {
        let result = self.result.as_ref()?;
        if result.iterations <= iterations {
            let result = result.clone();
            return Some(match result.stop {
                StopRule::Threshold | StopRule::NotFinite => {
                    result.asked_for(iterations.min(self.projection.iterations))
                }
                StopRule::Iterations | StopRule::Cancelled => result,
            });
        }
        let iterate = self.recording.frame(iterations)?;
        let iterations = iterate.scalars.t;
        let valid = image.valid();
        let mapper = result.mapper.clone().after(iterations);
        let projected_map = mapper.projected(&image.seen(valid.as_ref()), &iterate);
        Some(Inspection {
            projected_score: mapper.score(&projected_map, valid.as_ref()),
            projected_map,
            projected: iterate.iterate,
            iterations,
            stop: StopRule::Iterations,
            mapper,
            ..result.clone()
        })
    }

    fn bytes(&self) -> usize {
        let maps = self.result.as_ref().map_or(0, |result| {
            let pictures = [
                &*result.plain_map,
                &result.projected_map,
                &result.projected,
                &result.reconstruction,
            ];
            let values = pictures.map(|picture| picture.pixels.len());
            values.iter().sum::<usize>() * size_of::<f32>()
        });
        self.recording.bytes() + maps + size_of_val(self.recording.scalars())
    }
}

/// How well a map finds the ground truth of its image, pixel by pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelFigures {
    /// Area under the ROC curve.
    pub auroc: Option<f64>,
    /// Intersection over union at the best threshold.
    pub best_iou: Option<f64>,
}

impl PixelFigures {
    /// The projected map against the ground truth; `None` where there is no defect to find.
    pub fn of(result: &Inspection, image: &OpenedImage) -> Option<Self> {
        let mask = image.mask.as_ref()?;
        let map = &result.projected_map;
        let fits = |picture: &Picture| picture.pixels.len() == map.pixels.len();
        if !fits(mask) {
            return None;
        }
        let valid = image.valid().filter(|valid| fits(valid));
        let (mut negatives, mut positives) = (Vec::new(), Vec::new());
        for (index, &value) in map.pixels.iter().enumerate() {
            if valid
                .as_ref()
                .is_none_or(|valid| valid.pixels[index] != 0.0)
            {
                let class = match mask.pixels[index] > 0.5 {
                    true => &mut positives,
                    false => &mut negatives,
                };
                class.push(value);
            }
        }
        (!positives.is_empty()).then(|| Self {
            auroc: auroc(&negatives, &positives),
            best_iou: best_iou(&negatives, &positives),
        })
    }
}

/// The runs of the open image, within a byte budget.
#[derive(Debug)]
pub struct Runs {
    /// The one that was used longest ago first.
    runs: Vec<Run>,
    budget_bytes: usize,
}

impl Default for Runs {
    fn default() -> Self {
        Self::new(BUDGET_BYTES)
    }
}

impl Runs {
    /// None yet.
    pub fn new(budget_bytes: usize) -> Self {
        Self {
            runs: Vec::new(),
            budget_bytes,
        }
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.runs.clear();
    }

    /// The run that these parameters lead along.
    pub fn find(&self, projection: &ProjectionConfig, map: &MapConfig) -> Option<RunId> {
        let found = self.runs.iter().find(|run| run.is_along(projection, map));
        found.map(Run::id)
    }

    /// A run that is still kept.
    pub fn get(&self, id: RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id() == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: RunId) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.id() == id)
    }

    /// The worker is asked for a run, which ends every other one. One that is here already is taken
    /// up again: the iterates that it has are not needed twice.
    pub fn begin(&mut self, ticket: RunTicket, projection: ProjectionConfig, map: MapConfig) {
        self.runs.iter_mut().for_each(|run| run.growing = false);
        if let Some(run) = self.get_mut(ticket.run) {
            run.projection = projection;
            run.growing = true;
            return;
        }
        self.runs.push(Run::of(RunRequest {
            ticket,
            projection,
            map,
        }));
    }

    /// Takes a run back in that was kept elsewhere, unless one along the same iterates is here.
    pub fn restore(&mut self, run: &Run) {
        if self.find(&run.projection, &run.map).is_none() {
            self.runs.push(run.clone());
        }
    }

    /// Appends an iterate to a run, if it is the next one.
    pub fn push(&mut self, id: RunId, iterate: Iterate) {
        if let Some(run) = self.get_mut(id) {
            run.push(iterate);
        }
    }

    /// Says that a run was used just now.
    pub fn touch(&mut self, id: RunId) {
        if let Some(place) = self.runs.iter().position(|run| run.id() == id) {
            let run = self.runs.remove(place);
            self.runs.push(run);
        }
    }

    /// Gives up runs until the budget is met, the one used longest ago first; never those named.
    pub fn trim(&mut self, keep: &[Option<RunId>]) {
        let mut bytes = self.bytes();
        let budget_bytes = self.budget_bytes;
        self.runs.retain(|run| {
            let stays = bytes <= budget_bytes || keep.contains(&Some(run.id()));
            if !stays {
                bytes -= run.bytes();
            }
            stays
        });
    }

    /// Bytes that all of them take.
    pub fn bytes(&self) -> usize {
        self.runs.iter().map(Run::bytes).sum()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_method::iterate::IterateScalars;

    fn with_alpha(alpha: f32) -> ProjectionConfig {
        ProjectionConfig {
            alpha,
            ..Default::default()
        }
    }

    fn iterate(t: usize) -> Iterate {
        let picture = Picture::filled(1, 8, 8, 0.5);
        Iterate {
            scalars: IterateScalars {
                t,
                ..Default::default()
            },
            iterate: picture.clone(),
            reconstruction: picture.clone(),
            gradient: picture,
            distance: None,
        }
    }

    /// A run of `count` iterates: 576 bytes each of pictures.
    fn add(runs: &mut Runs, alpha: f32, count: usize) -> RunId {
        let id = RunId::from((alpha * 100.0) as u64);
        let ticket = RunTicket {
            run: id,
            ..Default::default()
        };
        runs.begin(ticket, with_alpha(alpha), MapConfig::default());
        for t in 0..count {
            runs.push(id, iterate(t));
        }
        runs.get_mut(id).unwrap().growing = false;
        id
    }

    #[test]
    fn parameters_find_their_run_whatever_its_length() {
        let mut runs = Runs::default();
        let id = add(&mut runs, 0.5, 3);
        let longer = ProjectionConfig {
            iterations: 90,
            ..with_alpha(0.5)
        };
        assert_eq!(runs.find(&longer, &MapConfig::default()), Some(id));
        assert_eq!(runs.find(&with_alpha(0.25), &MapConfig::default()), None);
        let other_map = MapConfig {
            smoothing_px: 1.0,
            ..Default::default()
        };
        assert_eq!(runs.find(&longer, &other_map), None);
    }

    #[test]
    fn a_run_that_is_asked_for_again_goes_on() {
        let mut runs = Runs::default();
        let first = add(&mut runs, 0.5, 3);
        let second = add(&mut runs, 0.5, 4);
        assert_eq!(first, second);
        assert_eq!(runs.get(first).unwrap().done(), 3);
    }

    #[test]
    fn the_run_used_longest_ago_goes_first_and_what_is_needed_stays() {
        let mut runs = Runs::new(6000);
        let ids = [0.1, 0.2, 0.3, 0.4].map(|alpha| add(&mut runs, alpha, 3));
        let one = runs.get(ids[0]).unwrap().bytes();
        assert!(3 * one <= 6000 && 4 * one > 6000, "{one}");
        runs.touch(ids[0]);
        runs.trim(&[Some(ids[3])]);
        let kept = ids.map(|id| runs.get(id).is_some());
        assert_eq!(kept, [true, false, true, true]);
        assert!(runs.bytes() <= 6000);

        let mut tiny = Runs::new(0);
        let ids = [0.1, 0.2].map(|alpha| add(&mut tiny, alpha, 3));
        tiny.trim(&[Some(ids[0]), None]);
        assert_eq!(ids.map(|id| tiny.get(id).is_some()), [true, false]);
    }

    #[test]
    fn iterates_come_in_order_and_once() {
        let mut runs = Runs::default();
        let id = add(&mut runs, 0.5, 3);
        runs.push(id, iterate(1));
        runs.push(id, iterate(5));
        assert_eq!(runs.get(id).unwrap().recording.len(), 3);
    }
}
