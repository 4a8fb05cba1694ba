//! Projects that were open lately.

use egui::{Align, Layout, RichText, Ui, vec2};

use kizumi_image::shown::shown;

use crate::ui::action::Action;
use crate::ui::project::is_chosen_file;
use crate::ui::settings::RecentProject;
use crate::ui::state::file_name;
use crate::ui::theme::SECTION_GAP;
use crate::ui::widgets::{heading, palette, weak};

use super::Panel;

/// Projects that are listed; the command finds the others.
const LISTED_MAX: usize = 8;

/// Draws the list, the newest first; nothing where there is none.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let projects = &panel.state.settings.recent.projects;
    if projects.is_empty() {
        return;
    }
    let text = panel.text.project;
    ui.add_space(SECTION_GAP);
    heading(ui, text.recent_heading);
    weak(ui, text.recent_help);
    for project in projects.iter().take(LISTED_MAX) {
        if row(ui, panel, project) {
            let path = project.path.clone();
            panel.actions.push(Action::OpenProject(path));
        }
    }
}

/// One of them; whether it was chosen.
fn row(ui: &mut Ui, panel: &Panel<'_>, project: &RecentProject) -> bool {
    let palette = palette(ui);
    let text = panel.text.project;
    let data = project.data.as_deref();
    let name = match is_chosen_file(&project.path) {
        true => Some(project.path.as_path()),
        false => data.or(project.model.as_deref()),
    };
    let name = name.map_or_else(|| file_name(&project.path), file_name);
    let model = project.model.as_deref();
    let beside = model.map_or_else(|| text.no_model.to_owned(), file_name);
    let mut hint = Vec::new();
    hint.extend(data.map(|path| (text.data_path)(&shown(path).to_string())));
    hint.extend(model.map(|path| (text.model_path)(&shown(path).to_string())));
    hint.push((text.file_path)(&shown(&project.path).to_string()));
    let across = Layout::left_to_right(Align::Center);
    let size = vec2(ui.available_width(), 22.0);
    let row = ui.allocate_ui_with_layout(size, across, |ui| {
        let name = RichText::new(name).color(palette.accent);
        let link = ui.add(egui::Button::new(name).frame(false).truncate());
        let beside = RichText::new(beside).small().color(palette.weak);
        ui.add(egui::Label::new(beside).truncate());
        link.on_hover_text(hint.join("\n"))
    });
    row.inner.clicked()
}
