//! Step 1: data.

use crate::data::catalog::Kind;

/// Step 1: data.
pub struct Data {
    pub open_heading: &'static str,
    pub open_help: &'static str,
    pub path: &'static str,
    pub path_hint: &'static str,
    pub open: &'static str,
    pub browse: &'static str,
    pub browse_folder: &'static str,
    pub drop_hint: &'static str,
    pub drop_now: &'static str,
    pub recent_heading: &'static str,
    pub recent_images_heading: &'static str,
    pub demo_heading: &'static str,
    pub demo_help: &'static str,
    pub demo_washer: &'static str,
    pub demo_fabric: &'static str,
    pub try_demo: &'static str,
    pub model_heading: &'static str,
    pub model_help: &'static str,
    pub open_model: &'static str,
    pub open_image: &'static str,
    pub empty: &'static str,
    pub next_train: &'static str,
    pub next_inspect: &'static str,
    pub broken: fn(usize) -> String,
    pub test_images: &'static str,
    pub train_images: &'static str,
    pub preview: &'static str,
    pub preview_empty: &'static str,
    pub inspect_this: &'static str,
    pub normal: &'static str,
}

impl Data {
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.to_owned(),
            Kind::Defect(name) => name.replace(['_', '-'], " "),
        }
    }
}

/// English.
pub static ENGLISH: Data = Data {
    open_heading: "Open images",
    open_help: "A folder of normal images, or one with train/good, test and ground_truth.",
    path: "Path of a folder, an image or a model",
    path_hint: "Path of a folder, image or model",
    open: "Open",
    browse: "Browse…",
    browse_folder: "Open a folder…",
    drop_hint: "Or drop a folder, an image or a model onto the window.",
    drop_now: "Drop to open",
    recent_heading: "Recent folders",
    recent_images_heading: "Recent images",
    demo_heading: "Sample data",
    demo_help: "Two small sets with known defects, made on this machine.",
    demo_washer: "Washer (object)",
    demo_fabric: "Fabric (texture)",
    try_demo: "Try it with demo data",
    model_heading: "Already trained?",
    model_help: "Open a model and go straight to inspecting.",
    open_model: "Open model…",
    open_image: "Open image…",
    empty: "Open a folder of images of good parts. Kizumi learns from them what is normal.",
    next_train: "Next: train",
    next_inspect: "Inspect images",
    broken: |number| match number {
        1 => "1 file could not be used".to_owned(),
        _ => format!("{number} files could not be used"),
    },
    test_images: "Test images",
    train_images: "Normal images",
    preview: "Preview",
    preview_empty: "Choose an image on the left to look at it.",
    inspect_this: "Inspect this image",
    normal: "normal",
};
