//! From inspected test images to figures.

use anyhow::Result;

use super::inspecting::{Inspected, inspect_each};
use super::model::Model;
use super::output::{count_of, say};
use super::progress::Progress;
use super::said::{fail, said};
use kizumi_compute::peers::{PeerDistances, Peers};
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::truth::MaskNote;
use kizumi_image::input::DataConfig;
use kizumi_image::shown::{path_text, shown};
use kizumi_method::config::{MapConfig, MapKind};
use kizumi_method::mapper::{Mapper, Seen};
use kizumi_method::metrics::{Evaluation, Evaluator, ImageCounts, OddMask, ScoredMap, TestImage};
use kizumi_report::contact_sheet::small_map;
use kizumi_report::picks::Picks;

/// Images on the contact sheet, for each reason to be there.
const PICKS: usize = 8;

/// What was measured of the test images so far.
pub struct Measuring<'a> {
    model: &'a Model,
    /// What the model is compared with.
    peers: Option<Peers>,
    evaluator: Evaluator,
    picks: Picks,
    odd_masks: Vec<MaskNote>,
    unreadable: usize,
}

impl<'a> Measuring<'a> {
    /// Nothing yet.
    pub fn new(model: &'a Model) -> Self {
        Self {
            model,
            peers: None,
            evaluator: Evaluator::default(),
            picks: Picks::new(PICKS),
            odd_masks: Vec::new(),
            unreadable: 0,
        }
    }

    /// The same, compared with these as well.
    #[must_use]
    pub fn beside(self, peers: Option<Peers>) -> Self {
        Self { peers, ..self }
    }

    /// Inspects the images of known kind one after another. How many cannot be used is said.
    ///
    /// # Errors
    /// When there are some and not one can be used, or the device fails.
    pub fn all(self, catalog: &Catalog) -> Result<Self> {
        let mut measuring = self;
        let labelled = catalog.labelled();
        let progress = Progress::new(said!("Evaluating", "評価中"), labelled.len() as u64);
        let broken = inspect_each(
            measuring.model,
            labelled.clone().cloned(),
            &progress,
            |inspected| {
                measuring.add(&inspected);
                Ok(())
            },
        )?;
        drop(progress);
        measuring.unreadable = broken;
        if broken > 0 {
            let images = count_of(broken, "test image");
            say(said!(
                "{images} could not be used.",
                "テスト画像{broken}枚を使えませんでした。"
            ));
            if broken == labelled.len() {
                let root = shown(&catalog.root);
                fail!(
                    "{root}: not one test image could be used",
                    "{root}：使えるテスト画像が1枚もありません"
                );
            }
        }
        Ok(measuring)
    }

    /// How the model sees files.
    pub fn data(&self) -> &'a DataConfig {
        &self.model.artifact.header.data
    }

    /// Takes one image.
    pub fn add(&mut self, inspected: &Inspected) {
        self.odd_masks.extend_from_slice(&inspected.truth.notes);
        let inspection = &inspected.inspection;
        let counted = inspected.counted.as_ref();
        let mean = self.model.artifact.normal_mean.as_ref();
        // A baseline knows nothing but the mean.
        let baseline = Mapper::from(MapConfig {
            kind: MapKind::Pixels,
            relative: false,
            ..self.model.map
        });
        let seen = Seen {
            valid: counted,
            ..Seen::new(&inspected.original)
        };
        let mean_map = mean.map(|mean| baseline.plain(&seen, mean));
        let bank = self.model.bank();
        let seen = Seen {
            distance: inspected.distance.as_ref(),
            ..seen
        };
        let bank_map = inspected
            .distance
            .as_ref()
            .map(|_| bank.plain(&seen, &inspected.original));
        let peer = self.model.peers(&inspected.original);
        let peer_maps = self.peers.as_ref().zip(inspected.view.as_ref());
        let peer_maps = peer_maps.map(|(peers, view)| {
            let PeerDistances { bank, by_place } = peers.distances(view);
            [bank, by_place].map(|distances| {
                let distance = distances.on_canvas(&inspected.placement);
                let seen = Seen {
                    distance: Some(&distance),
                    ..seen
                };
                peer.plain(&seen, &inspected.original)
            })
        });
        let peer_map = |at: usize| {
            let map = &peer_maps.as_ref()?[at];
            Some(ScoredMap {
                map,
                score: peer.score(map, counted).value,
            })
        };
        self.evaluator.add(&TestImage {
            kind: &inspected.entry.kind,
            placement: &inspected.placement,
            counted,
            mask: inspected.truth.mask.as_ref(),
            plain: ScoredMap {
                map: &inspection.plain_map,
                score: inspection.plain_score.value,
            },
            projected: ScoredMap {
                map: &inspection.projected_map,
                score: inspection.projected_score.value,
            },
            mean_image: mean_map.as_ref().map(|map| ScoredMap {
                map,
                score: baseline.score(map, counted).value,
            }),
            memory_bank: bank_map.as_ref().map(|map| ScoredMap {
                map,
                score: bank.score(map, counted).value,
            }),
            plain_bank: peer_map(0),
            gaussian_by_place: peer_map(1),
        });
        let map = &inspection.projected_map;
        self.picks
            .consider(&inspected.entry, inspection.projected_score.value, || {
                small_map(map, &inspected.placement, counted)
            });
    }

    /// The figures.
    pub fn evaluation(&self) -> Evaluation {
        let evaluation = self.evaluator.evaluation();
        Evaluation {
            images: ImageCounts {
                unreadable: self.unreadable,
                ..evaluation.images
            },
            masks_to_look_at: self.odd_masks.iter().map(odd_mask).collect(),
            ..evaluation
        }
    }

    /// The masks that somebody should look at.
    pub fn odd_masks(&self) -> &[MaskNote] {
        &self.odd_masks
    }

    /// What the figures are made of.
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// Upper end of the heatmaps' range, if normal images have set one.
    pub fn map_high(&self) -> Option<f32> {
        self.model.map_high()
    }

    /// The images that tell most.
    pub fn into_picks(self) -> Picks {
        self.picks
    }
}

/// As tables for programs have it.
fn odd_mask(note: &MaskNote) -> OddMask {
    OddMask {
        path: path_text(note.path()).into_owned(),
        reason: note.words(),
        left_out: note.is_left_out(),
    }
}
