//! Which weights of a run are kept, and when it is time to stop looking for better ones.

/// The best state of a run by the loss of its validation images.
///
/// A run keeps the state with the lowest loss ([`BestWeights::take`]), however it ends, and has
/// *settled* once that loss was not undercut for as long as its patience ([`BestWeights::has_settled`]):
/// early stopping (L. Prechelt, "Early stopping - but when?", 1998).
#[derive(Debug)]
pub struct BestWeights<S> {
    best: Option<Best<S>>,
}

#[derive(Debug)]
struct Best<S> {
    loss: f32,
    /// Training images seen by then.
    images: u64,
    state: S,
}

impl<S> Default for BestWeights<S> {
    fn default() -> Self {
        Self { best: None }
    }
}

impl<S> BestWeights<S> {
    /// Notes the loss after so many training images; `state` is kept if it is the lowest so far. A
    /// loss that is not finite is never the best.
    pub fn note(&mut self, loss: f32, images: u64, state: impl FnOnce() -> S) {
        let lowest = self.best.as_ref().map_or(f32::INFINITY, |best| best.loss);
        if loss < lowest {
            self.best = Some(Best {
                loss,
                images,
                state: state(),
            });
        }
    }

    /// Whether the best state is at least `patience_images` training images old. Without a patience, or
    /// without any loss, a run never settles.
    pub fn has_settled(&self, images: u64, patience_images: Option<u64>) -> bool {
        self.best
            .as_ref()
            .zip(patience_images)
            .is_some_and(|(best, patience)| images >= best.images.saturating_add(patience))
    }

    /// The best state and its loss if it is older than the state after `images` training images.
    pub fn take(&mut self, images: u64) -> Option<(S, f32)> {
        let best = self.best.take().filter(|best| best.images < images)?;
        Some((best.state, best.loss))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_settled_when_its_best_loss_is_as_old_as_its_patience() {
        let mut best = BestWeights::default();
        assert!(
            !best.has_settled(1_000_000, Some(1)),
            "nothing was measured"
        );
        best.note(3.0, 100, || "early");
        best.note(2.0, 200, || "best");
        best.note(2.0, 300, || "as good");
        best.note(f32::NAN, 400, || "broken");
        assert!(!best.has_settled(499, Some(300)));
        assert!(best.has_settled(500, Some(300)));
        assert!(!best.has_settled(u64::MAX, None), "no patience, no end");
        assert_eq!(best.take(500), Some(("best", 2.0)));
    }

    #[test]
    fn the_last_state_needs_no_going_back() {
        let mut best = BestWeights::default();
        best.note(1.0, 500, || "last");
        assert_eq!(best.take(500), None);
    }
}
