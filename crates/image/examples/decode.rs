//! `decode OUT FILE...` decodes image files as they are shown without a model. Of each that can be read it
//! writes the pixels into OUT, as raw 16-bit values in little endian (grey or RGB, row after row), and prints
//! a line: name, width, height, channels, remarks; of each other one: name, "refused", why.
//! `tests/sound_files.py` compares them with what other programs read.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use kizumi_image::decode::Limits;
use kizumi_image::depth::{Depth, photograph};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> std::io::Result<()> {
    let mut paths = std::env::args_os().skip(1);
    let Some(folder) = paths.next() else {
        return Err(std::io::Error::other("decode OUT FILE..."));
    };
    let mut lines = std::io::stdout().lock();
    for path in paths {
        let path = Path::new(&path);
        let name = path.file_name().unwrap_or_default();
        match photograph(path, Limits::HARD, Depth::ByFile) {
            Ok(decoded) => {
                let (width, height) = (decoded.image.width(), decoded.image.height());
                let channels = decoded.image.color().channel_count();
                let values = match channels {
                    1 => decoded.image.into_luma16().into_raw(),
                    _ => decoded.image.into_rgb16().into_raw(),
                };
                let bytes: Vec<u8> = values.into_iter().flat_map(u16::to_le_bytes).collect();
                std::fs::write(
                    Path::new(&folder).join(name).with_added_extension("raw"),
                    bytes,
                )?;
                let remarks: Vec<String> =
                    decoded.remarks.iter().map(ToString::to_string).collect();
                let remarks = remarks.join("; ");
                writeln!(
                    lines,
                    "{}\t{width}\t{height}\t{channels}\t{remarks}",
                    name.display()
                )?;
            }
            Err(error) => writeln!(lines, "{}\trefused\t{}", name.display(), error.reason)?,
        }
    }
    Ok(())
}
