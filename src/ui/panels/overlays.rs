//! What lies over the window: the command palette, the list of keys, a command line or a question for a path.

use egui::{Modal, Ui};

use crate::ui::action::Action;
use crate::ui::state::overlay::Overlay;

use super::{Panel, command_line_sheet, key_sheet, palette_sheet, path_sheet};

/// Draws what is open; a click beside it or Esc closes it.
pub fn show(ui: &Ui, panel: &mut Panel<'_>) {
    let Some(overlay) = panel.state.overlay.clone() else {
        return;
    };
    let modal = Modal::new(egui::Id::unique("overlay"));
    let closed = match overlay {
        Overlay::Palette(search) => {
            let modal = palette_sheet::place(modal);
            let shown = modal.show(ui.ctx(), |ui| palette_sheet::show(ui, panel, &search));
            shown.should_close()
        }
        Overlay::CommandLine => {
            let shown = modal.show(ui.ctx(), |ui| command_line_sheet::show(ui, panel));
            shown.should_close()
        }
        Overlay::AskPath(ask) => {
            let shown = modal.show(ui.ctx(), |ui| path_sheet::show(ui, panel, &ask));
            shown.should_close()
        }
        Overlay::Keys => {
            let shown = modal.show(ui.ctx(), |ui| key_sheet::show(ui, panel));
            shown.should_close()
        }
    };
    if closed {
        panel.actions.push(Action::SetOverlay(None));
    }
    // A field that is gone would otherwise keep the keys from the window for another frame.
    if panel.actions.contains(&Action::SetOverlay(None)) {
        ui.memory_mut(|memory| {
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
    }
}
