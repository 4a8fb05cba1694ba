//! What well-known methods make of the features of a model's training images.

use super::model::Model;
use super::progress::Progress;
use super::said::said;
use kizumi_compute::peers::{Peers, PeersBuilder};
use kizumi_dataset::catalog::Catalog;
use kizumi_image::picture::Picture;
use kizumi_image::prepare::prepare_within;
use kizumi_image::read_all::read_all;

/// Files read at once.
const TOGETHER: usize = 16;

/// Learns of the normal images for training; of what cannot be read the training has said so. `None` for a model
/// that looks at no features.
pub fn learn(model: &Model, catalog: &Catalog) -> Option<Peers> {
    let header = &model.artifact.header;
    header.data.view?;
    let progress = Progress::new(
        said!("Learning what others do", "比較用の手法を学習中"),
        catalog.train.len() as u64,
    );
    let mut builder = PeersBuilder::default();
    for entries in catalog.train.chunks(TOGETHER) {
        let read = read_all(entries, |entry, limits| {
            let channels = Some(header.network.channels);
            prepare_within(&entry.path, &header.data, channels, limits)
        });
        let views = read.iter().flatten();
        let views: Vec<&Picture> = views.filter_map(|read| read.view.as_ref()).collect();
        builder.add(&views);
        entries.iter().for_each(|_| progress.add_one());
    }
    builder.finish()
}
