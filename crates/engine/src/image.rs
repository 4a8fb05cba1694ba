//! The open test image.

use kizumi_compute::inspector::Subject;
use kizumi_compute::memories::{Memories, view_with_change};
use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_dataset::truth::truth_of;
use kizumi_image::bitmap::Bitmap;
use kizumi_image::file_error::FileError;
use kizumi_image::mask::{Photograph, load_mask, load_mask_regions};
use kizumi_image::outlines::Runs;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::prepare;
use kizumi_image::remark::FileDoubt;
use kizumi_image::source::open_source;
use kizumi_method::config::DataConfig;
use kizumi_method::gate::feature_gate;
use kizumi_method::likeness::Unlike;

use super::message::{Denial, Failure, ImageId, ModelId, OpenedImage, OpenedTruth, Source};

/// How a network sees image files.
#[derive(Clone, Debug, Default)]
pub struct Lens {
    /// Which network; `None` before there is one.
    pub model: Option<ModelId>,
    pub data: DataConfig,
    /// `None` as in the file.
    pub channels: Option<usize>,
    /// Regions that are left out, 1 where they are.
    pub ignored: Option<Picture>,
    /// What is remembered of the features of normal images.
    pub memories: Option<Memories>,
}

/// A decoded test image, ready to be projected.
pub struct OpenImage {
    lens: Lens,
    placement: Placement,
    opened: OpenedImage,
    file: File,
}

/// What was in the file, whatever a person paints over it.
struct File {
    /// x_0.
    picture: Picture,
    /// The whole photograph at the resolution of the features.
    view: Option<Picture>,
    /// Whether its orientation tag turned or mirrored it.
    reoriented: bool,
    /// Why no verdict on it is to be relied on, if so.
    doubt: Option<FileDoubt>,
}

impl OpenImage {
    /// Decodes an image and its mask as the model wants them.
    ///
    /// A mask that cannot be used is a note, not an error: the image can still be inspected.
    pub fn open(id: ImageId, entry: Entry, lens: Lens) -> Result<Self, FileError> {
        let prepared = prepare(&entry.path, &lens.data, lens.channels)?;
        let placement = prepared.placement;
        let mut notes: Vec<Failure> = prepared.remarks.iter().map(Failure::from).collect();
        let photograph = Photograph::new(&entry.path, &prepared.remarks);
        let truth = truth_of(&entry, |mask| load_mask(mask, photograph, &placement));
        let complaints = truth.notes.into_iter();
        notes.extend(complaints.map(Failure::from));
        let file = File {
            reoriented: photograph.reoriented,
            doubt: prepared.doubt(),
            picture: prepared.picture,
            view: prepared.view,
        };
        let opened = OpenedImage {
            id,
            model: lens.model,
            entry,
            distance: None,
            gate: None,
            picture: file.picture.clone(),
            mask: truth.mask,
            counted: placement.counted(lens.ignored.as_ref()),
            painted: false,
            hole: None,
            placement,
            notes,
        };
        let mut image = Self {
            lens,
            placement,
            opened,
            file,
        };
        image.measure();
        Ok(image)
    }

    /// What the window is told of it.
    pub fn opened(&self) -> &OpenedImage {
        &self.opened
    }

    /// The image for a projection.
    pub fn subject(&self) -> Subject {
        Subject {
            picture: self.opened.picture.clone(),
            counted: self.opened.counted.clone(),
            hole: self.opened.hole.clone(),
            distance: self.opened.distance.clone(),
            gate: self.opened.gate.clone(),
            doubt: self.file.doubt.map(Unlike::from),
        }
    }

    /// Whether this lens gives the same pixels; other regions may count.
    pub fn looks_alike_through(&self, lens: &Lens) -> bool {
        self.lens.data == lens.data && self.lens.channels == lens.channels
    }

    /// Takes over a lens that gives the same pixels: what counts may change.
    pub fn look_through(&mut self, lens: Lens) {
        self.opened.counted = self.placement.counted(lens.ignored.as_ref());
        self.opened.model = lens.model;
        let fingerprint = |lens: &Lens| lens.memories.as_ref().map(Memories::fingerprint);
        let other = fingerprint(&self.lens) != fingerprint(&lens);
        self.lens = lens;
        if other {
            self.measure();
        }
    }

