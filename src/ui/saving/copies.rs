//! Inspected images copied to a folder, with overlays beside them, while the window goes on. Nothing that is there
//! is overwritten, and nothing is ever taken away.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::ui::review::Review;
use crate::ui::settings::MapRange;
use crate::ui::state::State;
use crate::ui::state::small_map::SmallMap;
use kizumi_engine::message::Failure;
use kizumi_image::atomic::write_new;
use kizumi_image::colormap::{Colormap, overlay_on_photograph};
use kizumi_image::export::png_rgb8;
use kizumi_image::input::DataConfig;
use kizumi_image::picture_names::{UniqueNames, picture_name};
use kizumi_image::shown::shown;
use kizumi_image::source::open_source;
use kizumi_image::stamp::Stamp;

/// Images to copy.
#[derive(Clone, Debug)]
pub struct Copies {
    images: Vec<Image>,
    /// `None` where the model that made the maps is not at hand: nobody knows where they lie in the files.
    style: Option<Style>,
}

#[derive(Clone, Debug)]
struct Image {
    path: PathBuf,
    /// What its copy is called, without an ending.
    name: String,
    /// Its map, and its file when that was made.
    map: Option<(SmallMap, Option<Stamp>)>,
}

/// How overlays look.
#[derive(Clone, Debug)]
struct Style {
    data: DataConfig,
    colormap: Colormap,
    opacity: f32,
    /// The value of the highest colour; `None` for each map's own.
    high: Option<f32>,
}

impl Copies {
    /// The images that are shown, in the order of the wall; `None` where there are none.
    pub fn of(state: &State, review: &Review) -> Option<Self> {
        let set = &state.set;
        let root = state.dataset.as_ref().map(|dataset| &dataset.catalog.root);
        let below = |path: &Path| {
            let below = root.and_then(|root| path.strip_prefix(root).ok());
            let below = below.or_else(|| path.file_name().map(Path::new));
            picture_name(below.unwrap_or(path))
        };
        let names = set.images().iter().map(|entry| below(&entry.path));
        // Named among all images, so that one has the same name whatever the filter.
        let unique = UniqueNames::new(set.images().len(), names);
        let current: Vec<_> = set.current_results().collect();
        let images = review.order.iter().filter_map(|&index| {
            let path = set.images().get(index)?.path.clone();
            let map = match current.get(index)? {
                Some(Ok(one)) if one.has_pictures() => Some((one.map.clone(), one.stamp)),
                _ => None,
            };
            Some(Image {
                name: unique.unique(index, below(&path)),
                path,
                map,
            })
        });
        let images: Vec<_> = images.collect();
        let model = state.model.as_ref().filter(|model| set.is_of(model.mark));
        let display = state.settings.display;
        let style = model.map(|model| Style {
            data: model.data.clone(),
            colormap: display.colormap,
            opacity: display.opacity,
            high: match display.range {
                MapRange::Normals => review.colour_high(set),
                MapRange::Custom => Some(display.custom_high),
                MapRange::ThisImage => None,
            },
        });
        (!images.is_empty()).then_some(Self { images, style })
    }

    /// What the copies are called, without their endings.
    #[cfg(test)]
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.images.iter().map(|image| image.name.as_str())
    }

    /// Copies one image after the other into `folder`, which is made if need be.
    fn write(&self, folder: &Path, stop: &AtomicBool, tell: &mut dyn FnMut(usize)) -> Copied {
        let mut copied = Copied {
            folder: folder.into(),
            ..Copied::default()
        };
        if let Err(error) = std::fs::create_dir_all(folder) {
            let trouble = Trouble::not_copied(folder, &error);
            copied.troubles.push(trouble);
            return copied;
        }
        for (done, image) in self.images.iter().enumerate() {
            if stop.load(Ordering::Relaxed) {
                copied.stopped = Some(self.images.len() - done);
                break;
            }
            match copy(&image.path, folder, &image.name) {
                Ok(overlay) => {
                    copied.images += 1;
                    match self.overlay(image, &overlay) {
                        Ok(is_there) => copied.overlays += usize::from(is_there),
                        Err(trouble) => copied.troubles.push(trouble),
                    }
                }
                Err(error) => copied
                    .troubles
                    .push(Trouble::not_copied(&image.path, &error)),
            }
            tell(done + 1);
        }
        copied
    }

    /// Writes the overlay of an image, at the size of its file; `false` where there is no map.
    fn overlay(&self, image: &Image, to: &Path) -> Result<bool, Trouble> {
        let (Some((map, stamp)), Some(style)) = (&image.map, &self.style) else {
            return Ok(false);
        };
        if stamp.is_some() && Stamp::of(&image.path) != *stamp {
            return Err(Trouble::Changed(image.path.clone()));
        }
        let opened = open_source(&image.path, &style.data);
        let (photograph, placement) = opened.map_err(|error| Trouble::NoOverlay(error.into()))?;
        let range = (0.0, style.high.unwrap_or(map.high()));
        let map = map.to_picture();
        let (opacity, colormap) = (style.opacity, style.colormap);
        let laid = overlay_on_photograph(photograph, &placement, &map, range, opacity, colormap);
        let png = png_rgb8(&laid).map_err(io::Error::other);
        let written = png.and_then(|png| write_new(to, &png));
        written.map_err(|error| Trouble::not_copied(to, &error))?;
        Ok(true)
    }
}

