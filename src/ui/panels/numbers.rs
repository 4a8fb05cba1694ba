//! Numbers as people read them.

/// A count with thin groups of three: `12 000`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Seconds as `m:ss` or `h:mm:ss`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.clamp(0.0, 1e9).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A value to about three digits.
pub fn short(value: f32) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => "–".to_owned(),
        _ if size >= 1e5 => format!("{value:.1e}"),
        _ if size >= 100.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.1}"),
        _ if size >= 0.1 || size == 0.0 => format!("{value:.2}"),
        _ if size >= 1e-4 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// A number beside an axis that may be logarithmic.
pub fn axis_number(value: f64, log: bool) -> String {
    let rounded = if log { 10f64.powf(value) } else { value } as f32;
    if rounded.abs() < 1e-9 {
        return "0".to_owned();
    }
    if rounded.abs() >= 1e4 {
        return format!("{:.0}k", rounded / 1e3);
    }
    if rounded.abs() >= 1.0 && (rounded - rounded.round()).abs() < 1e-3 {
        return format!("{rounded:.0}");
    }
    short(rounded)
}

/// A number below an axis of things that are counted: nothing where there are none.
pub fn axis_count(value: f64) -> String {
    match value >= 0.0 && (value - value.round()).abs() < 1e-6 {
        true => count(value.round() as u64),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_readable() {
        assert_eq!(count(1_234_567), "1 234 567");
        assert_eq!(count(12), "12");
        assert_eq!(duration(3_725.4), "1:02:05");
        assert_eq!(duration(-1.0), "0:00");
        assert_eq!(short(1234.5), "1234");
        assert_eq!(short(0.0312), "0.0312");
        assert_eq!(short(f32::NAN), "–");
        assert_eq!(axis_number(2.0, true), "100");
        assert_eq!(axis_number(0.0, false), "0");
        assert_eq!(axis_number(20_000.0, false), "20k");
        let below = [-100.0, -50.0, 0.0, 12.5, 1e5].map(axis_count);
        assert_eq!(below, ["", "", "0", "", "100 000"]);
    }
}