    /// Replaces the pixels, the ground truth and what is to be filled, which makes it another image.
    /// Values are brought into range: 0 to 1, and 0 or 1 for the masks.
    ///
    /// # Errors
    /// A shape that is not the open picture's, or values that are not finite.
    pub fn repaint(
        &mut self,
        becomes: ImageId,
        picture: Picture,
        mask: Picture,
        hole: Option<Picture>,
    ) -> Result<(), Denial> {
        let now = &self.opened.picture;
        fits(&picture, (now.channels, now.height, now.width))?;
        fits(&mask, (1, now.height, now.width))?;
        if let Some(hole) = &hole {
            fits(hole, (1, now.height, now.width))?;
        }
        self.opened.hole = hole.map(|hole| mapped(hole, binary));
        self.opened.picture = mapped(picture, |value| value.clamp(0.0, 1.0));
        self.opened.mask = Some(mapped(mask, binary));
        self.opened.painted = true;
        self.opened.id = becomes;
        self.measure();
        Ok(())
    }

    /// Takes the features of the picture as it is.
    fn measure(&mut self) {
        let painted = self.opened.painted.then_some(&self.opened.picture);
        let distance = self.file.distance(&self.lens, &self.placement, painted);
        let size_px = self.lens.data.size_px;
        self.opened.gate = distance.as_ref().map(|map| feature_gate(map, size_px));
        self.opened.distance = distance;
    }

    /// Which pixels are defective by what is known of it, from now on. On what is painted that is the paint.
    pub fn read_truth(&mut self, entry: Entry) -> OpenedTruth {
        let photograph = Photograph {
            path: &entry.path,
            reoriented: self.file.reoriented,
        };
        let whole = Placement::whole(self.placement.source_px);
        let truth = truth_of(&entry, |mask| load_mask(mask, photograph, &self.placement));
        let defective = matches!(entry.kind, Kind::Defect(_));
        // Whoever draws goes on from what is there, also where that is nearly all of the image.
        let marks = match entry.mask.as_ref().filter(|_| defective) {
            Some(mask) => load_mask_regions(mask, photograph, &whole)
                .ok()
                .map(|marked| Bitmap::from(&marked.mask)),
            None => Some(Bitmap::empty(whole.source_px)),
        };
        if !self.opened.painted {
            self.opened.mask.clone_from(&truth.mask);
        }
        OpenedTruth {
            image: self.opened.id,
            mask: self.opened.mask.clone(),
            marks: marks.as_ref().map(Runs::of),
            notes: truth.notes.into_iter().map(Failure::from).collect(),
            entry,
        }
    }

    /// The file's pixels at their own size.
    pub fn source(&self) -> Result<Source, FileError> {
        let path = self.opened.entry.path.clone();
        let (image, placement) = open_source(&path, &self.lens.data)?;
        Ok(Source {
            id: self.opened.id,
            path,
            image,
            placement,
        })
    }
}

impl File {
    /// How far the features of the file are from normal ones, or those of what was `painted` over it;
    /// `None` where nothing is remembered.
    fn distance(
        &self,
        lens: &Lens,
        placement: &Placement,
        painted: Option<&Picture>,
    ) -> Option<Picture> {
        let (memories, view) = (lens.memories.as_ref()?, self.view.as_ref()?);
        Some(match painted {
            Some(painted) => {
                let view = view_with_change(view, &self.picture, painted, placement);
                memories.distance_map(&view, placement)
            }
            None => memories.distance_map(view, placement),
        })
    }
}

/// Whether a picture that came from outside has this shape (channels, height, width) and finite
/// values.
///
/// # Errors
/// What is wrong.
pub fn fits(picture: &Picture, needed: (usize, usize, usize)) -> Result<(), Denial> {
    let own = (picture.channels, picture.height, picture.width);
    if own != needed {
        return Err(Denial::Shape { own, needed });
    }
    let values = picture.pixels.len();
    if values != own.0 * own.1 * own.2 {
        return Err(Denial::Mistake(format!("a picture has {values} values")));
    }
    match picture.is_finite() {
        true => Ok(()),
        false => Err(Denial::NotFinite),
    }
}

/// 1 above a half, else 0.
pub fn binary(value: f32) -> f32 {
    f32::from(u8::from(value > 0.5))
}

/// The same picture with other values.
pub fn mapped(mut picture: Picture, of: impl Fn(f32) -> f32) -> Picture {
    picture
        .pixels
        .iter_mut()
        .for_each(|value| *value = of(*value));
    picture
}
