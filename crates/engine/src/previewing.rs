//! What a network would get of an image, beside everything else: a person who draws a crop waits for nothing, and
//! nothing waits for what is learned of the part to align to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kizumi_compute::training::driver::reason_of;
use kizumi_image::align::{Learned, Learner};
use kizumi_image::crop::Area;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::prepare;
use kizumi_method::config::DataConfig;

use super::message::{Denial, Event, Failure, InputPreview, PreviewRequest};
use super::outbox::Outbox;
use super::priority;

/// Normal images that are enough to see how they are aligned; training takes more.
const ENOUGH: usize = 8;

/// What was learned last, for the next preview.
pub type Known = Arc<Mutex<Option<(Asked, Learned)>>>;

/// What it was learned from.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    normals: Vec<PathBuf>,
    reference: Option<PathBuf>,
    area: Option<Area>,
}

/// A thread that prepares one image. Dropped, it ends without a word.
pub struct Previewing {
    is_over: Arc<AtomicBool>,
}

impl Previewing {
    /// Starts the thread; a system that refuses one shows nothing, which is said.
    pub fn start(request: PreviewRequest, known: &Known, out: &mut Outbox) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let preview = request.preview;
        let (over, known, mut beside) = (Arc::clone(&is_over), Arc::clone(known), out.clone());
        let thread = std::thread::Builder::new().name("kizumi-preview".into());
        let started = thread.spawn(move || {
            priority::give_way();
            let run = || run(request, &known, &over).transpose();
            let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
                let reason = reason_of(panic.as_ref());
                Some(Err(Denial::Mistake(reason).into()))
            });
            if let Some(outcome) = outcome.filter(|_| !over.load(Ordering::Acquire)) {
                let preview = InputPreview { preview, outcome };
                beside.send(Event::InputPreviewed(Box::new(preview)));
            }
        });
        if let Err(error) = started {
            let text = format!("no thread to prepare the image: {error}");
            let outcome = Err(Failure::from(text));
            out.send(Event::InputPreviewed(Box::new(InputPreview {
                preview,
                outcome,
            })));
        }
        Self { is_over }
    }
}

impl Drop for Previewing {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// `None` when nobody waits for it any more.
fn run(
    request: PreviewRequest,
    known: &Known,
    is_over: &AtomicBool,
) -> Result<Option<(Picture, Placement)>, Failure> {
    let mut data = request.data;
    data.view = None;
    let align = data.align.as_ref();
    if let Some(align) = align.filter(|align| align.template.is_none()) {
        let asked = Asked {
            normals: request.normals,
            reference: align.reference.clone(),
            area: data.crop.map(|crop| crop.area),
        };
        match learned(asked, &data, known, is_over)? {
            Some(learned) => learned.align(&mut data),
            None => return Ok(None),
        }
    }
    let prepared = prepare(&request.path, &data, data.channels)?;
    Ok(Some((prepared.picture, prepared.placement)))
}

fn learned(
    asked: Asked,
    data: &DataConfig,
    known: &Known,
    is_over: &AtomicBool,
) -> Result<Option<Learned>, Failure> {
    // Whoever panicked with it left it whole: it is replaced at once.
    let last = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, learned)) = last().as_ref().filter(|(last, _)| *last == asked) {
        return Ok(Some(learned.clone()));
    }
    let step = asked.normals.len().div_ceil(ENOUGH).max(1);
    let normals: Vec<PathBuf> = asked.normals.iter().step_by(step).cloned().collect();
    let (reference, area) = (asked.reference.clone(), asked.area);
    let mut learner = Learner::new(&normals, reference, area, data.depth);
    while learner.learned().is_none() {
        if is_over.load(Ordering::Acquire) {
            return Ok(None);
        }
        let step = learner.step();
        step.map_err(Failure::from)?;
    }
    let learned = learner.learned().cloned();
    *last() = learned.clone().map(|learned| (asked, learned));
    Ok(learned)
}
