//! Choosing the device that computes.
//!
//! Burn panics when asked for an adapter that does not exist, and takes a software Vulkan adapter
//! for a GPU; so adapters are enumerated first. A software adapter counts as "no GPU" unless asked
//! for by name: Burn's Flex device is faster on the same processor.

use std::sync::{Mutex, PoisonError};

use burn::tensor::DeviceKind;

pub use burn::tensor::Device;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::drivers_words::aside;
use super::energy::{Energy, per_image};
use super::network::Vae;
use super::tensors::{ComputeError, host_values, tensor_from_pictures};
use crate::device_info::{DeviceInfo, Why};
use kizumi_image::guarded::guarded;
use kizumi_image::picture::Picture;
use kizumi_method::config::{DeviceChoice, Distance, NetworkConfig, Regulariser};
use kizumi_method::energy_terms::Terms;

/// A device and what a person should know of it.
#[derive(Clone, Debug)]
pub struct Compute {
    /// The plain device; tracking is switched on where gradients are wanted.
    pub device: Device,
    /// In words.
    pub info: DeviceInfo,
}

/// A graphics adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The driver's name for it.
    pub name: String,
    /// Vulkan, Metal or Dx12.
    pub api: String,
    /// Whether the processor emulates it.
    pub software: bool,
    kind: DeviceKind,
}

/// The graphics adapters of this machine, real ones first: discrete, integrated, virtual, software.
pub fn adapters() -> Vec<Adapter> {
    // The first graphics API with an adapter, in Burn's own order; Burn never uses OpenGL.
    [
        wgpu::Backends::METAL,
        wgpu::Backends::VULKAN,
        wgpu::Backends::DX12,
    ]
    .into_iter()
    .map(|api| aside(|| adapters_of(api)))
    .find(|found| !found.is_empty())
    .unwrap_or_default()
}

fn adapters_of(api: wgpu::Backends) -> Vec<Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: api,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let (mut discrete, mut integrated, mut virtual_gpus) = (0, 0, 0);
    let next = |counter: &mut usize| std::mem::replace(counter, *counter + 1);
    let mut found: Vec<(u8, Adapter)> = Vec::new();
    for adapter in pollster::block_on(instance.enumerate_adapters(api)) {
        let info = adapter.get_info();
        let (rank, kind) = match info.device_type {
            wgpu::DeviceType::DiscreteGpu => (0, DeviceKind::DiscreteGpu(next(&mut discrete))),
            wgpu::DeviceType::IntegratedGpu => {
                (1, DeviceKind::IntegratedGpu(next(&mut integrated)))
            }
            wgpu::DeviceType::VirtualGpu => (2, DeviceKind::VirtualGpu(next(&mut virtual_gpus))),
            wgpu::DeviceType::Cpu => (3, DeviceKind::Cpu),
            wgpu::DeviceType::Other => continue,
        };
        let adapter = Adapter {
            name: info.name,
            api: info.backend.to_string(),
            software: rank == 3,
            kind,
        };
        found.push((rank, adapter));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, adapter)| adapter).collect()
}

/// Opens the chosen device. On its first use a GPU must reproduce the CPU's forward pass and
/// gradient; with [`DeviceChoice::Auto`] a GPU that fails is passed over and the reason says so.
///
/// # Errors
/// [`ComputeError::Device`] when a GPU was asked for by name and there is none, or it fails.
pub fn open(choice: DeviceChoice) -> Result<Compute, ComputeError> {
    if choice == DeviceChoice::Cpu {
        return Ok(cpu(Why::Chosen));
    }
    let adapters = adapters();
    let wanted = match choice {
        DeviceChoice::SoftwareGpu => adapters.iter().find(|adapter| adapter.software),
        DeviceChoice::Gpu(index) => adapters
            .iter()
            .filter(|adapter| !adapter.software)
            .nth(index),
        _ => adapters.iter().find(|adapter| !adapter.software),
    };
    let opened = match wanted {
        Some(adapter) => open_adapter(adapter),
        None => Err(no_adapter(choice, &adapters)),
    };
    match (opened, choice) {
        (Ok(device), _) => {
            let adapter = wanted.expect("an opened adapter was wanted");
            Ok(Compute {
                device,
                info: DeviceInfo {
                    name: format!("{} ({})", adapter.name, adapter.api),
                    threads: None,
                    gpu: true,
                    software: adapter.software,
                    reason: match choice {
                        DeviceChoice::Auto => Why::FoundGpu,
                        _ => Why::ChosenGpu,
                    },
                },
            })
        }
        (Err(_), DeviceChoice::Auto) if wanted.is_none() => Ok(cpu(no_gpu(&adapters))),
        (Err(error), DeviceChoice::Auto) => Ok(cpu(Why::Other(match error {
            ComputeError::Device(reason) => reason,
            other => other.to_string(),
        }))),
        (Err(error), _) => Err(error),
    }
}

