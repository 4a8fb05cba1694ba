//! Reading many files at once, in bounded memory.

use rayon::prelude::*;

use super::decode::Limits;
use super::file_error::FileError;

/// Reads something of each item with `read`, which is told what a file may cost: on all cores within
/// [`Limits::PARALLEL`], and then what is beyond them within [`Limits::HARD`], one after the other. The results
/// are in the order of the items.
pub fn read_all<T: Sync, R: Send>(
    items: &[T],
    read: impl Fn(&T, Limits) -> Result<R, FileError> + Sync,
) -> Vec<Result<R, FileError>> {
    let results: Vec<_> = items
        .par_iter()
        .map(|item| read(item, Limits::PARALLEL))
        .collect();
    let results = items
        .iter()
        .zip(results)
        .map(|(item, result)| match result {
            Err(error) if error.reason.exceeds_limits() => read(item, Limits::HARD),
            result => result,
        });
    results.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::file_error::Reason;

    #[test]
    fn large_files_are_read_one_after_the_other_behind_the_others() {
        let hard = Mutex::new(Vec::new());
        let results = read_all(&[1, 200, 3, 400], |size, limits| match (*size, limits) {
            (3, _) => Err(Reason::Empty.of("3")),
            (100.., Limits::PARALLEL) => Err(Reason::TooManyBytes {
                bytes: *size,
                limit_bytes: 100,
            }
            .of("large")),
            (_, Limits::HARD) => {
                // Not on one of several threads at once.
                assert_eq!(rayon::current_thread_index(), None);
                hard.lock().unwrap().push(*size);
                Ok(*size)
            }
            _ => Ok(*size),
        });
        let found: Vec<Option<u64>> = results.into_iter().map(Result::ok).collect();
        assert_eq!(found, [Some(1), Some(200), None, Some(400)]);
        assert_eq!(hard.into_inner().ok(), Some(vec![200, 400]));
    }
}