/// Copies a file under a name that neither it nor its overlay takes from another file. Gives where the overlay
/// belongs.
fn copy(from: &Path, folder: &Path, name: &str) -> io::Result<PathBuf> {
    // A pipe in its place would be waited for.
    if !from.metadata()?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no file"));
    }
    let bytes = std::fs::read(from)?;
    let ending = from.extension().unwrap_or_default().to_string_lossy();
    for number in 1_u32.. {
        let name = match number {
            1 => name.to_owned(),
            _ => format!("{name}-{number}"),
        };
        let overlay = folder.join(format!("{name}_overlay.png"));
        if overlay.try_exists()? {
            continue;
        }
        match write_new(&folder.join(format!("{name}.{ending}")), &bytes) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            written => return written.map(|()| overlay),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// What became of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copied {
    /// Where the copies are.
    pub folder: PathBuf,
    /// How many images were copied.
    pub images: usize,
    /// How many of them have an overlay beside them.
    pub overlays: usize,
    /// How many were left when a person stopped it; `None` when nobody did.
    pub stopped: Option<usize>,
    /// What could not be done.
    pub troubles: Vec<Trouble>,
}

/// Something that could not be done; all else was.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// A file that could not be read or written: its path, and why.
    NotCopied(String, String),
    /// A file that could not be decoded again: it was copied, and has no overlay.
    NoOverlay(Failure),
    /// A file that is another one than was inspected: it was copied, and has no overlay.
    Changed(PathBuf),
}

impl Trouble {
    fn not_copied(path: &Path, error: &io::Error) -> Self {
        Self::NotCopied(shown(path).to_string(), error.to_string())
    }
}

/// What is told of a copying.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// So many images are done.
    Done(usize),
    /// It is over.
    Over(Copied),
}

/// Copies beside the window, one copying at a time.
#[derive(Debug)]
pub struct Copier {
    sender: Sender<News>,
    receiver: Receiver<News>,
    stop: Arc<AtomicBool>,
}

impl Default for Copier {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self {
            sender,
            receiver,
            stop: Arc::default(),
        }
    }
}

impl Copier {
    /// Begins to copy. Gives how many images there are. `wake` is called when there is news.
    pub fn begin(
        &self,
        copies: Copies,
        folder: PathBuf,
        wake: impl Fn() + Send + 'static,
    ) -> usize {
        self.stop.store(false, Ordering::Relaxed);
        let count = copies.images.len();
        let (sender, stop) = (self.sender.clone(), self.stop.clone());
        let thread = std::thread::Builder::new().name("copy".into());
        let spawned = thread.spawn(move || {
            // The window may be gone; the copies are there all the same.
            let copied = copies.write(&folder, &stop, &mut |done| {
                let _ = sender.send(News::Done(done));
                wake();
            });
            let _ = sender.send(News::Over(copied));
            wake();
        });
        if let Err(error) = spawned {
            let failed = Trouble::NotCopied("copy".into(), error.to_string());
            let _ = self.sender.send(News::Over(Copied {
                troubles: vec![failed],
                ..Copied::default()
            }));
        }
        count
    }

    /// Ends after the image that is being copied.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The next news.
    pub fn poll(&self) -> Option<News> {
        self.receiver.try_recv().ok()
    }
}

#[cfg(test)]
#[path = "copies_tests.rs"]
mod tests;
