//! `kizumi devices`: what can compute here, and what would.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::output::{print, print_json, worded};
use super::said::{language, said};
use crate::text::device_name;
use kizumi_compute::device::{adapters, open};
use kizumi_compute::device_info::DeviceInfo;
use kizumi_method::config::DeviceChoice;

/// Options of `kizumi devices`.
#[derive(Args, Debug)]
pub struct Options {
    /// One JSON object on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listing {
    devices: Vec<Listed>,
    /// What `--device auto` takes.
    auto: DeviceInfo,
}

#[derive(Serialize)]
struct Listed {
    /// What `--device` calls it.
    option: String,
    name: String,
    api: Option<String>,
    gpu: bool,
    software: bool,
}

/// Lists them.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(options: &Options) -> Result<()> {
    let cpu = open(DeviceChoice::Cpu)?.info;
    let mut devices = vec![Listed {
        option: DeviceChoice::Cpu.to_string(),
        name: cpu.name,
        api: None,
        gpu: false,
        software: false,
    }];
    let mut gpus = 0..;
    devices.extend(adapters().into_iter().map(|adapter| {
        let choice = match adapter.software {
            true => DeviceChoice::SoftwareGpu,
            false => DeviceChoice::Gpu(gpus.next().unwrap_or_default()),
        };
        Listed {
            option: choice.to_string(),
            name: adapter.name,
            api: Some(adapter.api),
            gpu: true,
            software: adapter.software,
        }
    }));
    let auto = open(DeviceChoice::Auto)?.info;
    let listing = Listing { devices, auto };
    if options.json {
        return print_json(&listing);
    }
    for device in &listing.devices {
        let api = device
            .api
            .as_ref()
            .map_or(String::new(), |api| format!(", {api}"));
        let software = match device.software {
            true => said!(", emulated by the processor", "、CPUによるエミュレーション"),
            false => String::new(),
        };
        print(format_args!(
            "{:8} {}{api}{software}",
            device.option, device.name
        ))?;
    }
    let Listing { auto, .. } = &listing;
    let (name, why) = (device_name(auto, language()), worded(&auto.reason));
    print(said!(
        "auto takes: {name} ({why})",
        "autoの選択：{name}（{why}）"
    ))
}
