//! Measuring a model's held-out normals anew, as several subcommands do.

use anyhow::Result;

use super::interrupt::Interrupt;
use super::progress::Progress;
use super::said::{fail, said};
use kizumi_compute::artifact::Artifact;
use kizumi_compute::recalibration::Recalibration;
use kizumi_dataset::catalog::Catalog;
use kizumi_method::config::{MapConfig, ProjectionConfig};

/// Calibrates a model in memory with these settings.
///
/// # Errors
/// Another data set than the model's, no held-out images, Ctrl-C, a device that fails; the
/// calibration is the one from before then.
pub fn recalibrate(
    artifact: &mut Artifact,
    catalog: &Catalog,
    (projection, map): (ProjectionConfig, MapConfig),
    interrupt: &Interrupt,
    progress: &Progress,
) -> Result<()> {
    let mut run = Recalibration::new(artifact, catalog, projection, map)?;
    progress.phase(said!("Calibrating", "校正中"), run.progress().1);
    let made = loop {
        if interrupt.is_requested() {
            fail!(
                "stopped; the model is as it was",
                "中止しました。モデルは元のままです"
            );
        }
        if let Some(made) = run.step()? {
            break made;
        }
        let (done, total) = run.progress();
        if total == 0 {
            fail!(
                "there are no held-out images to calibrate with",
                "校正に使う検証画像がありません"
            );
        }
        progress.part(done, total);
    };
    artifact.recalibrated(made);
    Ok(())
}
