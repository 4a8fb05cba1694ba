//! The contact sheet: one image projected with a grid of step sizes and weights.

use kizumi_engine::message::{
    Command, Ids, ImageId, ModelId, Sheet, SheetCell, SheetId, SheetRequest,
};
use kizumi_method::config::{MapConfig, ProjectionConfig, Regulariser};

/// Seconds without a further change before the grid is computed.
const DEBOUNCE_SECS: f64 = 0.3;
/// The most columns, and the most rows.
pub const SIDE_MAX: usize = 9;
/// How far the first grid reaches to either side of the present values, as a factor.
const REACH: f32 = 4.0;

/// Values of a parameter, as much apart by factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The smallest, above zero.
    pub low: f32,
    /// The largest.
    pub high: f32,
    /// How many.
    pub count: usize,
}

impl Span {
    /// Around a value that lies in the middle; around `instead` where that is zero.
    fn around(value: f32, instead: f32, count: usize) -> Self {
        let middle = if value > 0.0 { value } else { instead };
        Self {
            low: middle / REACH,
            high: middle * REACH,
            count,
        }
    }

    /// The values, ascending.
    pub fn values(&self) -> Vec<f32> {
        let count = self.count.clamp(1, SIDE_MAX);
        let low = self.low.min(self.high).max(1e-6);
        let high = self.high.max(low);
        let value = |index: usize| {
            let share = index as f32 / (count - 1).max(1) as f32;
            let value = low * (high / low).powf(share);
            rounded(value)
        };
        match count {
            1 => vec![rounded((low * high).sqrt())],
            _ => (0..count).map(value).collect(),
        }
    }
}

/// To four digits: numbers that people can read, and the present values exactly.
fn rounded(value: f32) -> f32 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellPicture {
    /// The projected map.
    #[default]
    Heatmap,
    /// By how much that is off what the maps of all cells have in common.
    Deviation,
    /// x_t.
    Iterate,
}

/// What a person sets about the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SheetForm {
    /// Step sizes, one a column.
    pub alphas: Span,
    /// Weights, one a row.
    pub lambdas: Span,
    /// The page: which regulariser the weights are of.
    pub regulariser: Regulariser,
    /// What the cells show.
    pub picture: CellPicture,
}

impl SheetForm {
    /// A grid around these parameters.
    pub fn around(projection: &ProjectionConfig) -> Self {
        let usual = ProjectionConfig::default();
        Self {
            alphas: Span::around(projection.alpha, usual.alpha, 5),
            lambdas: Span::around(projection.lambda, usual.lambda, 3),
            regulariser: projection.regulariser,
            picture: CellPicture::default(),
        }
    }
}

/// A grid that was asked for.
#[derive(Debug)]
struct Page {
    id: SheetId,
    request: SheetRequest,
    /// As far as it came.
    sheet: Option<Sheet>,
}

/// The contact sheet of the open image.
#[derive(Debug, Default)]
pub struct ContactSheet {
    is_open: bool,
    /// What was set the last time it was open.
    form: Option<SheetForm>,
    /// The newest grid of each regulariser.
    pages: Vec<Page>,
    /// What is wanted now.
    wanted: Option<SheetRequest>,
    due_secs: Option<f64>,
    generation: u64,
}

impl ContactSheet {
    /// What was set, while the sheet is open.
    pub fn form(&self) -> Option<&SheetForm> {
        self.form.as_ref().filter(|_| self.is_open)
    }

    /// Opens it around these parameters, or as it was when they are one of its cells.
    pub fn open(&mut self, projection: &ProjectionConfig) {
        let holds = |form: &SheetForm| {
            form.regulariser == projection.regulariser
                && form.alphas.values().contains(&projection.alpha)
                && form.lambdas.values().contains(&projection.lambda)
        };
        if !self.form.as_ref().is_some_and(holds) {
            self.form = Some(SheetForm::around(projection));
        }
        self.is_open = true;
        self.wanted = None;
    }

    /// Changes what is set.
    pub fn set_form(&mut self, form: SheetForm) {
        if self.is_open {
            self.form = Some(form);
            self.generation += 1;
        }
    }

    /// Closes it; what was computed stays for the next time.
    pub fn close(&mut self) {
        self.is_open = false;
        self.wanted = None;
        self.due_secs = None;
    }

    /// The image or the model changed.
    pub fn forget(&mut self) {
        self.pages.clear();
        self.wanted = None;
        self.due_secs = None;
        self.generation += 1;
    }

