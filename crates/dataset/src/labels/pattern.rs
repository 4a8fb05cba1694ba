//! Labels by the names of files: of a folder whose images are called `NG_17.png` and `ok_3.png`.

use std::fmt;
use std::str::FromStr;

use super::kind_name::{KindFault, kind_fault};
use super::{Label, Labels};

/// A label for the images whose names fit a pattern.
///
/// In a pattern `*` stands for any letters and `?` for one; capitals do not matter. Without a `/` it is of the name of
/// the file, with or without its ending; with one of the path below the folder, where `**` stands for folders, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The pattern.
    pub pattern: String,
    /// What the images show that fit it.
    pub label: Label,
}

/// What rules do to the images of a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorting {
    /// How many images each rule labels, in the order of the rules: the first one that fits an image counts.
    pub labelled: Vec<usize>,
    /// Images that a rule fits and that have a label, which they keep.
    pub kept: usize,
    /// Images that no rule fits.
    pub unfit: usize,
    /// What is said of which image from now on, by its place.
    pub labels: Vec<(usize, Label)>,
}

impl Rule {
    /// What is wrong with the kind of defect that it names, if anything.
    pub fn kind_fault(&self) -> Option<KindFault> {
        match &self.label {
            Label::Ng { kind } => kind.as_deref().and_then(|kind| kind_fault(kind.trim())),
            Label::Ok | Label::LeftOut => None,
        }
    }

    /// The label, of a kind without blanks around it.
    fn given(&self) -> Label {
        match &self.label {
            Label::Ng { kind: Some(kind) } => Label::Ng {
                kind: Some(kind.trim().to_owned()).filter(|kind| !kind.is_empty()),
            },
            label => label.clone(),
        }
    }
}

impl Sorting {
    /// Labels images by their names. Those that have another label keep it, unless it is to be `replaced`. A rule whose
    /// kind has a name that is none fits nothing.
    pub fn new<'a>(
        rules: &[Rule],
        images: impl Iterator<Item = &'a str>,
        known: &Labels,
        replaced: bool,
    ) -> Self {
        let mut sorting = Self {
            labelled: vec![0; rules.len()],
            ..Self::default()
        };
        let labels: Vec<Label> = rules.iter().map(Rule::given).collect();
        for (place, image) in images.enumerate() {
            let fits = |rule: &Rule| rule.kind_fault().is_none() && fits(&rule.pattern, image);
            let rule = rules.iter().position(fits);
            let label = known.get(image);
            match rule {
                None => sorting.unfit += 1,
                Some(rule) if label == Some(&labels[rule]) => sorting.labelled[rule] += 1,
                Some(_) if label.is_some() && !replaced => sorting.kept += 1,
                Some(rule) => {
                    sorting.labelled[rule] += 1;
                    sorting.labels.push((place, labels[rule].clone()));
                }
            }
        }
        sorting
    }
}

/// Whether an image of this name fits a pattern; an empty one fits none.
pub fn fits(pattern: &str, image: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<_>>()
    };
    let pattern = letters(pattern.trim());
    if pattern.is_empty() {
        return false;
    }
    let image = letters(image);
    let name = match pattern.contains(&'/') {
        true => &image[..],
        false => image
            .rsplit(|letter| *letter == '/')
            .next()
            .unwrap_or(&image),
    };
    let dot = name.iter().rposition(|letter| *letter == '.');
    let stem = &name[..dot.unwrap_or(name.len())];
    matches(&pattern, name) || matches(&pattern, stem)
}

/// Whether letters are as the pattern says, in time that grows with both lengths, not with the stars.
fn matches(pattern: &[char], name: &[char]) -> bool {
    // Which beginnings of the pattern fit what was read so far.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    pass_stars(pattern, &mut reached);
    for letter in name {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match wanted {
                '*' => {
                    let crosses =
                        pattern.get(at + 1) == Some(&'*') || at > 0 && pattern[at - 1] == '*';
                    next[at] |= *letter != '/' || crosses;
                }
                '?' => next[at + 1] |= *letter != '/',
                wanted => next[at + 1] |= wanted == letter,
            }
        }
        pass_stars(pattern, &mut next);
        reached = next;
    }
    reached[pattern.len()]
}

