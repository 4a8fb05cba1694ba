//! Tickets: which question an answer belongs to.
//!
//! Whoever asks gives an id to what is asked for; every answer brings it back. An answer that is no
//! longer wanted is seen as such by its id, whatever came in between.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(u64);

        impl From<u64> for $name {
            fn from(number: u64) -> Self {
                Self(number)
            }
        }
    )+};
}

ids! {
    /// A data set that was asked for.
    DatasetId;
    /// A model as it is, or as it will be once it is trained or changed. Another file name does not
    /// make another model; other weights, regions to ignore or a new calibration do.
    ModelId;
    /// Pixels to look at: an image file, or what a person made of it by painting.
    ImageId;
    /// A trajectory: one image, one model, and all parameters but the number of iterations.
    RunId;
    /// A grid of projections.
    SheetId;
    /// An inspection of many images.
    SetId;
    /// A search for settings.
    TuningId;
    /// A look at what a network would get.
    PreviewId;
}

/// Gives out ids, each one once.
#[derive(Clone, Debug, Default)]
pub struct Ids(u64);

impl Ids {
    /// An id that was not given out before.
    pub fn give<Id: From<u64>>(&mut self) -> Id {
        self.0 += 1;
        Id::from(self.0)
    }
}

/// What a projection is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunTicket {
    /// Whose x_0.
    pub image: ImageId,
    /// Whose network, regions and calibration.
    pub model: ModelId,
    /// Which trajectory of that image by that model.
    pub run: RunId,
}

/// What a request is about: a failure concerns this and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum About {
    /// The device, or whatever runs on it.
    Device,
    /// Opening a data set, or making one.
    Dataset(DatasetId),
    /// Looking for suspects among the training images of a data set.
    Suspects(DatasetId),
    /// The training that makes this model.
    Training(ModelId),
    /// Opening this model, or making it by a change of the one at hand.
    Model(ModelId),
    /// Writing this model to a file.
    Saving(ModelId),
    /// Opening an image, or painting on it.
    Image(ImageId),
    /// Reading an image at its own size.
    Source(ImageId),
    /// A projection.
    Run(RunId),
    /// The model that is kept to compare with.
    Rival,
    /// A grid of projections.
    Sheet(SheetId),
    /// An inspection of many images.
    Set(SetId),
    /// A search for settings.
    Tuning(TuningId),
    /// A look at what a network would get.
    Preview(PreviewId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_is_given_out_twice() {
        let mut ids = Ids::default();
        let first: ImageId = ids.give();
        let second: ImageId = ids.give();
        assert_ne!(first, second);
        assert_ne!(second, ImageId::default());
    }
}
