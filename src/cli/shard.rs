//! A part of a long list of images, for one of several machines.

use std::ops::Range;
use std::str::FromStr;

use super::said::said;

/// Part `number` of `count` parts, written `K/N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// 1 to `count`.
    number: u64,
    /// 1 or more.
    count: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self {
        number: 1,
        count: 1,
    };

    /// Whether it starts where the list does.
    pub fn is_first(self) -> bool {
        self.number == 1
    }

    /// Whether it is all there is.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }

    /// Its indices in a list of `total`: the parts follow each other, and no two differ in length
    /// by more than one.
    pub fn range(self, total: usize) -> Range<usize> {
        // At most `total`, so it fits again.
        let end =
            |parts: u64| (u128::from(parts) * total as u128 / u128::from(self.count)) as usize;
        end(self.number - 1)..end(self.number)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, count)| {
            let (number, count) = (number.parse().ok()?, count.parse().ok()?);
            (1..=count)
                .contains(&number)
                .then_some(Self { number, count })
        });
        parsed.ok_or_else(|| {
            said!(
                "K/N is wanted with 1 <= K <= N, such as 2/8 for the second of eight parts",
                "K/N（1 <= K <= N）の形で指定します。例：8つに分けた2番目は2/8"
            )
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_disjoint_complete_and_balanced() {
        for total in [0, 1, 2, 7, 100, 100_001] {
            for count in [1, 2, 3, 7, 64] {
                let mut end = 0;
                for number in 1..=count {
                    let range = Shard { number, count }.range(total);
                    assert_eq!(range.start, end);
                    let fair = total / count as usize;
                    assert!((fair..=fair + 1).contains(&range.len()), "{range:?}");
                    end = range.end;
                }
                assert_eq!(end, total);
            }
        }
        let last = format!("{0}/{0}", u64::MAX).parse::<Shard>().unwrap();
        assert_eq!(last.range(5), 4..5);
    }

    #[test]
    fn nonsense_is_refused_with_what_is_allowed() {
        for text in [
            "", "/", "1", "0/3", "4/3", "0/0", "x/y", "1/", "/2", "-1/2", "1/2/3", "1.0/2", "1/1e3",
        ] {
            let refused = text.parse::<Shard>().unwrap_err();
            assert!(refused.contains("1 <= K <= N"), "{text}");
        }
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
    }
}
