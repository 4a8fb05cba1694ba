//! What a person should know of a data set.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::catalog::count_of;
use super::few::Few;
use super::fingerprint::Twin;
use super::left_out::{PassedOver, Reason};
use super::truth::MaskMatter;
use kizumi_image::remark::largest_of;

/// Something that a person should know of a data set; displays as a sentence. Names are those of files and
/// folders, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// Lists say what the images show and are for.
    Listed {
        /// The lists.
        lists: Vec<String>,
    },
    /// Lists say which images are for training and which for the test, and no more.
    PartsListed {
        /// The lists.
        lists: Vec<String>,
    },
    /// Labels say what images show where their folders leave it open.
    Answered {
        /// How many images are labelled.
        images: usize,
    },
    /// Names of folders are taken to say nothing of defects: all their images are taken as normal.
    Neutral(Few),
    /// Lists name files of other folders.
    ListedElsewhere {
        /// How many of their rows do.
        rows: usize,
    },
    /// Images that no list names are taken for what their folders and masks say.
    Unlisted {
        /// How many.
        images: usize,
    },
    /// Files name images to learn from, and are not understood.
    Unread {
        /// Which.
        files: Few,
    },
    /// Texts beside images that are all taken as normal speak of defects, or are in letters that are guessed, and name no image.
    SpeakOfDefects {
        /// Which.
        files: Few,
    },
    /// Beside a folder of images that are all taken as normal lies what may say that some are defective.
    SaidBeside {
        /// Which files and folders.
        files: Few,
    },
    /// A folder of images that are all taken as normal lies in one for a test, or beside one that is called normal.
    OpenedAside {
        /// The folder.
        folder: String,
        /// The other one.
        beside: String,
    },
    /// All images, taken as normal photographs, look like masks.
    LikeMasks {
        /// The folder that they lie in.
        folder: String,
    },
    /// The name of a folder says that bad parts may be among its images, and they are taken as normal.
    FolderNamedUnsure {
        /// The folder.
        folder: String,
    },
    /// A few images that are taken as normal are of another size or other colours than all others.
    OddImages(Few),
    /// Lists have 0 and 1 and do not say which is the normal one.
    ByNumber {
        /// The lists.
        lists: Vec<String>,
    },
    /// Annotations say something of images that nobody here knows.
    UnknownWords {
        /// How many they are of.
        images: usize,
        /// What.
        words: Few,
    },
    /// Annotations say what images show.
    Annotated {
        /// How many they are of.
        images: usize,
    },
    /// Boxes are all that says where defects are.
    Boxed {
        /// In how many images.
        images: usize,
    },
    /// The name of a folder says that its images show defects, and they are taken as normal.
    FolderNamedBad {
        /// The folder.
        folder: String,
    },
    /// Names of images say that they show defects, and they are taken as normal.
    NamedBad(Few),
    /// Images have names of masks of others, and look like photographs.
    NamedMasks(Few),
    /// Images of defects have no mask.
    WithoutMask {
        /// How many.
        images: usize,
    },
    /// Nothing says what test images show.
    Unknown {
        /// How many.
        images: usize,
    },
    /// There is no normal image to train on.
    NoNormals,
    /// There are few normal images to train on.
    FewNormals {
        /// How many.
        images: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// Files or folders are not used, all for one reason.
    LeftOut {
        /// Why.
        reason: Reason,
        /// Which.
        files: Few,
    },
    /// Files are no images by their endings.
    PassedOver(PassedOver),
    /// Images are there twice, byte for byte. Test images that are trained on make every figure look better
    /// than it is; copies among the training images count double.
    Copies {
        /// Test images that are training images, too.
        test: Few<Twin>,
        /// Training images that are copies of others.
        training: Few<Twin>,
    },
    /// Images are none from their first bytes on.
    Broken(Few),
    /// Masks that cannot be used.
    UnusableMasks(Few),
    /// Masks that somebody should look at.
    OddMasks {
        /// What is the matter; of the first one where it has a number.
        matter: MaskMatter,
        /// Which.
        masks: Few,
    },
    /// Images have 16 bits a value.
    Bits {
        /// How many of them are used.
        used_bits: u8,
    },
    /// A test image says how many bits are used, because the training images are darker.
    BitsOfTest {
        /// Its largest value.
        value: u16,
        /// That of the training images.
        of_training: u16,
        /// The test image.
        file: String,
    },
}

