//! Moving pictures of a projection. Frames are asked for one at a time, so memory holds one.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use gif::{DisposalMethod, EncodingError, Frame, Repeat};
use png::{BitDepth, ColorType};

use super::palette::ColourCount;
use crate::atomic::write_atomic_with;
use crate::rgb8::Rgb8;

/// The palette's index that means "as in the frame before".
const UNCHANGED: u8 = 255;

/// The shortest delay that browsers keep; they slow down below.
const MIN_GIF_DELAY_MS: u16 = 20;

/// How frames are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Playback {
    /// How long each frame is shown, in milliseconds.
    pub delay_ms: u16,
    /// How long the last one is shown, in milliseconds.
    pub hold_ms: u16,
    /// Whether it starts again after the last one, for ever; else it stays there.
    pub repeat: bool,
}

impl Default for Playback {
    /// Twelve frames a second, a second's rest at the end, for ever.
    fn default() -> Self {
        Self {
            delay_ms: 80,
            hold_ms: 1000,
            repeat: true,
        }
    }
}

impl Playback {
    fn delay_of(&self, index: usize, count: usize) -> u16 {
        if index + 1 == count {
            self.hold_ms
        } else {
            self.delay_ms
        }
    }
}

/// Writes `count` frames as animated PNG, every colour exact. `frame` is asked for each index once,
/// in order.
///
/// # Errors
/// If there is no frame, one has no pixels or another size than the first, or the file cannot be
/// written; the text names the file, and what was there before stays as it was.
pub fn save_apng(
    path: &Path,
    playback: &Playback,
    count: usize,
    frame: impl FnMut(usize) -> Rgb8,
) -> Result<()> {
    write_atomic_with(path, |file| write_apng(file, playback, count, frame))
}

fn write_apng(
    file: &mut File,
    playback: &Playback,
    count: usize,
    mut frame: impl FnMut(usize) -> Rgb8,
) -> io::Result<()> {
    let mut frames = Frames::new(count, &mut frame)?;
    let (width, height) = frames.size;
    let number = |value: usize| u32::try_from(value).map_err(io::Error::other);
    let mut file = BufWriter::new(file);
    let mut encoder = png::Encoder::new(&mut file, number(width)?, number(height)?);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    // No plays means for ever.
    encoder.set_animated(number(count)?, if playback.repeat { 0 } else { 1 })?;
    let mut writer = encoder.write_header()?;
    while let Some((index, image)) = frames.next()? {
        writer.set_frame_delay(playback.delay_of(index, count), 1000)?;
        writer.write_image_data(&image.bytes)?;
    }
    writer.finish()?;
    file.flush()
}

/// Writes `count` frames as GIF. All share one palette of 255 colours that is made for them, so a
/// pixel that does not change does not flicker. `frame` is asked for each index twice: first all in
/// order for the palette, then all in order again.
///
/// GIF counts in 10 ms, and browsers slow down what is faster than 20 ms: delays are rounded and
/// never shorter than that.
///
/// # Errors
/// As [`save_apng`], and if a side is over 65535 px.
pub fn save_gif(
    path: &Path,
    playback: &Playback,
    count: usize,
    frame: impl FnMut(usize) -> Rgb8,
) -> Result<()> {
    write_atomic_with(path, |file| write_gif(file, playback, count, frame))
}

fn write_gif(
    file: &mut File,
    playback: &Playback,
    count: usize,
    mut frame: impl FnMut(usize) -> Rgb8,
) -> io::Result<()> {
    let mut colours = ColourCount::default();
    let mut frames = Frames::new(count, &mut frame)?;
    let number = |value: usize| u16::try_from(value).map_err(io::Error::other);
    let (width, height) = (number(frames.size.0)?, number(frames.size.1)?);
    while let Some((_, image)) = frames.next()? {
        colours.add(&image.bytes);
    }
    let mut palette = colours.palette(usize::from(UNCHANGED));
    let mut bytes = palette.bytes();
    bytes.resize(3 * 256, 0);

    let mut file = BufWriter::new(file);
    let mut encoder = gif::Encoder::new(&mut file, width, height, &bytes).map_err(io_error)?;
    if playback.repeat {
        encoder.set_repeat(Repeat::Infinite).map_err(io_error)?;
    }
    let mut shown = Vec::new();
    let mut frames = Frames::new(count, &mut frame)?;
    while let Some((index, image)) = frames.next()? {
        let pixels = image.bytes.as_chunks::<3>().0;
        let indices: Vec<u8> = pixels.iter().map(|&rgb| palette.index(rgb)).collect();
        let buffer = changes(&shown, &indices);
        shown = indices;
        let delay_ms = playback.delay_of(index, count).max(MIN_GIF_DELAY_MS);
        let frame = Frame {
            width,
            height,
            buffer: buffer.into(),
            delay: delay_ms.saturating_add(5) / 10,
            dispose: DisposalMethod::Keep,
            transparent: Some(UNCHANGED),
            ..Frame::default()
        };
        encoder.write_frame(&frame).map_err(io_error)?;
    }
    drop(encoder);
    file.flush()
}

/// What differs from the frame before; long runs of the rest take hardly any space.
fn changes(before: &[u8], now: &[u8]) -> Vec<u8> {
    if before.is_empty() {
        return now.to_vec();
    }
    let pixels = before.iter().zip(now);
    pixels
        .map(|(before, now)| if before == now { UNCHANGED } else { *now })
        .collect()
}

