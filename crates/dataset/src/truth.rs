//! What is known of the pixels of an image, for figures by pixel.

use std::fmt;
use std::path::{Path, PathBuf};

use super::catalog::{Entry, Kind};
use kizumi_image::file_error::FileError;
use kizumi_image::mask::Marked;
use kizumi_image::mask_oddity::MaskOddity;
use kizumi_image::mask_source::MaskSource;
use kizumi_image::shown::shown;

/// The ground truth of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth<T> {
    /// Which pixels are defective; `None` for a normal image, and where it is not known.
    pub mask: Option<T>,
    /// What a person should know of its mask.
    pub notes: Vec<MaskNote>,
}

/// What a person should know of a mask; displays as "PATH: words".
#[derive(Clone, Debug, PartialEq)]
pub enum MaskNote {
    /// It cannot be used.
    Unusable(FileError),
    /// It marks nothing of a defective image, and is not used.
    Empty(PathBuf),
    /// It marks something of a normal image, and is not used.
    OfNormal(PathBuf),
    /// It is used, but somebody should look at it.
    Odd(PathBuf, MaskOddity),
}

impl MaskNote {
    /// The mask.
    pub fn path(&self) -> &Path {
        match self {
            Self::Unusable(error) => &error.path,
            Self::Empty(path) | Self::OfNormal(path) | Self::Odd(path, _) => path,
        }
    }
}

impl fmt::Display for MaskNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(self.path());
        match self {
            Self::Unusable(error) => write!(f, "{error}; left out of pixel metrics"),
            Self::Empty(_) => write!(
                f,
                "{path}: marks no pixel, but its image is defective; left out of pixel metrics"
            ),
            Self::OfNormal(_) => write!(
                f,
                "{path}: marks a defect, but its image counts as normal; not used"
            ),
            Self::Odd(_, oddity) => write!(f, "{path}: {oddity}"),
        }
    }
}

/// Reads the mask of an image with `load`. Masks that are not used are noted.
pub fn truth_of<T>(
    entry: &Entry,
    load: impl FnOnce(&MaskSource) -> Result<Marked<T>, FileError>,
) -> Truth<T> {
    let mut truth = Truth {
        mask: None,
        notes: Vec::new(),
    };
    let Some(source) = &entry.mask else {
        return truth;
    };
    let Marked { mask, oddities } = match load(source) {
        Ok(marked) => marked,
        Err(error) => {
            truth.notes.push(MaskNote::Unusable(error));
            return truth;
        }
    };
    let path = || source.paths().next().unwrap_or(&entry.path).to_owned();
    let is_empty = oddities.contains(&MaskOddity::Empty);
    match &entry.kind {
        Kind::Unknown => {}
        Kind::Normal if is_empty => {}
        Kind::Normal => truth.notes.push(MaskNote::OfNormal(path())),
        Kind::Defect(_) if is_empty => truth.notes.push(MaskNote::Empty(path())),
        Kind::Defect(_) => {
            let odd = oddities.into_iter();
            truth
                .notes
                .extend(odd.map(|oddity| MaskNote::Odd(path(), oddity)));
            truth.mask = Some(mask);
        }
    }
    truth
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::file_error::Reason;

    fn truth(kind: Kind, loaded: Result<Vec<MaskOddity>, Reason>) -> Truth<()> {
        let entry = Entry {
            path: "a.png".into(),
            kind,
            mask: Some(PathBuf::from("a_mask.png").into()),
        };
        truth_of(&entry, |_| {
            let marked = |oddities| Marked { mask: (), oddities };
            loaded.map(marked).map_err(|reason| reason.of("a_mask.png"))
        })
    }

    fn defect() -> Kind {
        Kind::Defect("dent".into())
    }

    #[test]
    fn masks_that_contradict_their_image_are_said_and_not_used() {
        for (kind, oddities, note) in [
            (defect(), vec![MaskOddity::Empty], "marks no pixel, but"),
            (
                Kind::Normal,
                vec![],
                "marks a defect, but its image counts as normal",
            ),
            (
                Kind::Normal,
                vec![MaskOddity::NearlyAll(90)],
                "counts as normal",
            ),
        ] {
            let truth = truth(kind, Ok(oddities));
            assert_eq!(truth.mask, None);
            let text = truth.notes[0].to_string();
            assert!(text.starts_with("a_mask.png: "), "{text}");
            assert!(text.contains(note), "{text}");
        }
        let broken = truth(defect(), Err(Reason::Empty));
        assert!(
            broken.notes[0]
                .to_string()
                .contains("left out of pixel metrics")
        );
        let black = truth(Kind::Normal, Ok(vec![MaskOddity::Empty]));
        assert!(
            black.notes.is_empty(),
            "that is what a normal image should have"
        );
    }

    #[test]
    fn an_inverted_or_turned_mask_is_used_and_said() {
        let oddities = vec![MaskOddity::Turned, MaskOddity::NearlyAll(97)];
        let truth = truth(defect(), Ok(oddities));
        assert_eq!(truth.mask, Some(()));
        assert_eq!(truth.notes.len(), 2);
        assert!(
            truth.notes[1]
                .to_string()
                .contains("97 % of the image; is it inverted?")
        );
    }
}
