//! Numbers as people read them.

/// Four significant digits: 0.01234, 12.34, 1234; very small and very large ones as 1.234e-7. What
/// is no number is a dash.
pub(super) fn number(value: impl Into<f64>) -> String {
    let value = value.into();
    if !value.is_finite() {
        return "–".into();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}")
}

/// The same without trailing zeros, for thresholds and scales: 0.06, 0.3.
pub(super) fn trimmed(value: impl Into<f64>) -> String {
    let text = number(value);
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

/// A share as percent with one decimal, two near the ends: 99.9 and 100 are not the same.
pub(super) fn percent(share: f64) -> String {
    // A share of 0.1 in single precision is not quite 10 %.
    let percent = (1e6 * share).round() / 1e4;
    if !percent.is_finite() {
        "–".into()
    } else if percent.fract() == 0.0 {
        format!("{percent:.0} %")
    } else if (1.0..=99.0).contains(&percent) {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.2} %")
    }
}

/// A rate that may be undefined.
pub(super) fn percent_or_dash(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), percent)
}

/// An area under a curve, three decimals.
pub(super) fn area(area: Option<f64>) -> String {
    area.map_or_else(|| "–".into(), |area| format!("{area:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_count() {
        for (value, text) in [
            (0.0, "0"),
            (0.012_345_6, "0.01235"),
            (-0.5, "-0.5000"),
            (12.345, "12.35"),
            (1234.5, "1234"),
            (98_765.4, "98765"),
            (1.5e-7, "1.500e-7"),
            (2e9, "2.000e9"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn zeros_at_the_end_may_go() {
        for (value, text) in [
            (0.06, "0.06"),
            (0.3, "0.3"),
            (12.0, "12"),
            (2000.0, "2000"),
            (2e9, "2.000e9"),
        ] {
            assert_eq!(trimmed(value), text);
        }
    }

    #[test]
    fn percents_tell_all_from_nearly_all() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.9995), "99.95 %");
        assert_eq!(percent(f64::from(0.1f32)), "10 %");
        assert_eq!(percent(0.5), "50 %");
        assert_eq!(percent(1.0 / 3.0), "33.3 %");
        assert_eq!(percent_or_dash(None), "–");
        assert_eq!(area(Some(0.98765)), "0.988");
    }
}
