//! What is looked at: zoom and pan, together or panel by panel, and the pixels that are pinned.

use std::collections::HashMap;

use crate::ui::layer::Layer;
use crate::ui::view::View;

/// How many pixels can be pinned: as many as there are colours that everybody can tell apart.
pub const PINS_MAX: usize = 6;

/// A panel that shows a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The large view.
    Large,
    /// The small picture of a layer.
    Small(Layer),
}

/// A pixel of the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pixel {
    /// Column, from the left.
    pub x: usize,
    /// Row, from the top.
    pub y: usize,
}

/// A pixel whose course is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Where.
    pub pixel: Pixel,
    /// Which of the [`PINS_MAX`] colours.
    pub color: usize,
}

/// What is looked at. It stays when the image or the iterate changes.
#[derive(Debug, Default)]
pub struct Viewer {
    /// Zoom and pan of all panels that are linked.
    view: View,
    /// Those of the panels that are not.
    unlinked: HashMap<Place, View>,
    pins: Vec<Pin>,
}

impl Viewer {
    /// Zoom and pan of a panel.
    pub fn view(&self, place: Place) -> View {
        self.unlinked.get(&place).copied().unwrap_or(self.view)
    }

    /// Zooms and pans a panel, and those that are linked to it.
    pub fn set_view(&mut self, place: Place, view: View) {
        match self.unlinked.get_mut(&place) {
            Some(own) => *own = view,
            None => self.view = view,
        }
    }

    /// Whether a panel moves with the others.
    pub fn is_linked(&self, place: Place) -> bool {
        !self.unlinked.contains_key(&place)
    }

    /// Takes a panel out of the link, or brings it back to where the others are.
    pub fn toggle_link(&mut self, place: Place) {
        if self.unlinked.remove(&place).is_none() {
            self.unlinked.insert(place, self.view);
        }
    }

    /// The pixels that are followed, oldest first.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Pins a pixel, or lets it go. With all colours in use the oldest pin makes place.
    pub fn toggle_pin(&mut self, pixel: Pixel) {
        if let Some(index) = self.pins.iter().position(|pin| pin.pixel == pixel) {
            self.pins.remove(index);
            return;
        }
        if self.pins.len() == PINS_MAX {
            self.pins.remove(0);
        }
        let taken = |color: &usize| self.pins.iter().any(|pin| pin.color == *color);
        if let Some(color) = (0..PINS_MAX).find(|color| !taken(color)) {
            self.pins.push(Pin { pixel, color });
        }
    }

    /// Lets all pins go.
    pub fn clear_pins(&mut self) {
        self.pins.clear();
    }

    /// Lets the pins go that lie outside pictures of this size.
    pub fn keep_pins_inside(&mut self, width: usize, height: usize) {
        self.pins
            .retain(|pin| pin.pixel.x < width && pin.pixel.y < height);
    }
}

#[cfg(test)]
mod tests {
    use egui::{Rect, pos2, vec2};

    use super::*;

    fn moved() -> View {
        let mut view = View::default();
        let panel = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 100.0));
        view.zoom_about(panel, vec2(64.0, 64.0), pos2(10.0, 10.0), 2.0, 1.0);
        view
    }

    #[test]
    fn linked_panels_move_together_and_an_unlinked_one_stays() {
        let mut viewer = Viewer::default();
        let (one, other) = (Place::Large, Place::Small(Layer::Gate));
        viewer.toggle_link(other);
        viewer.set_view(one, moved());
        assert_eq!(viewer.view(Place::Small(Layer::Truth)), moved());
        assert_eq!(viewer.view(other), View::default());
        viewer.set_view(other, moved());
        assert!(!viewer.is_linked(other));
        viewer.set_view(one, View::default());
        assert_eq!(viewer.view(other), moved());
        viewer.toggle_link(other);
        assert_eq!(viewer.view(other), View::default(), "back with the others");
    }

    #[test]
    fn pins_come_and_go_with_a_colour_of_their_own() {
        let mut viewer = Viewer::default();
        let pixel = |x| Pixel { x, y: 1 };
        for x in 0..8 {
            viewer.toggle_pin(pixel(x));
        }
        assert_eq!(viewer.pins().len(), PINS_MAX);
        assert_eq!(viewer.pins()[0].pixel, pixel(2), "the oldest made place");
        let mut colors: Vec<_> = viewer.pins().iter().map(|pin| pin.color).collect();
        colors.sort_unstable();
        assert_eq!(colors, [0, 1, 2, 3, 4, 5]);
        viewer.toggle_pin(pixel(4));
        assert!(viewer.pins().iter().all(|pin| pin.pixel != pixel(4)));
        viewer.keep_pins_inside(6, 2);
        let left: Vec<_> = viewer.pins().iter().map(|pin| pin.pixel.x).collect();
        assert_eq!(left, [2, 3, 5]);
        viewer.clear_pins();
        assert!(viewer.pins().is_empty());
    }
}
