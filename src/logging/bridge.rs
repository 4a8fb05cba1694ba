//! What libraries say by way of the `log` crate goes where everything goes.

use log::{Level, LevelFilter, Log, Metadata, Record};

struct Bridge;

static BRIDGE: Bridge = Bridge;

/// Takes in what libraries say; details are not even written down.
pub fn install() {
    if log::set_logger(&BRIDGE).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
}

impl Log for Bridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        // The target of an event is fixed where it is written, so the library's is a field of it.
        let (from, text) = (record.target(), record.args());
        match record.level() {
            Level::Error => tracing::error!(target: "library", from, "{text}"),
            Level::Warn => tracing::warn!(target: "library", from, "{text}"),
            Level::Info => tracing::info!(target: "library", from, "{text}"),
            Level::Debug | Level::Trace => {}
        }
    }

    fn flush(&self) {}
}
