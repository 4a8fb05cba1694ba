//! What `kizumi watch` says of scores that leave those of normal images, in a line of its own, and what such a line
//! says: whoever started the program reads it.

use kizumi_method::drift::{Drift, WINDOW};

/// The line for where the scores have gone; `None`: they are back.
pub fn drift_line(drift: Option<Drift>) -> String {
    match drift {
        Some(Drift::Higher) => format!(
            "warning: the last {WINDOW} scores are higher than those of the model's normal images: light, \
             focus or position may have changed, and good parts will be rejected soon."
        ),
        Some(Drift::Lower) => format!(
            "warning: the last {WINDOW} scores are lower than those of the model's normal images: the \
             pictures are others than those that it knows, and defects may be missed."
        ),
        None => format!("the last {WINDOW} scores are those of normal images again."),
    }
}

/// What a line says of that; `None` where it is about something else.
pub fn drift_of(line: &str) -> Option<Option<Drift>> {
    let all = [Some(Drift::Higher), Some(Drift::Lower), None];
    all.into_iter().find(|drift| drift_line(*drift) == line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_as_it_was_meant() {
        for drift in [Some(Drift::Higher), Some(Drift::Lower), None] {
            assert_eq!(drift_of(&drift_line(drift)), Some(drift));
        }
        assert_eq!(drift_of("warning: the disk is full"), None);
    }
}
