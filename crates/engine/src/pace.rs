//! How much work fits into one slice: a batch is faster than its images one by one, but whoever
//! asks for something else waits for the slice to end.

use kizumi_compute::device_info::DeviceInfo;
use kizumi_method::config::{DataConfig, Mode};

/// The input that the figures below are given for.
const SIDE_PX: usize = 128;

/// How many network inputs one slice takes on a device.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// A CPU gains a tenth from batches, a GPU is idle without them.
    batches_pay: bool,
}

impl Pace {
    pub fn of(device: &DeviceInfo) -> Self {
        Self {
            batches_pay: device.gpu && !device.software,
        }
    }

    /// Inputs of one image with different parameters, at least 1.
    pub fn sheet_inputs(self, size_px: usize) -> usize {
        scaled(if self.batches_pay { 64 } else { 4 }, size_px)
    }

    /// Images of a set, at least 1; in texture mode the tiles of one image are a batch already.
    pub fn set_images(self, data: &DataConfig) -> usize {
        match data.mode {
            Mode::Object => scaled(if self.batches_pay { 8 } else { 2 }, data.size_px),
            Mode::Texture => 1,
        }
    }
}

/// As many inputs of another size as cost the same.
fn scaled(inputs: usize, size_px: usize) -> usize {
    (inputs * SIDE_PX.pow(2) / size_px.pow(2)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_inputs_come_in_smaller_batches() {
        let cpu = Pace::of(&DeviceInfo::default());
        assert_eq!(
            [64, 128, 256].map(|size| cpu.sheet_inputs(size)),
            [16, 4, 1]
        );
        let gpu = Pace { batches_pay: true };
        assert_eq!(gpu.sheet_inputs(128), 64);
        let mut data = DataConfig::default();
        assert_eq!((cpu.set_images(&data), gpu.set_images(&data)), (2, 8));
        data.mode = Mode::Texture;
        assert_eq!(gpu.set_images(&data), 1);
    }
}
