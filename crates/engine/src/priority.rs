//! Compute threads give way to the window's.

use std::sync::Once;

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// Below normal (50) on a scale of `0..=99`: on Linux a niceness of 9, on Windows "below normal".
const BELOW_NORMAL: u8 = 25;

/// Lets the calling thread wait whenever one of ordinary priority has something to do. A system that
/// refuses leaves it as it was: it computes all the same.
pub fn give_way() {
    let priority = BELOW_NORMAL.try_into().map(ThreadPriority::Crossplatform);
    if let Ok(priority) = priority {
        let _ = set_current_thread_priority(priority);
    }
}

/// Starts the threads that share the work of a computation so that they give way, unless they run
/// already.
pub fn start_compute_threads() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let threads = rayon::ThreadPoolBuilder::new()
            .thread_name(|index| format!("kizumi-compute-{index}"))
            .start_handler(|_| give_way());
        // Where something was computed before, they run as they are.
        let _ = threads.build_global();
    });
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The niceness of the calling thread: the 19th field of its `stat`, counted after the name.
    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().nth(16).unwrap().parse().unwrap()
    }

    #[test]
    fn a_thread_gives_way_and_leaves_others_alone() {
        let before = niceness();
        let given = std::thread::spawn(|| {
            give_way();
            niceness()
        });
        let given = given.join().unwrap();
        assert!(given > before, "{given} is not nicer than {before}");
        assert_eq!(niceness(), before);
    }
}
