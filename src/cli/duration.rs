//! Durations as people write them: `90s`, `10m`, `1h30m`.

use std::time::Duration;

use super::said::said;

/// Parses numbers with the units h, m, s, in this order; a number without a unit is seconds.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || {
        said!(
            "'{text}' is no duration such as 90s, 10m or 1h30m",
            "'{text}'は時間として読めません（例：90s、10m、1h30m）"
        )
    };
    if let Ok(seconds) = text.parse::<u32>() {
        return positive(Duration::from_secs(seconds.into()), text);
    }
    let mut rest = text;
    let mut seconds = 0u64;
    for (unit, unit_secs) in [("h", 3600), ("m", 60), ("s", 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let number: u32 = number.parse().map_err(|_| wrong())?;
            seconds += u64::from(number) * unit_secs;
            rest = after;
        }
    }
    if rest.is_empty() {
        positive(Duration::from_secs(seconds), text)
    } else {
        Err(wrong())
    }
}

fn positive(duration: Duration, text: &str) -> Result<Duration, String> {
    if duration.is_zero() {
        return Err(said!(
            "'{text}' leaves no time",
            "'{text}'では時間が0になります"
        ));
    }
    Ok(duration)
}

/// `45 s`, `9:05` (minutes and seconds) or `1:02:03`.
pub fn duration_text(secs: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    let (hours, minutes) = (secs / 3600, secs / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{secs} s"),
        (0, minutes) => format!("{minutes}:{:02}", secs % 60),
        (hours, minutes) => format!("{hours}:{minutes:02}:{:02}", secs % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        for (text, secs) in [
            ("90s", 90),
            ("10m", 600),
            ("1h30m", 5400),
            ("1h5s", 3605),
            ("7", 7),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_secs(secs)),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "0s", "0", "ten", "5x", "m", "-3s", "30m1h", "1.5h", "5 m",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_read_well() {
        let texts = [4.6, 65.0, 3723.0].map(duration_text);
        assert_eq!(texts, ["5 s", "1:05", "1:02:03"]);
    }
}
