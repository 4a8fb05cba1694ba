//! How much memory the machine has to spare.

/// The share of the free memory that one image may take.
const SHARE: u64 = 4;

/// Whether an image of so many bytes may be decoded where so many are free; nothing is known to be too much
/// where that is not known.
pub(super) fn fits(needed_bytes: u64, free_bytes: Option<u64>) -> bool {
    free_bytes.is_none_or(|free| needed_bytes <= free / SHARE)
}

/// Bytes that a program can have without others being written to disk, or `None` where the system does not
/// say: on Linux what the kernel takes for available, and what is left to the control group.
pub(super) fn free_bytes() -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let available = available(&read("/proc/meminfo")?)?;
    let group = || {
        let limit: u64 = read("/sys/fs/cgroup/memory.max")?.trim().parse().ok()?;
        let used: u64 = read("/sys/fs/cgroup/memory.current")?.trim().parse().ok()?;
        // What was read of files counts as used, and is given back.
        let files = field(&read("/sys/fs/cgroup/memory.stat")?, "inactive_file")?;
        Some(limit.saturating_sub(used.saturating_sub(files)))
    };
    Some(group().map_or(available, |left| available.min(left)))
}

fn available(meminfo: &str) -> Option<u64> {
    Some(1024 * field(meminfo, "MemAvailable:")?)
}

/// The number behind a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().map(str::split_ascii_whitespace);
    let mut line = lines.find_map(|mut words| (words.next() == Some(name)).then_some(words))?;
    line.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_what_is_free_may_be_taken() {
        assert!(fits(250, Some(1000)) && fits(u64::MAX, None));
        assert!(!fits(251, Some(1000)));
    }

    #[test]
    fn the_kernel_says_what_is_available() {
        let meminfo =
            "MemTotal:       8000000 kB\nMemFree:         100 kB\nMemAvailable:    2000 kB\n";
        assert_eq!(available(meminfo), Some(2_048_000));
        assert_eq!(available("MemTotal: 1 kB"), None);
        assert_eq!(free_bytes().is_some(), cfg!(target_os = "linux"));
    }
}
