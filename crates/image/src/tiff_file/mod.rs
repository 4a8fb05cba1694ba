//! TIFF files as cameras and scanners write them: strips and tiles, planes, palettes, 1 to 16 bits a value,
//! floating-point values, JPEG inside, BigTIFF.
//!
//! What is read here itself is what libraries for TIFF leave open or read wrongly: which page is the picture,
//! planar tiles, bits in reverse, alpha that is multiplied already.

mod chunk;
mod colours;
mod directory;
mod layout;
#[cfg(test)]
mod tests;
mod values;

use std::io::{Cursor, Read, Seek};

use image::DynamicImage;

use directory::{Directories, Directory};
use layout::{Alpha, Layout, Meaning};
use values::Values;

use super::file_error::Reason;

/// What a TIFF file holds.
pub(super) struct TiffPicture {
    /// In 8 or 16 bits a value, as it is stored: not turned. With alpha where there is any.
    pub(super) image: DynamicImage,
    /// Whether the colours are multiplied by alpha already.
    pub(super) is_multiplied: bool,
    /// As in EXIF, 1 to 8.
    pub(super) orientation: u8,
    /// Bits of each value in the file.
    pub(super) bits: u8,
    /// The smallest and largest value where they are floating-point ones.
    pub(super) range: Option<(f32, f32)>,
    /// Whether its data hold more than its pixels.
    pub(super) holds_more: bool,
    /// Whether it does not say how long they are.
    pub(super) lacks_lengths: bool,
    /// Values of each pixel that are neither colour nor alpha.
    pub(super) unread_channels: usize,
    /// Pages of the file.
    pub(super) pages: usize,
    /// Which of them this is, counted from 1.
    pub(super) page: usize,
}

/// Reads the picture of a TIFF file, or that of a page, counted from 1; `fits` is told its width, height and bytes a pixel before it is
/// decoded, and those of its strips or tiles.
///
/// # Errors
/// Those of `fits`, [`Reason::Truncated`], [`Reason::Damaged`], [`Reason::Unsupported`] and, of
/// floating-point values, [`Reason::NotFinite`] and [`Reason::OutOfRange`].
pub(super) fn read(
    bytes: &[u8],
    page: Option<usize>,
    fits: impl Fn(u32, u32, u64) -> Result<(), Reason>,
) -> Result<TiffPicture, Reason> {
    let mut file = Directories::open(Cursor::new(bytes))?;
    let chosen = chosen(&mut file, page)?;
    let layout = Layout::of(&chosen.directory, file.order)?;
    // The values as they are stored, or the colours that are made of them.
    let values = match layout.meaning {
        Meaning::Palette => layout.samples.max(4),
        _ => layout.samples,
    };
    let pixel_bytes = values * layout.bits.div_ceil(8);
    fits(
        layout.width as u32,
        layout.height as u32,
        pixel_bytes as u64,
    )?;
    // A tile may be larger than the picture, and is decoded as a whole.
    let tile_bytes = (layout.chunk_samples() * layout.bits).div_ceil(8);
    fits(
        layout.chunk.0 as u32,
        layout.chunk.1 as u32,
        tile_bytes as u64,
    )?;
    let mut holds_more = layout.has_more_chunks();
    let values = Values::read(bytes, &layout, &mut holds_more)?;
    let (image, range) = colours::picture(values, &layout)?;
    let known = layout.meaning.channels() + usize::from(layout.alpha != Alpha::None);
    Ok(TiffPicture {
        image,
        is_multiplied: layout.alpha == Alpha::Associated,
        orientation: layout.orientation,
        bits: layout.bits as u8,
        range,
        holds_more,
        lacks_lengths: layout.lacks_lengths,
        unread_channels: layout.samples - known,
        pages: chosen.pages,
        page: chosen.page,
    })
}

/// What the tags of a TIFF file say of its picture.
pub(super) struct Head {
    /// As they are stored: not turned.
    pub(super) size_px: (u64, u64),
    /// As in EXIF, 1 to 8.
    pub(super) orientation: u8,
    /// Whether its values are integers of 16 bits.
    pub(super) has_sixteen_bits: bool,
}

/// Reads the tags alone.
///
/// # Errors
/// [`Reason::Truncated`] and [`Reason::Damaged`].
pub(super) fn head(file: impl Read + Seek) -> Result<Head, Reason> {
    let page = chosen(&mut Directories::open(file)?, None)?.directory;
    Ok(Head {
        size_px: layout::stored_px(&page),
        orientation: layout::orientation(&page),
        has_sixteen_bits: layout::has_sixteen_bits(&page),
    })
}

/// The pages, counted from 1, that are pictures of their own.
///
/// # Errors
/// [`Reason::Truncated`] and [`Reason::Damaged`].
pub(super) fn pictures(bytes: &[u8]) -> Result<Vec<usize>, Reason> {
    let pages = Directories::open(Cursor::new(bytes))?.pages(&layout::KIND_TAGS)?;
    let own = (1..).zip(&pages);
    let own = own.filter(|(_, (_, kind))| !layout::is_secondary(kind));
    Ok(own.map(|(page, _)| page).collect())
}

/// How many times the pixels of a thumbnail another page has, at least.
const THUMBNAIL_TIMES: u64 = 4;

/// The page that is the picture.
struct Chosen {
    directory: Directory,
    page: usize,
    pages: usize,
}

/// Chooses the page, unless it is given, and reads the tags of that one alone.
fn chosen<R: Read + Seek>(
    file: &mut Directories<R>,
    page: Option<usize>,
) -> Result<Chosen, Reason> {
    let pages = file.pages(&layout::KIND_TAGS)?;
    let given = page.and_then(|page| Some((pages.get(page.checked_sub(1)?)?.0, page)));
    let (at, page) = match given {
        Some(given) => given,
        None => picture(file, &pages)?,
    };
    let (directory, _) = file.directory(at, &layout::TAGS)?;
    Ok(Chosen {
        directory,
        page,
        pages: pages.len(),
    })
}

/// Where the first page is that is a picture of its own, and no untagged thumbnail of a larger one, or else the first such
/// picture within a page, or else the first page; and its number.
fn picture<R: Read + Seek>(
    file: &mut Directories<R>,
    pages: &[(u64, Directory)],
) -> Result<(u64, usize), Reason> {
    let numbered = (1..).zip(pages);
    let pixels = |kind: &Directory| {
        let (width, height) = layout::stored_px(kind);
        width.saturating_mul(height)
    };
    let own = numbered
        .clone()
        .filter(|(_, (_, kind))| !layout::is_secondary(kind));
    let largest = own.clone().map(|(_, (_, kind))| pixels(kind)).max();
    let is_whole = |kind: &Directory| {
        let times = largest.unwrap_or(0) / pixels(kind).max(1);
        times < THUMBNAIL_TIMES
    };
    if let Some((page, (at, _))) = own.clone().find(|(_, (_, kind))| is_whole(kind)) {
        return Ok((*at, page));
    }
    for (page, (at, _)) in numbered {
        let (parent, _) = file.directory(*at, &layout::WITHIN_TAGS)?;
        for within in layout::sub_directories(&parent) {
            let (kind, _) = file.directory(*within, &layout::KIND_TAGS)?;
            if !layout::is_secondary(&kind) {
                return Ok((*within, page));
            }
        }
    }
    Ok((pages[0].0, 1))
}
