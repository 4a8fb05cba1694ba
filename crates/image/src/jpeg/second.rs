//! The decoder of layouts that the usual one gets wrong. It is right about them, but slower.

use std::borrow::Cow;
use std::io::Cursor;

use image::error::{DecodingError, UnsupportedError, UnsupportedErrorKind};
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageResult};
use jpeg_decoder::{Decoder, PixelFormat};

use super::tables::USUAL_HUFFMAN;

/// Decodes a JPEG whose layout [is rare](super::Layout::is_rare).
pub struct SecondDecoder<'a> {
    decoder: Decoder<Cursor<Cow<'a, [u8]>>>,
    width_px: u32,
    height_px: u32,
    pixel_format: PixelFormat,
}

impl<'a> SecondDecoder<'a> {
    /// Reads the head of a file.
    ///
    /// # Errors
    /// [`ImageError`] where it is malformed or of a kind that is not known.
    pub fn new(bytes: &'a [u8], layout: super::Layout) -> ImageResult<Self> {
        let bytes = if layout.lacks_tables {
            let (start, rest) = bytes.split_at(2);
            let [high, low] = (USUAL_HUFFMAN.len() as u16 + 2).to_be_bytes();
            Cow::from([start, &[0xFF, 0xC4, high, low], &USUAL_HUFFMAN, rest].concat())
        } else {
            Cow::from(bytes)
        };
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.read_info().map_err(error)?;
        let info = decoder
            .info()
            .ok_or_else(|| damaged("its head is missing"))?;
        Ok(Self {
            decoder,
            width_px: info.width.into(),
            height_px: info.height.into(),
            pixel_format: info.pixel_format,
        })
    }
}

impl ImageDecoder for SecondDecoder<'_> {
    fn dimensions(&self) -> (u32, u32) {
        (self.width_px, self.height_px)
    }

    fn color_type(&self) -> ColorType {
        match self.pixel_format {
            PixelFormat::L8 | PixelFormat::L16 => ColorType::L8,
            PixelFormat::RGB24 | PixelFormat::CMYK32 => ColorType::Rgb8,
        }
    }

    fn exif_metadata(&mut self) -> ImageResult<Option<Vec<u8>>> {
        Ok(self.decoder.exif_data().map(<[u8]>::to_vec))
    }

    fn read_image(mut self, out: &mut [u8]) -> ImageResult<()> {
        let pixels = self.decoder.decode().map_err(error)?;
        let pixels = match self.pixel_format {
            PixelFormat::CMYK32 => rgb_of_cmyk(&pixels),
            _ => pixels,
        };
        if pixels.len() != out.len() {
            return Err(damaged("its size changes"));
        }
        out.copy_from_slice(&pixels);
        Ok(())
    }

    fn read_image_boxed(self: Box<Self>, out: &mut [u8]) -> ImageResult<()> {
        (*self).read_image(out)
    }
}

/// What inks let through.
fn rgb_of_cmyk(pixels: &[u8]) -> Vec<u8> {
    let (pixels, _) = pixels.as_chunks::<4>();
    let through = |ink: u8| 255 - u16::from(ink);
    let rgb = |&[cyan, magenta, yellow, black]: &[u8; 4]| {
        [cyan, magenta, yellow].map(|ink| ((through(ink) * through(black) + 127) / 255) as u8)
    };
    pixels.iter().flat_map(rgb).collect()
}

fn error(error: jpeg_decoder::Error) -> ImageError {
    match error {
        jpeg_decoder::Error::Io(error) => ImageError::IoError(error),
        jpeg_decoder::Error::Unsupported(feature) => {
            let kind = UnsupportedErrorKind::GenericFeature(format!("{feature:?}"));
            ImageError::Unsupported(UnsupportedError::from_format_and_kind(
                ImageFormat::Jpeg.into(),
                kind,
            ))
        }
        error => damaged(&error.to_string()),
    }
}

fn damaged(what: &str) -> ImageError {
    ImageError::Decoding(DecodingError::new(ImageFormat::Jpeg.into(), what))
}
