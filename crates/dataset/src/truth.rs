//! What is known of the pixels of an image, for figures by pixel.

use std::fmt;
use std::path::{Path, PathBuf};

use super::catalog::{Entry, Kind};
use kizumi_image::file_error::FileError;
use kizumi_image::mask::Marked;
use kizumi_image::mask_oddity::MaskOddity;
use kizumi_image::mask_source::MaskSource;
use kizumi_image::shown::shown;
use serde::{Deserialize, Serialize};

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
    /// It can be read, but somebody should look at it.
    Odd(PathBuf, MaskMatter),
}

/// What is the matter with a mask that can be read; displays as words behind its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskMatter {
    /// It marks nothing of a defective image.
    Empty,
    /// It marks nothing but what lies outside of the crop of a defective image.
    Outside,
    /// It marks something of a normal image.
    OfNormal,
    /// It marks so many per cent of its image: it may be inverted.
    NearlyAll(u32),
    /// It was drawn on the pixels as they are stored, and was turned with them.
    Turned,
    /// The orientation tag turned its image, and it fits either way.
    PerhapsNotTurned,
}

impl MaskMatter {
    /// Of a mask of an image of this kind; `None` where that is as it should be.
    fn of(kind: &Kind, oddity: MaskOddity) -> Option<Self> {
        Some(match (kind, oddity) {
            (Kind::Unknown | Kind::Normal, _) => return None,
            (Kind::Defect(_), MaskOddity::Empty) => Self::Empty,
            (Kind::Defect(_), MaskOddity::Outside) => Self::Outside,
            (Kind::Defect(_), MaskOddity::NearlyAll(percent)) => Self::NearlyAll(percent),
            (Kind::Defect(_), MaskOddity::Turned) => Self::Turned,
            (Kind::Defect(_), MaskOddity::PerhapsNotTurned) => Self::PerhapsNotTurned,
        })
    }

    /// Whether the mask is not used: a figure would be made of what is most likely wrong.
    pub fn is_left_out(self) -> bool {
        match self {
            Self::Empty | Self::Outside | Self::OfNormal | Self::NearlyAll(_) => true,
            Self::Turned | Self::PerhapsNotTurned => false,
        }
    }
}

impl MaskNote {
    /// The mask.
    pub fn path(&self) -> &Path {
        match self {
            Self::Unusable(error) => &error.path,
            Self::Odd(path, _) => path,
        }
    }

    /// Whether the mask is not used.
    pub fn is_left_out(&self) -> bool {
        match self {
            Self::Unusable(_) => true,
            Self::Odd(_, matter) => matter.is_left_out(),
        }
    }

    /// What is said of it, without its name.
    pub fn words(&self) -> String {
        match self {
            Self::Unusable(error) => format!("{}; left out of pixel metrics", error.reason),
            Self::Odd(_, matter) => matter.to_string(),
        }
    }
}

impl fmt::Display for MaskNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(self.path()), self.words())
    }
}

impl fmt::Display for MaskMatter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "marks no pixel, but its image is defective; left out of pixel metrics",
            ),
            Self::Outside => f.write_str(
                "marks only what lies outside of the crop, where the model sees nothing; left out of pixel metrics",
            ),
            Self::OfNormal => {
                f.write_str("marks a defect, but its image counts as normal; not used")
            }
            Self::NearlyAll(percent) => write!(
                f,
                "marks {percent} % of the image; is it inverted? Left out of pixel metrics"
            ),
            Self::Turned => {
                f.write_str("is turned with its image, as that one's orientation tag says")
            }
            Self::PerhapsNotTurned => f.write_str(
                "is taken as drawn on the image as it is shown; its size does not tell whether it was drawn \
                 before the orientation tag turned that",
            ),
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
    let is_empty = oddities.contains(&MaskOddity::Empty);
    let matters: Vec<MaskMatter> = match &entry.kind {
        Kind::Normal if !is_empty => vec![MaskMatter::OfNormal],
        kind => {
            // Who draws a mask here sees what is marked.
            let drawn = matches!(source, MaskSource::Drawn(_));
            let odd = oddities.into_iter();
            let odd = odd.filter(|one| !(drawn && matches!(one, MaskOddity::NearlyAll(_))));
            odd.filter_map(|oddity| MaskMatter::of(kind, oddity))
                .collect()
        }
    };
    let is_used = !matters.iter().any(|matter| matter.is_left_out());
    truth.mask = (is_used && matches!(entry.kind, Kind::Defect(_))).then_some(mask);
    let path = source.paths().next().unwrap_or(&entry.path);
    let odd = matters.into_iter();
    truth
        .notes
        .extend(odd.map(|matter| MaskNote::Odd(path.to_owned(), matter)));
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
                defect(),
                vec![MaskOddity::Outside],
                "outside of the crop, where the model sees nothing; left out",
            ),
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
            (
                defect(),
                vec![MaskOddity::Turned, MaskOddity::NearlyAll(97)],
                "is turned with its image",
            ),
            (
                defect(),
                vec![MaskOddity::NearlyAll(97)],
                "97 % of the image; is it inverted? Left out",
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
    fn a_turned_mask_is_used_and_said() {
        let truth = truth(defect(), Ok(vec![MaskOddity::Turned]));
        assert_eq!(truth.mask, Some(()));
        assert_eq!(truth.notes.len(), 1);
        assert!(!truth.notes[0].is_left_out());
    }
}
