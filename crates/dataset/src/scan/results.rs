//! Which folders and pictures this program wrote: they are no images of parts.

/// Files of which a folder of results has all: of an inspection, an evaluation, a benchmark, one of its
/// runs.
const RESULTS: [&[&str]; 4] = [
    &["results.csv", "results.jsonl"],
    &["evaluation.json", "evaluation.csv"],
    &["benchmark.json", "benchmark.csv"],
    &["run.json", "model.safetensors"],
];

/// What the pictures of an inspection end in, before their ending.
const PICTURES: [&str; 5] = ["_heatmap", "_overlay", "_projected", "_strip", "_map"];

/// Whether a folder with these files in it holds results.
pub(crate) fn is_result_folder<'a>(files: impl Iterator<Item = &'a str> + Clone) -> bool {
    let has = |wanted: &str| files.clone().any(|file| file == wanted);
    RESULTS
        .iter()
        .any(|wanted| wanted.iter().all(|file| has(file)))
}

/// Whether a file in a folder of results is a picture of an inspection, by its name without the ending.
pub(crate) fn is_result_picture(stem: &str) -> bool {
    let stem = stem
        .strip_prefix("contact_sheet")
        .map_or(stem, |_| PICTURES[0]);
    PICTURES.iter().any(|ending| stem.ends_with(ending))
}
