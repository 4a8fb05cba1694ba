//! The projection's energy, its gradient and its step on the processor (method: "Formulas"); what
//! `kizumi_compute::energy` does with tensors, in a few passes over each image.

#![allow(unsafe_code)]

use super::compare::{self, BANDS, Shared, Stage, Sums};
use super::network::Network;
use super::pass::{PHASES, Pass, Workspace};
use super::pixels::{Add, Step};
use super::real::Real;
use super::team;
use kizumi_method::energy_terms::Terms;

/// The fixed part of one image's energy.
#[derive(Clone, Debug)]
pub struct Fixed<T> {
    /// x_0, `[channels][size][size]`.
    pub original: Vec<T>,
    /// 1 where a pixel counts, 0 where it is ignored, `[size][size]`.
    pub counted: Option<Vec<T>>,
    /// 1 where a pixel may move, 0 where it stays, `[size][size]`; those that count if `None`.
    pub moving: Option<Vec<T>>,
    /// Weight of the regulariser.
    pub lambda: T,
}

/// One image's x with the energy there.
#[derive(Clone, Debug, Default)]
pub struct Point<T> {
    /// x, `[channels][size][size]`.
    pub x: Vec<T>,
    /// f(x).
    pub reconstruction: Vec<T>,
    /// Gradient of E with respect to x.
    pub gradient: Vec<T>,
    /// L_r(x).
    pub reconstruction_error: T,
    /// R(x - x_0) without lambda.
    pub regulariser: T,
    /// The largest |x - from.x| of the step that led here.
    pub largest_change: T,
}

impl<T: Real> Point<T> {
    /// Room for a picture of `length` values, at `x`.
    pub fn at(x: Vec<T>) -> Self {
        let length = x.len();
        Self {
            x,
            reconstruction: vec![T::ZERO; length],
            gradient: vec![T::ZERO; length],
            ..Default::default()
        }
    }

    /// E.
    pub fn energy(&self, lambda: T) -> T {
        self.reconstruction_error + self.regulariser * lambda
    }
}

/// A step that leads to the point at which the energy is wanted.
#[derive(Clone, Copy)]
pub struct From<'a, T> {
    /// Where it starts.
    pub point: &'a Point<T>,
    /// Step size.
    pub alpha: T,
    /// Whether each pixel's update is weighted by its (x - f(x))^2.
    pub weighted: bool,
}

/// One image to evaluate.
pub struct Job<'a, T> {
    /// Its energy's fixed part.
    pub fixed: &'a Fixed<T>,
    /// If given, x is the step's end; else x is what `point` says.
    pub from: Option<From<'a, T>>,
    /// Filled in.
    pub point: &'a mut Point<T>,
}

/// Evaluates the energy and its gradient for all jobs.
///
/// # Panics
/// If a picture has not the network's size.
pub fn evaluate<T: Real>(
    network: &Network<T>,
    workspace: &mut Workspace<T>,
    terms: Terms,
    jobs: &mut [Job<'_, T>],
) {
    let length = network.picture_len();
    for job in jobs.iter() {
        let Point {
            x,
            reconstruction,
            gradient,
            ..
        } = &*job.point;
        let lengths = [x.len(), reconstruction.len(), gradient.len()];
        assert!(lengths == [length; 3] && job.fixed.original.len() == length);
    }
    let slots = workspace.images().max(1);
    for jobs in jobs.chunks_mut(slots) {
        evaluate_together(network, workspace, terms, jobs);
    }
}

fn evaluate_together<T: Real>(
    network: &Network<T>,
    workspace: &mut Workspace<T>,
    terms: Terms,
    jobs: &mut [Job<'_, T>],
) {
    let (side, channels) = (network.config.size_px, network.config.channels);
    let isa = network.isa;
    let mut sums = vec![[Sums::<T>::default(); BANDS]; jobs.len()];
    let shared: Vec<Shared<'_, T>> = jobs
        .iter_mut()
        .zip(&mut sums)
        .map(|(job, sums)| Shared {
            fixed: job.fixed,
            from: job.from,
            x: job.point.x.as_mut_ptr(),
            reconstruction: job.point.reconstruction.as_mut_ptr(),
            gradient: job.point.gradient.as_mut_ptr(),
            sums,
        })
        .collect();
    let pass = Pass::new(network, workspace, jobs.len());
    let rows = side / BANDS;
    let (pass, shared) = (&pass, &shared);
    let stage = Stage {
        network,
        regulariser: terms.regulariser,
        pass,
        shared,
    };
    let part = |channel: usize, band: usize| stage.part(channel, band);
    let (parts, compare) = compare::by(terms.distance, channels);
    team::run(PHASES, |member| {
        pass.each(member, BANDS, |image, band| {
            let Shared {
                fixed,
                from,
                x,
                sums,
                ..
            } = &shared[image];
            // SAFETY: this band is this member's; nobody reads it in this phase.
            let (grid, sums) = unsafe { (pass.values_at(0, image), &mut (**sums)[band]) };
            *sums = Sums::default();
            let moving = fixed.moving.as_ref().or(fixed.counted.as_ref());
            for channel in 0..channels {
                let range = part(channel, band);
                let x = unsafe { std::slice::from_raw_parts_mut(x.add(range.start), range.len()) };
                if let Some(from) = from {
                    let change = isa.run_loop(Step {
                        x,
                        from: &from.point.x[range.clone()],
                        reconstruction: &from.point.reconstruction[range.clone()],
                        gradient: &from.point.gradient[range.clone()],
                        moving: moving.map(|all| &all[part(0, band)]),
                        alpha: from.alpha,
                        weighted: from.weighted,
                    });
                    if change > sums.largest_change {
                        sums.largest_change = change;
                    }
                }
                for (y, row) in x.chunks_exact(side).enumerate() {
                    let start = ((band * rows + y + 1) * (side + 2) + 1) * channels + channel;
                    for (x, value) in row.iter().enumerate() {
                        // SAFETY: inside the grid of the picture.
                        unsafe { grid.add(start + x * channels).write(*value) };
                    }
                }
            }
        });
        pass.encode(member);
        pass.mean(member);
        pass.decode(member);
        pass.each(member, parts, |image, part| {
            // SAFETY: this part is this member's; nobody reads it in this phase.
            unsafe { compare(&stage, image, part) };
        });
        if !terms.through {
            return;
        }
        pass.back(member);
        pass.each(member, BANDS, |image, band| {
            for channel in 0..channels {
                let range = part(channel, band);
                // SAFETY: as above.
                let (through, gradient) = unsafe {
                    (
                        &pass.gradient(0, image)[range.clone()],
                        std::slice::from_raw_parts_mut(
                            shared[image].gradient.add(range.start),
                            range.len(),
                        ),
                    )
                };
                isa.run_loop(Add {
                    to: gradient,
                    what: through,
                });
            }
        });
    });
    for (job, bands) in jobs.iter_mut().zip(&sums) {
        let total = |of: fn(&Sums<T>) -> T| bands.iter().fold(T::ZERO, |sum, one| sum + of(one));
        let point = &mut *job.point;
        point.reconstruction_error = total(|sums| sums.reconstruction_error);
        point.regulariser = total(|sums| sums.regulariser);
        point.largest_change = bands.iter().fold(T::ZERO, |largest, one| {
            if one.largest_change > largest {
                one.largest_change
            } else {
                largest
            }
        });
    }
}