impl Note {
    /// Whether something may be wrong, or be missed; the others are mere facts.
    pub fn is_warning(&self) -> bool {
        match self {
            Self::Listed { .. }
            | Self::PartsListed { .. }
            | Self::Answered { .. }
            | Self::Neutral(_)
            | Self::ListedElsewhere { .. }
            | Self::ByNumber { .. }
            | Self::Unlisted { .. }
            | Self::Annotated { .. }
            | Self::Boxed { .. }
            | Self::WithoutMask { .. }
            | Self::Unknown { .. }
            | Self::PassedOver(_)
            | Self::Bits { .. }
            | Self::BitsOfTest { .. } => false,
            Self::LeftOut { reason, .. } => reason.is_warning(),
            Self::OddMasks { matter, .. } => *matter != MaskMatter::Turned,
            Self::Unread { .. }
            | Self::SpeakOfDefects { .. }
            | Self::SaidBeside { .. }
            | Self::OpenedAside { .. }
            | Self::LikeMasks { .. }
            | Self::FolderNamedUnsure { .. }
            | Self::OddImages(_)
            | Self::UnknownWords { .. }
            | Self::FolderNamedBad { .. }
            | Self::NamedBad(_)
            | Self::NamedMasks(_)
            | Self::NoNormals
            | Self::FewNormals { .. }
            | Self::Copies { .. }
            | Self::Broken(_)
            | Self::UnusableMasks(_) => true,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let images_of = |count: &usize| count_of(*count, "image");
        match self {
            Self::Listed { lists } => {
                let lists = lists.join(", ");
                write!(f, "What the images show and are for is taken from {lists}.")
            }
            Self::PartsListed { lists } => write!(
                f,
                "Which images are for training and which for the test is taken from {}.",
                lists.join(", ")
            ),
            Self::Answered { images } => write!(
                f,
                "What the folders leave open, labels of {} say.",
                images_of(images)
            ),
            Self::Neutral(folders) => write!(
                f,
                "The names of these folders are taken to say nothing of defects, and all images in them to be normal: \
                 {folders}."
            ),
            Self::ListedElsewhere { rows } => {
                write!(f, "Rows of it that name files of other folders: {rows}.")
            }
            Self::Unlisted { images } => write!(
                f,
                "No list names {}: what they show is taken from their folders and masks.",
                images_of(images)
            ),
            Self::Unread { files } => write!(
                f,
                "Not understood, though normal images are named in it, and it may say that some are not: {files}."
            ),
            Self::SpeakOfDefects { files } => write!(
                f,
                "Beside images that are all taken as normal something speaks of defects, or is not understood, and names no \
                 image: {files}."
            ),
            Self::SaidBeside { files } => write!(
                f,
                "All images are taken as normal, and what lies beside the folder may say that some are defective: \
                 {files}. To use it open the folder above."
            ),
            Self::OpenedAside { folder, beside } => write!(
                f,
                "All images are taken as normal, and their folder, {folder}, may be one of defects, by {beside} in or \
                 beside which it lies."
            ),
            Self::LikeMasks { folder } => write!(
                f,
                "The images in {folder} look like masks; they are taken as normal photographs."
            ),
            Self::FolderNamedUnsure { folder } => write!(
                f,
                "The name of the folder, {folder}, says that bad parts may be among its images; they are all taken as \
                 normal."
            ),
            Self::OddImages(names) => write!(
                f,
                "{} of another size or other colours than all others, taken as normal: {names}.",
                images_of(&names.count())
            ),
            Self::ByNumber { lists } => write!(
                f,
                "0 is taken as normal and 1 as defective, as most images are 0 in {}.",
                lists.join(", ")
            ),
            Self::UnknownWords { images, words } => write!(
                f,
                "What annotations say of {} is not understood: {words}.",
                images_of(images)
            ),
            Self::Annotated { images } => {
                write!(f, "Annotations say what {} show.", images_of(images))
            }
            Self::Boxed { images } => write!(
                f,
                "In {} defects are boxed, not outlined: all of a box counts as defective.",
                images_of(images)
            ),
            Self::FolderNamedBad { folder } => write!(
                f,
                "The name of the folder, {folder}, says that its images show defects; they are taken as normal."
            ),
            Self::NamedBad(names) => write!(
                f,
                "The names of {} say that they show defects; they are taken as normal: {names}.",
                images_of(&names.count())
            ),
            Self::NamedMasks(names) => write!(
                f,
                "The names of {} say that they are masks; they look like photographs, and are taken as images: \
                 {names}.",
                images_of(&names.count())
            ),
            Self::WithoutMask { images } => write!(
                f,
                "{} without a mask, left out of pixel metrics.",
                count_of(*images, "defective image")
            ),
            Self::Unknown { images } => write!(
                f,
                "Nothing says what {} for test show: they are inspected, and no figure is made of them.",
                images_of(images)
            ),
            Self::NoNormals => write!(
                f,
                "No normal images to train on: this data set serves inspection and evaluation."
            ),
            Self::FewNormals { images, wanted } => write!(
                f,
                "Only {}: results improve with {wanted} or more.",
                count_of(*images, "normal image")
            ),
            Self::LeftOut { reason, files } => left_out(f, reason, files),
            Self::PassedOver(passed_over) => write!(f, "{passed_over}."),
            Self::Copies { test, training } => copies(f, test, training),
            Self::Broken(files) => write!(
                f,
                "{} counted here cannot be read: {files}.",
                images_of(&files.count())
            ),
            Self::UnusableMasks(masks) => write!(
                f,
                "{} cannot be used, left out of pixel metrics: {masks}.",
                count_of(masks.count(), "mask")
            ),
            Self::OddMasks { matter, masks } => odd_masks(f, *matter, masks),
            Self::Bits { used_bits: 16 } => write!(f, "16 bits a value, all of them used."),
            Self::Bits { used_bits } => write!(
                f,
                "16 bits a value, of which {used_bits} are used: {} is white.",
                largest_of(*used_bits)
            ),
            Self::BitsOfTest {
                value,
                of_training,
                file,
            } => write!(
                f,
                "How many bits are used is taken from a test image, {file}: values reach {value} in it, and \
                 {of_training} in the training images."
            ),
        }
    }
}

fn odd_masks(f: &mut fmt::Formatter<'_>, matter: MaskMatter, masks: &Few) -> fmt::Result {
    let count = count_of(masks.count(), "mask");
    let (one, many) = match matter {
        MaskMatter::Empty => (
            "marks nothing, but its image is defective; left out of pixel metrics",
            "mark nothing, but their images are defective; left out of pixel metrics",
        ),
        MaskMatter::Outside => (
            "marks only what lies outside of the crop; left out of pixel metrics",
            "mark only what lies outside of the crop; left out of pixel metrics",
        ),
        MaskMatter::OfNormal => (
            "marks a defect, but its image counts as normal; not used",
            "mark defects, but their images count as normal; not used",
        ),
        MaskMatter::NearlyAll(_) => (
            "marks nearly all of its image: is it inverted? Left out of pixel metrics",
            "mark nearly all of their images: are they inverted? Left out of pixel metrics",
        ),
        MaskMatter::Turned => (
            "is turned with its image, as that one's orientation tag says",
            "are turned with their images, as the orientation tags of those say",
        ),
        MaskMatter::PerhapsNotTurned => (
            "is taken as drawn on the image as it is shown, though its orientation tag turned that",
            "are taken as drawn on the images as they are shown, though their orientation tags turned those",
        ),
    };
    let words = if masks.count() == 1 { one } else { many };
    write!(f, "{count} {words}: {masks}.")
}

fn left_out(f: &mut fmt::Formatter<'_>, reason: &Reason, files: &Few) -> fmt::Result {
    let count = files.count();
    match reason {
        Reason::Unreadable { .. } | Reason::MaskUnreadable(_) => write!(f, "{files}: {reason}"),
        Reason::MaskWithoutImage => {
            write!(f, "{} without an image: {files}.", count_of(count, "mask"))
        }
        Reason::Results => write!(f, "{files}: results of this program, left out."),
        Reason::FolderElsewhere => write!(f, "{files}: {reason}, left out here."),
        _ => write!(
            f,
            "{} left out ({reason}): {files}.",
            count_of(count, "file")
        ),
    }
}

fn copies(f: &mut fmt::Formatter<'_>, test: &Few<Twin>, training: &Few<Twin>) -> fmt::Result {
    let sentence = |twins: &Few<Twin>, one: &str, many: &str| {
        let images = match twins.count() {
            0 => return None,
            1 => one.to_owned(),
            count => format!("{count} {many}"),
        };
        let pairs: Vec<String> = twins.first.iter().map(Twin::to_string).collect();
        let more = if twins.more > 0 { ", ..." } else { "" };
        Some(format!("{images}: {}{more}.", pairs.join(", ")))
    };
    let test = sentence(
        test,
        "1 test image is identical to a training image",
        "test images are identical to training images",
    );
    let training = sentence(
        training,
        "1 training image is a copy of another",
        "training images are copies of others",
    );
    let sentences: Vec<String> = [test, training].into_iter().flatten().collect();
    f.write_str(&sentences.join(" "))
}
