//! Choosing the device.

use super::Worker;
use crate::compute::device::{self, Compute};
use crate::data::config::DeviceChoice;
use crate::engine::message::{Event, Job, Outcome};

impl Worker {
    pub(super) fn use_device(&mut self, choice: DeviceChoice) -> Result<(), String> {
        self.leave_model();
        if self.training.is_some() {
            self.stop_training(true)?;
            while self.training.is_some() {
                self.advance_training();
            }
        }
        self.choice = choice;
        self.device = None;
        self.device()?;
        self.reload_model()
    }

    /// The device, opened when it is first needed.
    pub(super) fn device(&mut self) -> Result<Compute, String> {
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
                let outcome = Outcome::Failed(error.to_string());
                self.out.send(Event::Ended(Job::Device, outcome));
                Err(error.to_string())
            }
        }
    }
}
