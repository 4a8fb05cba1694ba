//! Colours, type and spacing: one accent, three greys, light and dark.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, Style, TextStyle, Theme, ThemePreference, Visuals, vec2,
};

use super::icon;
use super::language::Language;
use super::settings::ThemeChoice;
use super::state::notice::Level;

/// A part of Noto Sans JP; `assets/subset_font.py` makes it.
const JAPANESE_OTF: &[u8] = include_bytes!("../../assets/NotoSansJP-subset.otf");
const JAPANESE_FONT: &str = "Noto Sans JP";

/// Space between parts that belong together, in points.
pub const GAP: f32 = 8.0;
/// Space between parts that do not, in points.
pub const SECTION_GAP: f32 = 14.0;
/// Inner margin of panels and cards, in points.
pub const MARGIN: i8 = 12;
/// Radius of cards and buttons.
pub const RADIUS: CornerRadius = CornerRadius::same(6);

/// The colours that egui's own style has no name for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub window: Color32,
    /// Bars and side panels.
    pub panel: Color32,
    /// Cards on the window.
    pub card: Color32,
    /// Behind pictures.
    pub picture: Color32,
    /// Thin lines around cards and between panels.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text of lesser weight.
    pub weak: Color32,
    /// Headings.
    pub strong: Color32,
    /// What can be acted on, what is chosen.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The accent, hardly there: behind what is chosen.
    pub tint: Color32,
    /// Good.
    pub good: Color32,
    /// Warnings.
    pub warning: Color32,
    /// Errors and defects.
    pub error: Color32,
    /// Lines of plots.
    pub curves: [Color32; 4],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const DARK: Palette = Palette {
    window: rgb(0x12_15_1a),
    panel: rgb(0x19_1d_24),
    card: rgb(0x1d_22_2a),
    picture: rgb(0x0b_0d_10),
    line: rgb(0x2d_34_3e),
    text: rgb(0xd5_da_e1),
    weak: rgb(0x90_9b_a9),
    strong: rgb(0xf4_f6_f8),
    accent: rgb(0x2f_b8_a4),
    on_accent: rgb(0x04_18_15),
    tint: rgb(0x1b_38_38),
    good: rgb(0x4c_c3_8a),
    warning: rgb(0xe8_ac_45),
    error: rgb(0xef_6a_62),
    curves: [
        rgb(0x35_c8_b2),
        rgb(0x6f_a8_f5),
        rgb(0xe9_a9_4a),
        rgb(0xc8_8f_f2),
    ],
};

const LIGHT: Palette = Palette {
    window: rgb(0xee_f1_f4),
    panel: rgb(0xf9_fa_fb),
    card: rgb(0xff_ff_ff),
    picture: rgb(0xdf_e3_e8),
    line: rgb(0xd3_d9_e0),
    text: rgb(0x22_2a_34),
    weak: rgb(0x5a_67_76),
    strong: rgb(0x0c_12_19),
    accent: rgb(0x0b_80_72),
    on_accent: rgb(0xff_ff_ff),
    tint: rgb(0xd5_ec_e8),
    good: rgb(0x1a_80_4e),
    warning: rgb(0xa8_6a_05),
    error: rgb(0xc2_33_2c),
    curves: [
        rgb(0x0b_8f_7e),
        rgb(0x2c_66_c8),
        rgb(0xc0_78_0c),
        rgb(0x8a_3f_c4),
    ],
};

impl Palette {
    /// The palette of the theme in force.
    pub fn of(visuals: &Visuals) -> &'static Self {
        if visuals.dark_mode { &DARK } else { &LIGHT }
    }

    /// The colour of a pinned pixel (Okabe and Ito's palette, which the colour-blind can tell
    /// apart; in the order of the words for them).
    pub fn pin(color: usize) -> Color32 {
        const PINS: [Color32; 6] = [
            rgb(0xe6_9f_00),
            rgb(0x56_b4_e9),
            rgb(0x00_9e_73),
            rgb(0xf0_e4_42),
            rgb(0xd5_5e_00),
            rgb(0xcc_79_a7),
        ];
        PINS[color % PINS.len()]
    }

    /// The colour of a banner.
    pub fn level(&self, level: Level) -> Color32 {
        match level {
            Level::Info => self.accent,
            Level::Warning => self.warning,
            Level::Error => self.error,
        }
    }
}

