//! `kizumi bench`.

use serde_json::Value;

use super::Place;

#[test]
fn bench_measures_what_it_says() {
    let arguments = [
        "bench",
        "--json",
        "--batch",
        "2",
        "--size",
        "64",
        "--channels",
        "1",
    ];
    let ran = Place::empty()
        .run(&[&arguments[..], &["--device", "cpu"]].concat())
        .succeeds();
    let stdout = ran.stdout();
    let row: Value = serde_json::from_str(stdout.lines().next().expect("a row")).expect("JSON");
    assert_eq!(
        (&row["batch"], &row["channels"], &row["size"]),
        (&2.into(), &1.into(), &64.into())
    );
    assert!(row["threads"].is_u64() && row["device"].is_string());
    for figure in ["forward_ms", "projection_ms", "train_ms"] {
        assert!(
            row[figure].as_f64().is_some_and(|value| value > 0.0),
            "{figure}: {row}"
        );
    }
    let features = stdout.lines().filter(|line| line.contains("features_px"));
    let sides = features.map(|line| {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert!(row["forward_ms"].as_f64() > Some(0.0) && row["gradient_ms"].as_f64() > Some(0.0));
        row["features_px"].as_u64()
    });
    assert_eq!(sides.collect::<Vec<_>>(), [Some(256), Some(512)]);
    // A step needs the forward pass, too.
    assert!(row["train_ms"].as_f64() > row["forward_ms"].as_f64());
    assert!(
        ran.json()["gemm_gflops"]
            .as_f64()
            .is_some_and(|value| value > 0.0)
    );
}