fn io_error(error: EncodingError) -> io::Error {
    match error {
        EncodingError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// Frames of one size, in order.
struct Frames<F> {
    count: usize,
    /// Width and height, in pixels.
    size: (usize, usize),
    next: usize,
    first: Option<Rgb8>,
    frame: F,
}

impl<F: FnMut(usize) -> Rgb8> Frames<F> {
    fn new(count: usize, mut frame: F) -> io::Result<Self> {
        if count == 0 {
            return Err(io::Error::other("there is no frame"));
        }
        let first = frame(0);
        if first.bytes.is_empty() {
            return Err(io::Error::other("the first frame has no pixels"));
        }
        Ok(Self {
            count,
            size: (first.width, first.height),
            next: 0,
            first: Some(first),
            frame,
        })
    }

    fn next(&mut self) -> io::Result<Option<(usize, Rgb8)>> {
        if self.next == self.count {
            return Ok(None);
        }
        let index = self.next;
        self.next += 1;
        let image = match self.first.take() {
            Some(first) => first,
            None => (self.frame)(index),
        };
        if (image.width, image.height) != self.size {
            return Err(io::Error::other(format!(
                "frame {index} has {} x {} px, the first {} x {}",
                image.width, image.height, self.size.0, self.size.1
            )));
        }
        Ok(Some((index, image)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    const PLAYBACK: Playback = Playback {
        delay_ms: 70,
        hold_ms: 500,
        repeat: true,
    };

    /// A red dot that wanders over a grey ramp.
    fn frame(index: usize) -> Rgb8 {
        let mut image = Rgb8::new(8, 4, (0..32u8).flat_map(|i| [i * 8; 3]).collect());
        image.bytes[3 * index..3 * index + 3].copy_from_slice(&[250, 10, 0]);
        image
    }

    fn decoded_gif(path: &Path) -> (Vec<(u16, Vec<u8>)>, Repeat) {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(fs::File::open(path).unwrap()).unwrap();
        let mut screen = vec![0; 8 * 4 * 4];
        let mut frames = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            for (pixel, new) in screen.chunks_exact_mut(4).zip(frame.buffer.chunks_exact(4)) {
                if new[3] > 0 {
                    pixel.copy_from_slice(new);
                }
            }
            frames.push((frame.delay, screen.clone()));
        }
        (frames, decoder.repeat())
    }

    fn opaque(image: &Rgb8) -> Vec<u8> {
        let pixels = image.bytes.chunks_exact(3);
        pixels
            .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
            .collect()
    }

    #[test]
    fn a_gif_shows_every_frame_as_long_as_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        save_gif(&path, &PLAYBACK, 5, frame).unwrap();
        let (frames, repeat) = decoded_gif(&path);
        assert_eq!(repeat, Repeat::Infinite);
        let delays: Vec<u16> = frames.iter().map(|(delay, _)| *delay).collect();
        assert_eq!(delays, [7, 7, 7, 7, 50]);
        // So few colours are kept exactly.
        for (index, (_, screen)) in frames.iter().enumerate() {
            assert_eq!(*screen, opaque(&frame(index)), "frame {index}");
        }
    }

    #[test]
    fn a_gif_that_does_not_repeat_says_so_and_is_never_too_fast() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        let once = Playback {
            delay_ms: 1,
            hold_ms: u16::MAX,
            repeat: false,
        };
        save_gif(&path, &once, 2, frame).unwrap();
        let (frames, repeat) = decoded_gif(&path);
        assert_eq!(repeat, Repeat::Finite(0));
        assert_eq!((frames[0].0, frames[1].0), (2, 6553));
    }

    #[test]
    fn an_animated_png_is_exact() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        for (repeat, plays) in [(true, 0), (false, 1)] {
            let playback = Playback { repeat, ..PLAYBACK };
            save_apng(&path, &playback, 4, frame).unwrap();
            let file = io::BufReader::new(fs::File::open(&path).unwrap());
            let mut reader = png::Decoder::new(file).read_info().unwrap();
            let animation = *reader.info().animation_control().unwrap();
            assert_eq!((animation.num_frames, animation.num_plays), (4, plays));
            for index in 0..4 {
                let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
                reader.next_frame(&mut bytes).unwrap();
                assert_eq!(bytes, frame(index).bytes, "frame {index}");
                let control = reader.info().frame_control().unwrap();
                let delay_ms = if index == 3 { 500 } else { 70 };
                assert_eq!((control.delay_num, control.delay_den), (delay_ms, 1000));
            }
        }
    }

    #[test]
    fn one_frame_at_a_time_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut asked = Vec::new();
        let recording = |index: usize| {
            asked.push(index);
            frame(index)
        };
        save_gif(&folder.path().join("a.gif"), &PLAYBACK, 3, recording).unwrap();
        assert_eq!(asked, [0, 1, 2, 0, 1, 2]);
    }

    #[test]
    fn what_cannot_be_played_is_named_and_the_old_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gif");
        fs::write(&path, "precious").unwrap();
        let growing = |index: usize| Rgb8::filled(2 + index, 2, [0; 3]);
        let empty = |_: usize| Rgb8::default();
        let failures = [
            (save_gif(&path, &PLAYBACK, 0, frame), "no frame"),
            (save_apng(&path, &PLAYBACK, 0, frame), "no frame"),
            (
                save_gif(&path, &PLAYBACK, 2, growing),
                "frame 1 has 3 x 2 px",
            ),
            (
                save_apng(&path, &PLAYBACK, 2, growing),
                "frame 1 has 3 x 2 px",
            ),
            (save_apng(&path, &PLAYBACK, 1, empty), "no pixels"),
            (save_gif(&path, &PLAYBACK, 1, empty), "no pixels"),
        ];
        for (result, reason) in failures {
            let error = format!("{:#}", result.unwrap_err());
            assert!(error.contains("a.gif") && error.contains(reason), "{error}");
            assert_eq!(fs::read(&path).unwrap(), b"precious");
        }
    }
}