/// Installs both themes and the fonts of a language.
pub fn install(ctx: &Context, language: Language) {
    set_fonts(ctx, language);
    // The window has its own scale, which it remembers.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    ctx.set_style_of(Theme::Dark, style(Visuals::dark(), &DARK));
    ctx.set_style_of(Theme::Light, style(Visuals::light(), &LIGHT));
}

/// Takes the fonts that suit a language.
pub fn set_fonts(ctx: &Context, language: Language) {
    ctx.set_fonts(fonts(language));
}

/// Latin letters in egui's font with Japanese behind it, or all letters in the Japanese one, so
/// that a line has one look; and the icons in a family of their own.
pub fn fonts(language: Language) -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let japanese = FontData::from_static(JAPANESE_OTF);
    let icons = FontData::from_static(icon::FONT_TTF);
    fonts.font_data.extend([
        (JAPANESE_FONT.to_owned(), Arc::new(japanese)),
        (icon::FONT.to_owned(), Arc::new(icons)),
    ]);
    fonts.families.insert(
        FontFamily::Name(icon::FONT.into()),
        vec![icon::FONT.to_owned()],
    );
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        // The monospaced font has arrows and mathematical signs that the proportional one lacks.
        family.push("Hack".to_owned());
        let place = match language {
            Language::English => family.len(),
            Language::Japanese => 0,
        };
        family.insert(place, JAPANESE_FONT.to_owned());
    }
    if let Some(family) = fonts.families.get_mut(&FontFamily::Monospace) {
        family.push(JAPANESE_FONT.to_owned());
    }
    fonts
}

/// Light, dark, or as the desktop.
pub fn choose(ctx: &Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::Dark => ThemePreference::Dark,
    });
}

fn style(mut visuals: Visuals, palette: &Palette) -> Style {
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.card;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = RADIUS;
    visuals.menu_corner_radius = RADIUS;
    visuals.faint_bg_color = palette.card;
    visuals.extreme_bg_color = palette.window;
    visuals.text_edit_bg_color = Some(palette.window);
    visuals.code_bg_color = palette.window;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.hyperlink_color = palette.accent;
    visuals.weak_text_color = Some(palette.weak);
    visuals.selection.bg_fill = palette.tint;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals.popup_shadow = Shadow {
        offset: [0, 4],
        blur: 12,
        spread: 0,
        color: Color32::from_black_alpha(if visuals.dark_mode { 110 } else { 40 }),
    };
    visuals.indent_has_left_vline = false;

    let button = if visuals.dark_mode {
        [rgb(0x2a_31_3b), rgb(0x35_3e_4a), rgb(0x40_4a_58)]
    } else {
        [rgb(0xe9_ed_f1), rgb(0xdd_e3_e9), rgb(0xd0_d8_e0)]
    };
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(5);
        widget.expansion = 0.0;
        widget.fg_stroke = Stroke::new(1.0, palette.text);
    }
    widgets.noninteractive.bg_fill = palette.card;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    for (widget, fill) in [
        (&mut widgets.inactive, button[0]),
        (&mut widgets.hovered, button[1]),
        (&mut widgets.active, button[2]),
        (&mut widgets.open, button[1]),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, palette.line);
    }
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.weak);
    widgets.hovered.fg_stroke = Stroke::new(1.5, palette.strong);
    widgets.active.bg_stroke = Stroke::new(1.0, palette.accent);
    widgets.active.fg_stroke = Stroke::new(1.5, palette.strong);

    let mut style = Style {
        visuals,
        text_styles: text_styles(),
        ..Style::default()
    };
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(10.0, 4.0);
    style.spacing.interact_size = vec2(32.0, 24.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.slider_rail_height = 4.0;
    style.spacing.icon_width = 16.0;
    style.spacing.icon_width_inner = 9.0;
    style.spacing.tooltip_width = 320.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style
}

fn text_styles() -> BTreeMap<TextStyle, FontId> {
    use FontFamily::{Monospace, Proportional};
    [
        (TextStyle::Small, FontId::new(12.0, Proportional)),
        (TextStyle::Body, FontId::new(14.0, Proportional)),
        (TextStyle::Button, FontId::new(14.0, Proportional)),
        (TextStyle::Monospace, FontId::new(12.5, Monospace)),
        (TextStyle::Heading, FontId::new(19.0, Proportional)),
    ]
    .into()
}
