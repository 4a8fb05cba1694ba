//! Workspaces that are used again: fresh pages cost more than the computation in them.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use super::network::Network;
use super::pass::Workspace;
use super::real::Real;

/// Workspaces that are kept while nobody uses them.
const KEPT: usize = 2;

/// The spare workspaces of a network; its clones share them.
#[derive(Clone, Debug, Default)]
pub struct Spare<T>(Arc<Mutex<Vec<Workspace<T>>>>);

/// A workspace on loan. Dropping it hands it back.
#[derive(Debug)]
pub struct Loan<T: Real> {
    workspace: Option<Workspace<T>>,
    home: Spare<T>,
}

impl<T: Real> Network<T> {
    /// A workspace for at least `images` images at once.
    pub fn workspace(&self, images: usize) -> Loan<T> {
        let mut kept = self.spare.lock();
        let fits = kept.iter().position(|one| one.images() >= images);
        let spare = fits.map(|at| kept.swap_remove(at));
        drop(kept);
        Loan {
            workspace: Some(spare.unwrap_or_else(|| Workspace::new(self, images))),
            home: self.spare.clone(),
        }
    }
}

impl<T> Spare<T> {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Workspace<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Real> Drop for Loan<T> {
    fn drop(&mut self) {
        let mut kept = self.home.lock();
        kept.extend(self.workspace.take());
        // The larger ones serve more often.
        kept.sort_by_key(|one| std::cmp::Reverse(one.images()));
        kept.truncate(KEPT);
    }
}

impl<T: Real> Deref for Loan<T> {
    type Target = Workspace<T>;

    fn deref(&self) -> &Workspace<T> {
        self.workspace
            .as_ref()
            .expect("it is there until it is dropped")
    }
}

impl<T: Real> DerefMut for Loan<T> {
    fn deref_mut(&mut self) -> &mut Workspace<T> {
        self.workspace
            .as_mut()
            .expect("it is there until it is dropped")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kizumi_method::config::NetworkConfig;

    use crate::architecture::layer_specs;
    use crate::isa::Isa;
    use crate::network::Network;

    #[test]
    fn a_workspace_comes_back() {
        let config = NetworkConfig {
            channels: 1,
            size_px: 64,
            latent: 4,
            width: 4,
            skips: 0,
        };
        let parameters: Vec<(Vec<f32>, Vec<f32>)> = layer_specs(&config)
            .iter()
            .map(|spec| {
                let values = spec.weight_shape().iter().product();
                (vec![0.0; values], vec![0.0; spec.outputs])
            })
            .collect();
        let network = Arc::new(Network::new(&config, &parameters, Isa::current()));
        let first = network.workspace(3);
        let large = first.values_of(0).as_ptr();
        let second = network.workspace(1);
        assert_ne!(second.values_of(0).as_ptr(), large);
        drop(first);
        assert_eq!(network.workspace(2).values_of(0).as_ptr(), large);
        assert!(network.workspace(4).images() >= 4);
    }
}
