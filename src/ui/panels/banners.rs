//! What a person should know, below the steps, until it is put away.

use std::path::{Path, PathBuf};

use egui::{Align, Frame, Layout, Margin, RichText, Stroke, Ui};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::notice::{Notice, Remedy};
use crate::ui::widgets::{icon_button, palette, weak};
use kizumi_method::config::DeviceChoice;

use super::Panel;

/// Banners shown at once; the others wait.
const SHOWN_MAX: usize = 3;

/// Draws the newest banners.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let notices = panel.state.notices.all();
    if notices.is_empty() {
        return;
    }
    let palette = palette(ui);
    let frame = Frame::new()
        .fill(palette.panel)
        .inner_margin(Margin::symmetric(12, 4));
    egui::Panel::top("banners").frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (index, notice) in notices.iter().take(SHOWN_MAX).enumerate() {
            banner(ui, index, notice, panel);
        }
        if let Some(more) = notices
            .len()
            .checked_sub(SHOWN_MAX)
            .filter(|more| *more > 0)
        {
            weak(ui, (panel.text.common.more_notices)(more));
        }
    });
}

fn banner(ui: &mut Ui, index: usize, notice: &Notice, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.common;
    let color = palette.level(notice.level);
    Frame::new()
        .fill(color.gamma_multiply(0.12))
        .stroke(Stroke::new(1.0, color.gamma_multiply(0.5)))
        .corner_radius(5)
        .inner_margin(Margin::symmetric(10, 3))
        .show(ui, |ui| {
            // A row first: a bare layout would take all the height that is left of the window.
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if icon_button(ui, Icon::Close, text.dismiss).clicked() {
                        panel.actions.push(Action::Dismiss(index));
                    }
                    if let Some(folder) = folder_of(notice)
                        && ui.button(text.show_in_folder).clicked()
                    {
                        panel.actions.push(Action::ShowFile(folder));
                    }
                    if let Some(remedy) = &notice.remedy
                        && ui.button(text.remedy(remedy)).clicked()
                    {
                        panel.actions.push(match remedy {
                            Remedy::ContinueOnCpu => Action::UseDevice(DeviceChoice::Cpu),
                            Remedy::Show(path) => Action::ShowFile(path.clone()),
                            Remedy::CopyPath(path) => Action::CopyPath(path.clone()),
                            Remedy::FindFolder(path) => Action::FindFolder(path.clone()),
                        });
                        panel.actions.push(Action::Dismiss(index));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let level = RichText::new(text.level(notice.level)).color(color);
                        ui.label(level);
                        let label =
                            RichText::new(panel.text.said(&notice.what)).color(palette.text);
                        ui.add(egui::Label::new(label).wrap());
                    });
                });
            });
        });
}

/// The folder of the file that a banner offers to show.
fn folder_of(notice: &Notice) -> Option<PathBuf> {
    match &notice.remedy {
        // A folder is shown itself.
        Some(Remedy::Show(path)) if path.extension().is_some() => {
            path.parent().map(Path::to_path_buf)
        }
        _ => None,
    }
}
