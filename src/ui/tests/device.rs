//! Devices that compute, and that fail.

use super::*;

#[test]
fn a_lost_device_can_be_left_for_the_cpu() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([Event::DeviceLost("The device was lost.".into())]);
    harness.run_steps(2);
    harness.get_by_label("The device was lost.");
    harness.get_by_label("Continue on CPU").click();
    harness.run_steps(2);
    assert_eq!(script.asked(), [Command::UseDevice(DeviceChoice::Cpu)]);
    assert!(harness.query_by_label("The device was lost.").is_none());
}

#[test]
fn the_status_bar_names_a_software_device() {
    let (mut harness, script) = window([1024.0, 640.0]);
    script.say([Event::DeviceReady(DeviceInfo {
        name: "llvmpipe".into(),
        threads: None,
        gpu: true,
        software: true,
        reason: "asked for by name".to_owned().into(),
    })]);
    harness.run_steps(2);
    harness.get_by_label("llvmpipe");
    harness.get_by_label("software");
}
