//! "How it works": the method in six lessons, each shown by the window's own pictures.

use crate::ui::layer::Layer;
use crate::ui::viewing::{Arrangement, Compare, Viewing};
use kizumi_engine::message::ModelId;
use kizumi_method::config::{Gate, ProjectionConfig, StepRule};

use super::State;
use super::history::Moment;
use super::timeline::Cursor;

/// What is taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// What the network makes of an image.
    Autoencoder,
    /// That it draws normal parts less sharply, too.
    Blur,
    /// That what is left is therefore spread over the image.
    Residual,
    /// How the projection moves some pixels and not others.
    Gate,
    /// What holds pixels where they are: L1 against L2.
    Norms,
    /// When it goes wrong.
    Limits,
}

impl Lesson {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// In order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Autoencoder,
        Self::Blur,
        Self::Residual,
        Self::Gate,
        Self::Norms,
        Self::Limits,
    ];

    /// The lesson so many places on, if there is one.
    pub fn neighbour(self, by: isize) -> Option<Self> {
        let place = (self as usize).checked_add_signed(by)?;
        Self::ALL.get(place).copied()
    }

    /// What is looked at: a layer, how it is compared and with what.
    fn look(self) -> (Layer, Compare, Layer) {
        match self {
            Self::Autoencoder => (Layer::Reconstruction, Compare::Single, Layer::Original),
            Self::Blur => (Layer::Reconstruction, Compare::Swipe, Layer::Original),
            Self::Residual => (Layer::Residual, Compare::Single, Layer::Original),
            Self::Gate => (Layer::Difference, Compare::Swipe, Layer::Residual),
            Self::Norms => (Layer::Difference, Compare::Single, Layer::Residual),
            Self::Limits => (Layer::Iterate, Compare::Swipe, Layer::Original),
        }
    }

    /// The projection that shows it: those that models come with hardly need λ, and where a gate keeps
    /// pixels, the norm has nothing to do.
    fn projection(self, usual: ProjectionConfig) -> ProjectionConfig {
        match self {
            // Short steps: the price of L1 is as steep next to x_0, where pixels go to and fro by α λ.
            Self::Norms => ProjectionConfig {
                alpha: 0.03,
                lambda: 0.1,
                iterations: 60,
                step: StepRule {
                    through: false,
                    gate: Gate::None,
                },
                ..ProjectionConfig::default()
            },
            Self::Limits => ProjectionConfig {
                alpha: 0.5,
                lambda: 0.05,
                ..ProjectionConfig::default()
            },
            _ => usual,
        }
    }
}

/// The lesson that is open, and what to go back to when it is closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenLesson {
    /// Which one.
    pub lesson: Lesson,
    viewing: Viewing,
    /// Of the model that was open then.
    projection: ProjectionConfig,
    model: Option<ModelId>,
    had_a: bool,
    /// Whether the maps of two models stood side by side.
    compared: bool,
}

impl State {
    /// Settings and view as they were before the first lesson, to be remembered.
    pub fn close_lessons(&mut self) {
        if self.lesson.is_some() {
            let moment = Moment {
                now_secs: 0.0,
                held: false,
            };
            self.show_lesson(None, moment);
        }
    }

    /// Opens a lesson, goes from one to another, or closes them: then everything is as it was before the
    /// first.
    pub fn show_lesson(&mut self, lesson: Option<Lesson>, moment: Moment) {
        let model = self.model.as_ref().map(|model| model.id);
        let mut open = self.lesson.unwrap_or_else(|| OpenLesson {
            lesson: Lesson::Autoencoder,
            viewing: self.settings.viewing,
            projection: self.settings.projection,
            model,
            had_a: self.inspecting.a().is_some() && !self.inspecting.a_is_of_rival(),
            compared: self.compared_model().is_some(),
        });
        if open.model != model {
            (open.model, open.projection) = (model, self.settings.projection);
        }
        if self.inspecting.a().is_some() && !open.had_a {
            self.drop_a();
        }
        if open.compared {
            self.compare_models(lesson.is_none());
        }
        // A network that has learned nothing has nothing to show, which is said in the lesson's place.
        let shown = lesson.filter(|_| !self.tells_by_features());
        let projection = shown.map(|lesson| lesson.projection(open.projection));
        let projection = projection.unwrap_or(open.projection);
        if self.settings.projection != projection {
            self.change_projection(projection, moment);
        }
        self.settings.viewing = match shown {
            None => open.viewing,
            Some(lesson) => {
                let (layer, compare, reference) = lesson.look();
                Viewing {
                    arrangement: Arrangement::Large,
                    layer,
                    compare,
                    reference,
                    divider: 0.5,
                    photograph: Some(false),
                    ..open.viewing
                }
            }
        };
        self.inspecting.timeline.set(match shown {
            Some(Lesson::Autoencoder | Lesson::Blur | Lesson::Residual) => Cursor::At(0),
            _ => Cursor::Follow,
        });
        self.lesson = lesson.map(|lesson| OpenLesson { lesson, ..open });
    }
}