    /// What is asked for, while the sheet is open.
    pub fn request(&self, projection: &ProjectionConfig, map: &MapConfig) -> Option<SheetRequest> {
        let form = self.form()?;
        let (alphas, lambdas) = (form.alphas.values(), form.lambdas.values());
        Some(SheetRequest {
            projection: ProjectionConfig {
                // Only the lists count: adopting one of their values changes no request.
                alpha: alphas[0],
                lambda: lambdas[0],
                regulariser: form.regulariser,
                ..*projection
            },
            alphas,
            lambdas,
            map: *map,
        })
    }

    /// The command that is due.
    pub fn due(
        &mut self,
        now_secs: f64,
        (image, model): (ImageId, ModelId),
        projection: &ProjectionConfig,
        map: &MapConfig,
        ids: &mut Ids,
    ) -> Option<Command> {
        let request = self.request(projection, map)?;
        if self.wanted.as_ref() != Some(&request) {
            let known = self.page(&request).is_some_and(is_complete);
            // The first grid comes at once, a change waits for the next.
            let wait_secs = if self.wanted.is_some() {
                DEBOUNCE_SECS
            } else {
                0.0
            };
            self.due_secs = (!known).then_some(now_secs + wait_secs);
            self.wanted = Some(request.clone());
            self.generation += 1;
        }
        if now_secs < self.due_secs? {
            return None;
        }
        self.due_secs = None;
        let regulariser = request.projection.regulariser;
        let id = ids.give();
        self.pages
            .retain(|page| page.request.projection.regulariser != regulariser);
        self.pages.push(Page {
            id,
            request: request.clone(),
            sheet: None,
        });
        Some(Command::ProjectSheet {
            sheet: id,
            image,
            model,
            request: Box::new(request),
        })
    }

    /// Seconds until [`ContactSheet::due`] has something to say, if ever.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        self.due_secs.map(|due_secs| (due_secs - now_secs).max(0.0))
    }

    /// The worker's news.
    pub fn computed(&mut self, sheet: Sheet) {
        let cells = sheet.request.alphas.len() * sheet.request.lambdas.len();
        if sheet.cells.len() != cells || cells == 0 {
            return;
        }
        if let Some(page) = self.pages.iter_mut().find(|page| page.id == sheet.id) {
            page.sheet = Some(sheet);
            self.generation += 1;
        }
    }

    /// The grid that is wanted, as far as it is computed.
    pub fn shown(&self) -> Option<&Sheet> {
        self.page(self.wanted.as_ref()?)
    }

    /// Changes whenever something else is shown.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    fn page(&self, request: &SheetRequest) -> Option<&Sheet> {
        let page = self.pages.iter().find(|page| page.request == *request);
        page?.sheet.as_ref()
    }
}

