use super::*;
use kizumi_dataset::truth::MaskMatter;
use kizumi_method::metrics::Healing;

fn map(pixel: f64, image: f64) -> MapEvaluation {
    MapEvaluation {
        pixel_auroc: Some(pixel),
        pixel_average_precision: Some(0.5),
        pixel_best_f1: Some(BestF1 {
            f1: 0.625,
            threshold: 0.1,
        }),
        image_auroc: Some(image),
        ..MapEvaluation::default()
    }
}

fn evaluation(name: &str) -> Evaluation {
    let overall = KindEvaluation {
        plain: map(0.8, 0.9),
        projected: map(0.95, 0.7),
        mean_image: None,
        memory_bank: None,
        plain_bank: None,
        gaussian_by_place: None,
    };
    Evaluation {
        images: ImageCounts {
            normal: 3,
            defective: 2,
            left_out_of_pixel_auroc: 0,
            unreadable: 0,
        },
        overall,
        kinds: [(name.to_owned(), overall)].into(),
        masks_to_look_at: Vec::new(),
        healing: None,
    }
}

#[test]
fn gains_and_losses_are_said() {
    let text = table(&evaluation("scratch"), &[]);
    let rows = "\
kind         map          AUROC   AUPRO      AP      F1     AUROC      AP      F1
scratch      plain       0.8000       -  0.5000  0.6250    0.9000       -       -
             projected   0.9500       -  0.5000  0.6250    0.7000       -       -
all defects  plain       0.8000       -  0.5000  0.6250    0.9000       -       -";
    assert!(text.contains(rows), "{text}");
    assert!(text.contains("raises the pixel AUROC by 0.150"), "{text}");
    assert!(
        text.contains("hurts: it lowers the image AUROC by 0.200"),
        "{text}"
    );
    assert!(!text.contains("the AUPRO"), "{text}");
}

#[test]
fn a_better_baseline_is_said() {
    let mut evaluation = evaluation("scratch");
    evaluation.overall.mean_image = Some(map(0.9501, 0.75));
    let text = table(&evaluation, &[]);
    assert!(
        text.contains("             mean image  0.9501       -"),
        "{text}"
    );
    assert!(
        text.ends_with("does better: by 0.050 in image AUROC."),
        "{text}"
    );
    evaluation.overall.mean_image = Some(map(0.9, 0.6));
    assert!(!table(&evaluation, &[]).contains("does better"));
}

#[test]
fn healing_is_said_where_it_was_measured() {
    let mut evaluation = evaluation("scratch");
    assert!(!table(&evaluation, &[]).contains("synthetic defect"));
    evaluation.healing = Some(Healing {
        within: 0.314,
        outside: 0.001,
        untouched: 0.966,
        ..Healing::default()
    });
    let text = table(&evaluation, &[]);
    assert!(
        text.contains("0.31 of the error is left, 96.6 % of the other pixels stay"),
        "{text}"
    );
    evaluation.healing = evaluation.healing.map(|healing| Healing {
        within_seen: Some(0.204),
        seen: 0.55,
        ..healing
    });
    let text = table(&evaluation, &[]);
    let seen = "0.31 of the error is left (0.20 where features see it, 55 % of them), 96.6 %";
    assert!(text.contains(seen), "{text}");
}

#[test]
fn images_that_could_not_be_read_are_counted_apart() {
    let mut evaluation = evaluation("scratch");
    assert!(!table(&evaluation, &[]).contains("could not be read"));
    evaluation.images.unreadable = 2;
    let text = table(&evaluation, &[]);
    let head = "3 normal and 2 defective test images (0 left out of pixel figures); not counted: 2 that could \
                    not be read\n";
    assert!(text.starts_with(head), "{text}");
}

#[test]
fn masks_to_look_at_are_named_below_the_figures() {
    let evaluation = evaluation("scratch");
    assert!(!table(&evaluation, &[]).contains("Masks"));
    let odd = |number| {
        let matter = match number {
            1 => MaskMatter::Turned,
            _ => MaskMatter::NearlyAll(97),
        };
        MaskNote::Odd(format!("{number}_mask.png").into(), matter)
    };
    let mut masks: Vec<MaskNote> = (1..=MASKS_NAMED).map(odd).collect();
    let text = table(&evaluation, &masks);
    assert!(
        text.contains("Masks to look at: 10 (9 left out of pixel figures)"),
        "{text}"
    );
    assert!(
        text.contains("  10_mask.png: marks 97 % of the image"),
        "{text}"
    );
    masks.push(odd(11));
    assert!(table(&evaluation, &masks).ends_with("and 1 more: --json names all"));
}

#[test]
fn lines_stay_within_a_hundred_columns() {
    let text = table(&evaluation(&"長い名前".repeat(30)), &[]);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert_eq!(widest, Some(100), "{text}");
}

#[test]
fn what_is_missing_is_said() {
    let images = ImageCounts {
        normal: 3,
        ..Default::default()
    };
    let evaluation = Evaluation {
        images,
        ..Default::default()
    };
    let text = table(&evaluation, &[]);
    assert!(text.contains("needs defect images"), "{text}");
    assert!(!text.contains("NaN"), "{text}");
    let images = ImageCounts {
        defective: 3,
        ..Default::default()
    };
    let evaluation = Evaluation {
        images,
        ..Default::default()
    };
    let text = table(&evaluation, &[]);
    assert!(text.contains("needs normal test images"), "{text}");
    assert!(text.contains("in test/good"), "{text}");
}
