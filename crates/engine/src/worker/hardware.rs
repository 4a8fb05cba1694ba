//! Choosing the device.

use super::{Doing, Worker};
use crate::message::{Event, Failure, Job, Outcome};
use kizumi_compute::device::{self, Compute};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{Masks, Projection};
use kizumi_compute::tensors::ComputeError;
use kizumi_image::picture::Picture;
use kizumi_method::config::{DeviceChoice, ProjectionConfig};

impl Worker {
    /// Computes elsewhere, as soon as the training that is going on has been stopped and kept.
    pub(super) fn use_device(&mut self, choice: DeviceChoice) {
        self.leave_model();
        self.stop_training(true);
        self.next_device = Some(choice);
    }

    /// Goes over to the device that was asked for once no training needs the old one.
    pub(super) fn change_device(&mut self) -> Result<(), Failure> {
        if self.training.is_some() {
            return Ok(());
        }
        let Some(choice) = self.next_device.take() else {
            return Ok(());
        };
        self.doing = Doing::Device;
        self.leave_model();
        self.forget_rival_tensors(&Outcome::Stopped);
        self.choice = choice;
        self.device = None;
        self.device()?;
        self.reload_model()
    }

    /// Whether a graphics card computes: such a device can get lost, a processor cannot.
    pub(super) fn computes_on_gpu(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.info.gpu)
    }

    /// Lets a graphics card build and choose the kernels of a projection before somebody waits for one.
    /// The window says what the time goes into.
    pub(super) fn warm_up(&mut self) -> Result<(), Failure> {
        self.begin(Doing::Device);
        let gpu = self.computes_on_gpu();
        let Some(model) = self.model.as_ref().filter(|_| gpu) else {
            return Ok(());
        };
        self.out.send(Event::Started(Job::Device));
        let outcome = project_grey(&model.artifact.network).map_err(Failure::from);
        self.out.send(Event::Ended(
            Job::Device,
            match &outcome {
                Ok(()) => Outcome::Done,
                Err(reason) => Outcome::Failed(reason.clone()),
            },
        ));
        outcome
    }

    /// The device, opened when it is first needed.
    pub(super) fn device(&mut self) -> Result<Compute, Failure> {
        // Whoever asks for the device is about to compute with it.
        self.doing = Doing::Device;
        if let Some(device) = &self.device {
            return Ok(device.clone());
        }
        self.out.send(Event::Started(Job::Device));
        match device::open(self.choice) {
            Ok(compute) => {
                self.out.send(Event::DeviceReady(compute.info.clone()));
                self.out.send(Event::Ended(Job::Device, Outcome::Done));
                self.device = Some(compute.clone());
                Ok(compute)
            }
            Err(error) => {
                let failure = Failure::from(error);
                let outcome = Outcome::Failed(failure.clone());
                self.out.send(Event::Ended(Job::Device, outcome));
                Err(failure)
            }
        }
    }
}

/// One iteration on a plain picture.
fn project_grey(network: &Vae) -> Result<(), ComputeError> {
    let (channels, side) = (network.config.channels, network.config.size_px);
    let grey = Picture::filled(channels, side, side, 0.5);
    let config = ProjectionConfig::default();
    let mut projection = Projection::new(network, &[grey], Masks::default(), config, 0.0)?;
    projection.step();
    projection.observe().map(|_| ())
}
