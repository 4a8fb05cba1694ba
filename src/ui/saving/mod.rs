//! Saving what is seen: pictures, values, moving pictures, reports. What is to be saved is taken
//! from the state at once; drawing and writing happen beside the window.

pub mod command_line;
mod content;
pub mod copies;
pub mod date;
mod film;
pub mod labels;
pub mod report;
pub mod table;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::Result;

use kizumi_image::safe_name::{NAME_BYTES_MAX, shortened};
use kizumi_image::shown::shown;

use super::layers::Layer;
use kizumi_report::TableFormat;

pub use content::{Screen, content};

/// Room in a name for a number, where there is a file of that name already.
const ROOM_BYTES: usize = 8;

/// Something that can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// A layer as it is drawn, 8 bits a channel.
    Picture(Layer),
    /// A layer's values, 32-bit floats.
    Values(Layer),
    /// A layer's values in 16 bits; those of a map up to its largest one.
    Values16(Layer),
    /// Original, reconstruction, projected image, heatmap and overlay beside each other.
    Strip,
    /// The iterates as animated GIF.
    Gif,
    /// The iterates as animated PNG.
    Apng,
    /// A report on the image.
    Report,
    /// A report on the inspected folder.
    FolderReport,
    /// A table of the inspected images that are shown.
    Table(TableFormat),
}

impl Export {
    /// The ending of its file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Picture(_) | Self::Values16(_) | Self::Strip | Self::Apng => "png",
            Self::Values(_) => "tiff",
            Self::Gif => "gif",
            Self::Report | Self::FolderReport => "html",
            Self::Table(format) => format.ending(),
        }
    }

    /// What a file is called that shows this of `subject`, an image's or a folder's name; one that is too long
    /// for file systems is shortened.
    pub fn file_name(self, subject: &str) -> String {
        let what = match self {
            Self::Picture(layer) | Self::Values(layer) | Self::Values16(layer) => slug(layer),
            Self::Strip => "strip",
            Self::Gif | Self::Apng => "projection",
            Self::Report | Self::FolderReport => "report",
            Self::Table(_) => "results",
        };
        let rest = format!("-{what}.{}", self.ending());
        let room = NAME_BYTES_MAX - ROOM_BYTES - rest.len();
        shortened(subject, room).into_owned() + &rest
    }

    /// The path with the ending that belongs to it.
    pub fn with_ending(self, path: PathBuf) -> PathBuf {
        let wanted = self.ending();
        let known = path.extension().is_some_and(|ending| {
            let ending = ending.to_string_lossy().to_lowercase();
            ending == wanted || (wanted == "tiff" && ending == "tif")
        });
        match known {
            true => path,
            false => {
                let mut name = path.into_os_string();
                name.push(".");
                name.push(wanted);
                name.into()
            }
        }
    }
}

fn slug(layer: Layer) -> &'static str {
    match layer {
        Layer::Original => "original",
        Layer::Reconstruction => "reconstruction",
        Layer::Iterate => "iterate",
        Layer::IterateReconstruction => "iterate-reconstruction",
        Layer::Residual => "residual",
        Layer::Heatmap => "heatmap",
        Layer::Difference => "difference",
        Layer::Gate => "gate",
        Layer::Distance => "distance",
        Layer::Gradient => "gradient",
        Layer::Truth => "truth",
        Layer::Overlay => "overlay",
    }
}

/// Draws and writes what it was made for.
pub type Content = Box<dyn FnOnce(&Path) -> Result<()> + Send>;

/// What became of a file.
pub type Saved = Result<PathBuf, String>;

/// Writes files beside the window.
#[derive(Debug)]
pub struct Saver {
    sender: Sender<Saved>,
    receiver: Receiver<Saved>,
}

impl Default for Saver {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl Saver {
    /// Begins to write a file. `wake` is called when it is there, or not.
    pub fn save(&self, path: PathBuf, content: Content, wake: impl Fn() + Send + 'static) {
        let sender = self.sender.clone();
        let name = shown(&path).to_string();
        let thread = std::thread::Builder::new().name("save".into());
        let spawned = thread.spawn(move || {
            let saved = write(&path, content);
            // The window may be gone; the file is there all the same.
            let _ = sender.send(saved.map(|()| path));
            wake();
        });
        if let Err(error) = spawned {
            let _ = self.sender.send(Err(format!("{name}: {error}")));
        }
    }

    /// The next file that was written or failed.
    pub fn poll(&self) -> Option<Saved> {
        self.receiver.try_recv().ok()
    }
}

fn write(path: &Path, content: Content) -> Result<(), String> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", shown(folder)))?;
    }
    content(path).map_err(|error| format!("{error:#}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_show_and_keep_a_fitting_ending() {
        assert_eq!(
            Export::Picture(Layer::Gate).file_name("dent-1"),
            "dent-1-gate.png"
        );
        assert_eq!(
            Export::FolderReport.file_name("washer"),
            "washer-report.html"
        );
        let tiff = Export::Values(Layer::Gradient);
        assert_eq!(tiff.with_ending("/a/b.TIF".into()), Path::new("/a/b.TIF"));
        assert_eq!(
            tiff.with_ending("/a/v1.2".into()),
            Path::new("/a/v1.2.tiff")
        );
        assert_eq!(Export::Gif.with_ending("x".into()), Path::new("x.gif"));
    }

    #[test]
    fn the_longest_names_become_names_that_file_systems_take() {
        for subject in ["傷".repeat(84), "b".repeat(251)] {
            for export in [
                Export::Picture(Layer::IterateReconstruction),
                Export::FolderReport,
            ] {
                let name = export.file_name(&subject);
                assert!(name.len() <= 255 - ROOM_BYTES, "{name}");
                assert_ne!(name, export.file_name(&(subject.clone() + "c")));
                let folder = tempfile::tempdir().unwrap();
                std::fs::write(folder.path().join(name), "x").unwrap();
            }
        }
    }

    #[test]
    fn files_are_written_and_failures_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let saver = Saver::default();
        let (woken, wakes) = channel();
        let good = folder.path().join("new/folder/a.txt");
        let wake = woken.clone();
        saver.save(
            good.clone(),
            Box::new(|path| Ok(std::fs::write(path, "a")?)),
            move || wake.send(()).unwrap(),
        );
        wakes.recv().unwrap();
        assert_eq!(saver.poll(), Some(Ok(good.clone())));
        assert!(good.is_file());
        let below_a_file = good.join("b.txt");
        saver.save(below_a_file, Box::new(|_| Ok(())), move || {
            woken.send(()).unwrap()
        });
        wakes.recv().unwrap();
        let told = saver.poll().unwrap().unwrap_err();
        assert!(told.contains("a.txt"), "{told}");
    }
}