fn cpu(reason: Why) -> Compute {
    let threads = rayon::current_num_threads();
    let plural = if threads == 1 { "" } else { "s" };
    Compute {
        device: Device::flex(),
        info: DeviceInfo {
            name: format!("CPU (Flex), {threads} thread{plural}"),
            threads: Some(threads),
            gpu: false,
            software: false,
            reason,
        },
    }
}

fn no_adapter(choice: DeviceChoice, adapters: &[Adapter]) -> ComputeError {
    let real = adapters.iter().filter(|adapter| !adapter.software).count();
    ComputeError::Device(match choice {
        DeviceChoice::SoftwareGpu => "no software Vulkan adapter was found".into(),
        DeviceChoice::Gpu(index) if real > 0 => {
            format!("GPU {index} does not exist; this machine has {real}")
        }
        _ => no_gpu(adapters).to_string(),
    })
}

/// That none of these is a real GPU.
fn no_gpu(adapters: &[Adapter]) -> Why {
    match adapters.iter().find(|adapter| adapter.software) {
        Some(adapter) => Why::OnlyEmulated(adapter.name.clone()),
        None => Why::NoGpu,
    }
}

/// A runtime can be initialised once a process for each adapter; later openings share it.
static OPENED: Mutex<Vec<(DeviceKind, Device)>> = Mutex::new(Vec::new());

fn open_adapter(adapter: &Adapter) -> Result<Device, ComputeError> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, device)) = opened.iter().find(|(kind, _)| *kind == adapter.kind) {
        return Ok(device.clone());
    }
    let failed = |reason: String| ComputeError::Device(format!("'{}': {reason}", adapter.name));
    let device = aside(|| {
        let options = Device::wgpu_options();
        options.device_kind(adapter.kind.clone()).init()
    })
    .map_err(|error| failed(error.to_string()))?;
    // Drivers and kernels that cannot run surface as panics of Burn's.
    guarded(|| agrees_with_cpu(&device))
        .unwrap_or_else(|| Err("its first computation failed".into()))
        .map_err(failed)?;
    opened.push((adapter.kind.clone(), device.clone()));
    Ok(device)
}

/// Compares f(x) and the gradient of E of a small network with the CPU's. Automatic kernel
/// selection has picked wrong kernels before.
fn agrees_with_cpu(device: &Device) -> Result<(), String> {
    let config = NetworkConfig {
        channels: 1,
        size_px: 64,
        latent: 4,
        width: 4,
        skips: 0,
    };
    let picture = Picture::from_fn(1, 64, 64, |_, y, x| ((x * 5 + y * 3) % 17) as f32 / 16.0);
    let compute = |device: &Device| -> Result<Vec<f32>, ComputeError> {
        let network = Vae::random(&config, &mut ChaCha8Rng::seed_from_u64(1), device);
        let x = tensor_from_pictures(std::slice::from_ref(&picture), device)?;
        let energy = Energy {
            original: x.clone(),
            counted: None,
            lambda: per_image(0.05, &x),
            terms: Terms::new(Distance::SquaredError, Regulariser::L1),
        };
        let at = energy.at(&network, x);
        let mut values = host_values(at.reconstruction)?;
        values.extend(host_values(at.gradient)?);
        Ok(values)
    };
    let expected = compute(&Device::flex()).map_err(|error| error.to_string())?;
    let actual = compute(device).map_err(|error| error.to_string())?;
    let worst = expected
        .iter()
        .zip(&actual)
        .map(|(a, b)| {
            if b.is_finite() {
                (a - b).abs()
            } else {
                f32::INFINITY
            }
        })
        .fold(0.0, f32::max);
    if worst > 1e-3 {
        return Err(format!(
            "it computes differently from the CPU (by {worst:.1e})"
        ));
    }
    Ok(())
}