/// Whether no cell moves any more.
pub fn is_complete(sheet: &Sheet) -> bool {
    let ended = |cell: &SheetCell| cell.stop.is_some();
    sheet.t >= sheet.request.projection.iterations || sheet.cells.iter().all(ended)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::picture::Picture;
    use kizumi_method::config::MapKind;
    use kizumi_method::iterate::IterateScalars;

    const MAP: MapConfig = MapConfig {
        kind: MapKind::Pixels,
        relative: false,
        smoothing_px: 2.0,
        score_percentile: 100.0,
    };

    fn answer((id, request): &(SheetId, SheetRequest), t: usize) -> Sheet {
        let cells = request.alphas.len() * request.lambdas.len();
        let picture = Picture::filled(1, 2, 2, 0.5);
        let cell = SheetCell {
            scalars: IterateScalars::default(),
            iterate: picture.clone(),
            map: picture,
            score: 0.5,
            stop: None,
        };
        Sheet {
            id: *id,
            request: request.clone(),
            t,
            cells: vec![cell; cells],
        }
    }

    /// What is asked for at this time; the time serves as an id that is given out once.
    fn due(
        sheet: &mut ContactSheet,
        now_secs: f64,
        projection: &ProjectionConfig,
    ) -> Option<Command> {
        let mut ids = Ids::default();
        for _ in 0..(now_secs * 10.0) as u64 {
            ids.give::<SheetId>();
        }
        let of = (ImageId::from(1), ModelId::from(1));
        sheet.due(now_secs, of, projection, &MAP, &mut ids)
    }

    fn asked(sheet: &mut ContactSheet, now_secs: f64) -> Option<(SheetId, SheetRequest)> {
        match due(sheet, now_secs, &ProjectionConfig::default())? {
            Command::ProjectSheet { sheet, request, .. } => Some((sheet, *request)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_grid_has_the_present_values_in_its_middle() {
        let projection = ProjectionConfig::default();
        let form = SheetForm::around(&projection);
        assert_eq!(form.alphas.values(), [0.175, 0.35, 0.7, 1.4, 2.8]);
        assert_eq!(form.lambdas.values(), [0.0075, 0.03, 0.12]);
        let without_weight = ProjectionConfig {
            lambda: 0.0,
            ..projection
        };
        let form = SheetForm::around(&without_weight);
        assert!(form.lambdas.values().iter().all(|lambda| *lambda > 0.0));
    }

    #[test]
    fn any_span_gives_ascending_values() {
        for (low, high, count) in [(0.1, 1.0, 1), (2.0, 1.0, 3), (0.0, 0.0, 9), (0.1, 9.0, 99)] {
            let span = Span { low, high, count };
            let values = span.values();
            assert!((1..=SIDE_MAX).contains(&values.len()), "{span:?}");
            assert!(values.is_sorted() && values.iter().all(|value| *value > 0.0));
        }
    }

    #[test]
    fn a_grid_is_asked_for_once_and_again_after_a_change() {
        let mut sheet = ContactSheet::default();
        assert_eq!(asked(&mut sheet, 0.0), None, "it is closed");
        sheet.open(&ProjectionConfig::default());
        let request = asked(&mut sheet, 1.0).unwrap();
        assert_eq!(asked(&mut sheet, 1.1), None);
        sheet.computed(answer(&request, 3));
        assert_eq!(sheet.shown().unwrap().t, 3);

        let mut form = *sheet.form().unwrap();
        form.alphas.count = 3;
        sheet.set_form(form);
        assert_eq!(asked(&mut sheet, 2.0), None, "there may be more changes");
        assert!(sheet.shown().is_none(), "another grid is not shown for it");
        assert_eq!(asked(&mut sheet, 2.5).unwrap().1.alphas.len(), 3);
        sheet.computed(answer(&request, 4));
        assert!(sheet.shown().is_none(), "nor the late news of that");
    }

    #[test]
    fn a_page_that_was_computed_is_there_again() {
        let mut sheet = ContactSheet::default();
        sheet.open(&ProjectionConfig::default());
        let first = asked(&mut sheet, 0.0).unwrap();
        sheet.computed(answer(&first, 25));
        let mut form = *sheet.form().unwrap();
        form.regulariser = Regulariser::L2;
        sheet.set_form(form);
        asked(&mut sheet, 1.0);
        let second = asked(&mut sheet, 2.0).unwrap();
        assert_eq!(second.1.projection.regulariser, Regulariser::L2);
        sheet.computed(answer(&second, 4));

        form.regulariser = Regulariser::L1;
        sheet.set_form(form);
        assert_eq!(asked(&mut sheet, 3.0), None);
        assert_eq!(asked(&mut sheet, 9.0), None, "it is complete");
        assert_eq!(sheet.shown().unwrap().id, first.0);
        sheet.close();
        let adopted = ProjectionConfig {
            alpha: first.1.alphas[3],
            ..Default::default()
        };
        sheet.open(&adopted);
        assert_eq!(asked(&mut sheet, 10.0), None, "still there when reopened");
        sheet.forget();
        assert!(
            asked(&mut sheet, 11.0).is_some(),
            "but not of another image"
        );
    }

    #[test]
    fn adopting_a_cell_asks_for_nothing() {
        let mut sheet = ContactSheet::default();
        sheet.open(&ProjectionConfig::default());
        asked(&mut sheet, 0.0).unwrap();
        let adopted = ProjectionConfig {
            alpha: 2.0,
            lambda: 0.2,
            ..Default::default()
        };
        assert_eq!(due(&mut sheet, 5.0, &adopted), None);
        assert_eq!(sheet.next_due_secs(5.0), None);
    }

    #[test]
    fn a_sheet_with_cells_missing_is_ignored() {
        let mut sheet = ContactSheet::default();
        sheet.open(&ProjectionConfig::default());
        let request = asked(&mut sheet, 0.0).unwrap();
        let mut broken = answer(&request, 1);
        broken.cells.pop();
        sheet.computed(broken);
        assert!(sheet.shown().is_none());
    }
}