/// A star may stand for nothing.
fn pass_stars(pattern: &[char], reached: &mut [bool]) {
    for (at, wanted) in pattern.iter().enumerate() {
        if *wanted == '*' && reached[at] {
            reached[at + 1] = true;
        }
    }
}

/// As on the command line: `NG_*=NG`, `NG_*=NG:scratch`, `ok*=OK`, `test_*=out`.
impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (pattern, label) = text
            .rsplit_once('=')
            .ok_or("write PATTERN=OK, PATTERN=NG, PATTERN=NG:KIND or PATTERN=out")?;
        let (word, kind) = match label.split_once(':') {
            Some((word, kind)) => (word, Some(kind.trim())),
            None => (label, None),
        };
        let label = match (word.trim().to_lowercase().as_str(), kind) {
            ("ok", None) => Label::Ok,
            ("out", None) => Label::LeftOut,
            ("ng", None) => Label::NG,
            ("ng", Some(kind)) if !kind.is_empty() => Label::Ng {
                kind: Some(kind.to_owned()),
            },
            _ => {
                return Err(format!(
                    "{label:?} is none of OK, NG, NG:KIND and out (left out of training)"
                ));
            }
        };
        let pattern = pattern.trim().to_owned();
        if pattern.is_empty() {
            return Err("the pattern is empty".into());
        }
        let rule = Self { pattern, label };
        match (rule.kind_fault(), kind) {
            (Some(fault), Some(kind)) => Err(format!(
                "{kind:?} is no name of a kind, it {}",
                fault.words()
            )),
            _ => Ok(rule),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pattern = &self.pattern;
        match &self.label {
            Label::Ok => write!(f, "{pattern}=OK"),
            Label::Ng { kind: None } => write!(f, "{pattern}=NG"),
            Label::Ng { kind: Some(kind) } => write!(f, "{pattern}=NG:{kind}"),
            Label::LeftOut => write!(f, "{pattern}=out"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_of_names_or_of_paths() {
        for (pattern, image, expected) in [
            ("NG_*", "NG_17.png", true),
            ("ng_*", "day/NG_17.png", true),
            ("NG_*", "NGS_17.png", false),
            ("*_ng", "day/17_NG.png", true),
            ("*_ng", "17_ng_2.png", false),
            ("ok", "ok.png", true),
            ("ok.png", "ok.png", true),
            ("ok", "ok2.png", false),
            ("ok?", "ok2.png", true),
            ("*.bmp", "a/b.BMP", true),
            ("day/*", "day/1.png", true),
            ("day/*", "day/night/1.png", false),
            ("day/**", "day/night/1.png", true),
            ("**/ng*", "a/b/ng1.png", true),
            ("不良*", "不良_1.png", true),
            ("", "1.png", false),
            ("*", "1.png", true),
            ("***a***b***c", &"a".repeat(3000), false),
        ] {
            assert_eq!(fits(pattern, image), expected, "{pattern} {image}");
        }
    }

    #[test]
    fn the_first_rule_that_fits_counts_and_labels_stay_unless_they_are_to_be_replaced() {
        let rules = ["NG_s*=NG:scratch", "NG_*=NG", "ok*=OK"].map(|text| text.parse().unwrap());
        let images = ["NG_s1.png", "NG_2.png", "ok_1.png", "ok_2.png", "3.png"];
        let known = [("ok_1.png", Label::NG), ("NG_2.png", Label::NG)];
        let known = known.map(|(name, label)| (name.to_owned(), label));
        let known: Labels = known.into_iter().collect();
        let sorted = |replaced| Sorting::new(&rules, images.into_iter(), &known, replaced);
        let sorting = sorted(false);
        assert_eq!(sorting.labelled, [1, 1, 1]);
        assert_eq!((sorting.kept, sorting.unfit), (1, 1));
        let places: Vec<usize> = sorting.labels.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [0, 3], "what is said already is not said again");
        let sorting = sorted(true);
        assert_eq!((sorting.labelled[2], sorting.kept), (2, 0));
    }

    #[test]
    fn rules_are_written_as_they_are_read() {
        for text in ["NG_*=NG", "a=b*=NG:burr: long", "ok*=OK", "x=out"] {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
        }
        for text in ["NG_*", "*=bad", "=OK", "*=NG:", "*=OK:fine"] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
