//! What goes into a file, taken from what is on screen.

use crate::ui::layers::{Layer, Layers};
use crate::ui::review::Review;
use crate::ui::state::State;
use crate::ui::state::timeline::FRAME_SECS;
use crate::ui::text::Text;
use kizumi_image::export::{
    inspection_strip, save_apng, save_gif, save_png16, save_rgb8, save_tiff32,
};
use kizumi_image::picture::Picture;
use kizumi_image::rgb8::Rgb8;
use kizumi_method::anomaly_map::Unit;
use kizumi_report::save_table;

use super::film::Film;
use super::report::{folder_report, image_report};
use super::table::SetTable;
use super::{Content, Export};

/// What is on screen, for those who save it.
pub struct Screen<'a> {
    /// What the window knows.
    pub state: &'a State,
    /// The layers' pictures.
    pub layers: &'a mut Layers,
    /// Verdicts and thresholds.
    pub review: &'a Review,
    /// The language in force.
    pub text: &'static Text,
    /// When it is saved, for people.
    pub date: String,
}

/// What goes into the file; `None` where there is nothing to save.
pub fn content(export: Export, screen: Screen<'_>) -> Option<Content> {
    let Screen { state, layers, .. } = &screen;
    match export {
        Export::Picture(layer) => {
            let image = screen.layers.image(layer)?;
            let bytes = image.pixels.iter().flat_map(|pixel| {
                let [red, green, blue, _] = pixel.to_array();
                [red, green, blue]
            });
            let image = Rgb8::new(image.width(), image.height(), bytes.collect());
            Some(Box::new(move |path| save_rgb8(path, &image)))
        }
        Export::Values(layer) => {
            let values = layers.shown()?.picture_of(layer)?;
            let unit = layers.shown()?.unit_of(layer);
            Some(Box::new(move |path| {
                save_tiff32(path, &values, unit.map(Unit::name))
            }))
        }
        Export::Values16(layer) => {
            let values = layers.shown()?.picture_of(layer)?;
            let unit = layers.shown()?.unit_of(layer);
            let range = range16(layer, &values);
            Some(Box::new(move |path| {
                save_png16(path, &values, range, unit.map(Unit::name))
            }))
        }
        Export::Strip => strip(state, screen),
        Export::Gif => {
            let (film, speed) = film(state, layers)?;
            Some(Box::new(move |path| {
                let playback = film.playback(FRAME_SECS, speed);
                save_gif(path, &playback, film.len(), |index| film.frame(index))
            }))
        }
        Export::Apng => {
            let (film, speed) = film(state, layers)?;
            Some(Box::new(move |path| {
                let playback = film.playback(FRAME_SECS, speed);
                save_apng(path, &playback, film.len(), |index| film.frame(index))
            }))
        }
        Export::Report => {
            let report = image_report(&screen)?;
            let words = screen.text.report();
            Some(Box::new(move |path| {
                kizumi_report::save(path, &report.to_html(words))
            }))
        }
        Export::FolderReport => {
            let report = folder_report(&screen)?;
            let words = screen.text.report();
            Some(Box::new(move |path| {
                kizumi_report::save(path, &report().to_html(words))
            }))
        }
        Export::Table(format) => {
            let SetTable {
                settings, results, ..
            } = SetTable::of(state, screen.review)?;
            let bom = screen.text.language.bom();
            Some(Box::new(move |path| {
                save_table(path, (format, bom), &settings, &results)
            }))
        }
    }
}

/// The range of values that black and white stand for: 0 to 1 for pictures, and for maps from 0, or
/// from the opposite where there are both signs, to the largest value: nothing is cut off.
fn range16(layer: Layer, values: &Picture) -> (f32, f32) {
    if !layer.is_map() && layer != Layer::Overlay {
        return (0.0, 1.0);
    }
    let finite = values.pixels.iter().filter(|value| value.is_finite());
    let high = finite.fold(0.0_f32, |high, value| high.max(value.abs()));
    let high = if high > 0.0 { high } else { 1.0 };
    let low = if layer.is_signed() { -high } else { 0.0 };
    (low, high)
}

fn film(state: &State, layers: &Layers) -> Option<(Film, f32)> {
    let opened = state.inspecting.opened.as_ref()?;
    let run = state.inspecting.current()?;
    let display = state.settings.display;
    let film = Film {
        original: opened.picture.clone(),
        valid: opened.valid(),
        distance: opened.distance.clone(),
        recording: run.recording.clone(),
        last: state.last_shown(),
        mapper: state.shown_mapper(),
        colormap: display.colormap,
        range: layers.map_range()?,
    };
    Some((film, state.settings.playback.speed))
}

/// As the command line writes it, but of the iterate that is shown.
fn strip(state: &State, screen: Screen<'_>) -> Option<Content> {
    let rgb8 = |image: &egui::ColorImage| {
        let bytes = image
            .pixels
            .iter()
            .flat_map(|pixel| pixel.to_array()[..3].to_vec());
        Rgb8::new(image.width(), image.height(), bytes.collect())
    };
    let heatmap = rgb8(&*screen.layers.image(Layer::Heatmap)?);
    let overlay = rgb8(&*screen.layers.image(Layer::Overlay)?);
    let shown = screen.layers.shown()?;
    let original = shown.original.clone();
    let made = match state.tells_by_features() {
        true => None,
        false => {
            let projected = shown.iterate.as_ref()?.iterate.clone();
            Some([shown.reconstruction.clone()?, projected])
        }
    };
    Some(Box::new(move |path| {
        let made = made.as_ref().map(|pictures| pictures.each_ref());
        let strip = inspection_strip(&original, made, heatmap, overlay);
        save_rgb8(path, &strip)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_sixteen_bits_are_not_cut_off() {
        let values = Picture::new(1, 1, 3, vec![0.5, 7.0, -2.0]);
        // Colours may end far below.
        assert_eq!(range16(Layer::Heatmap, &values), (0.0, 7.0));
        assert_eq!(range16(Layer::Overlay, &values), (0.0, 7.0));
        assert_eq!(range16(Layer::Difference, &values), (-7.0, 7.0));
        assert_eq!(range16(Layer::Iterate, &values), (0.0, 1.0));
        let black = Picture::filled(1, 1, 3, 0.0);
        assert_eq!(range16(Layer::Gate, &black), (0.0, 1.0));
    }
}
