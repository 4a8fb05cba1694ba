//! Why verdicts are what they are, in words: the same in window, reports and command line.

use crate::words;
use kizumi_method::judgement::Reason;
use kizumi_method::likeness::Unlike;
use kizumi_method::limits::Limits;

use crate::number::trimmed;

words! {
    /// Why verdicts are what they are.
    pub struct Judging;

    above_threshold = "The score is above the threshold.",
        "スコアがしきい値を超えています。";
    near_threshold = "Near the threshold: a person should look.",
        "スコアがしきい値の近くです。人による確認が必要です。";
    too_few_normals = "Too few normal images to know the threshold.",
        "良品が少なく、しきい値を確定できません。";
    maps_disagree = "Plain and projected score say the opposite.",
        "再構成と投影のスコアで判定が食い違っています（一方は合格、他方は不合格）。";
    /// By brightness, colour, contrast, sharpness, layout; by its file; by two parts.
    unlike_model: [&'static str; 7] =
        [
            "Unlike the model's images: much brighter or darker.",
            "Unlike the model's images: another hue.",
            "Unlike the model's images: blank, other contrast.",
            "Unlike the model's images: out of focus or noisy.",
            "Unlike the model's images: other thing or place.",
            "The file's data and pixels do not agree.",
            "Two parts lie in the photograph; one is inspected.",
        ],
        [
            "モデルの画像と異なります：明るさが大きく違います。",
            "モデルの画像と異なります：色合いが違います。",
            "モデルの画像と異なります：無地か、コントラストが違います。",
            "モデルの画像と異なります：ピントずれか、ノイズがあります。",
            "モデルの画像と異なります：別の物か、位置が違います。",
            "ファイルのデータと画素が一致しません。",
            "写真に部品が2つあり、検査したのは1つだけです。",
        ];
    not_a_number = "The score is no number.", "スコアが数値になりません。";
    /// Lower end, upper end.
    between: fn(&str, &str) -> String =
        |low, high| format!("The threshold for all normals lies between {low} and {high} (90 %)."),
        |low, high| format!("すべての良品に対するしきい値は {low} から {high} の間です（90 %）。");
    /// Normals there are, lower end.
    at_least: fn(usize, &str) -> String =
        |normals, low| {
            let normals = match normals {
                1 => "1 normal image does".to_owned(),
                many => format!("{many} normal images do"),
            };
            format!("The threshold for all normals is hardly below {low}; how high, {normals} not tell.")
        },
        |normals, low| {
            format!("すべての良品に対するしきい値は {low} 以上ですが、良品{normals}枚では上限がわかりません。")
        };
}

impl Judging {
    /// A reason, as a sentence.
    pub fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::AboveThreshold => self.above_threshold,
            Reason::NearThreshold => self.near_threshold,
            Reason::TooFewNormals => self.too_few_normals,
            Reason::MapsDisagree => self.maps_disagree,
            Reason::UnlikeModel(unlike) => self.unlike(unlike),
            Reason::NotANumber => self.not_a_number,
        }
    }

    fn unlike(&self, unlike: Unlike) -> &'static str {
        self.unlike_model[unlike as usize]
    }

    /// How sure the reject threshold is; `None` where that is not known.
    pub fn uncertainty(&self, limits: &Limits) -> Option<String> {
        let between = limits.interval?;
        let low = trimmed(between.low);
        Some(match between.high {
            Some(high) => (self.between)(&low, &trimmed(high)),
            None => (self.at_least)(limits.normals, &low),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::decision::Decision;

    #[test]
    fn few_normals_say_what_they_do_not_tell() {
        let said = |normals: usize| {
            let normals: Vec<f32> = (1..=normals).map(|value| value as f32).collect();
            let limits = Limits::new(&Decision::default(), &normals)?;
            ENGLISH.uncertainty(&limits)
        };
        let few = said(3).unwrap_or_default();
        assert!(
            few.contains("below 2; how high, 3 normal images do not tell"),
            "{few}"
        );
        let many = said(1000).unwrap_or_default();
        assert!(many.contains("between 972 and 988"), "{many}");
    }

    #[test]
    fn every_way_of_being_unlike_has_words_of_its_own() {
        for text in [&ENGLISH, &JAPANESE] {
            let words = Unlike::ALL.map(|unlike| text.reason(Reason::UnlikeModel(unlike)));
            for (index, word) in words.iter().enumerate() {
                assert!(!word.is_empty() && !words[..index].contains(word));
            }
        }
    }
}
