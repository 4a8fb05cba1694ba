//! Settings with a value that they may not have, and texts of settings.

use kizumi_image::setting::{Allowed, InvalidSetting, Setting, listed};
use kizumi_method::settings_text::{LineFault, SettingsTextError};

use super::Worded;

impl Worded for InvalidSetting {
    fn japanese(&self) -> String {
        let (name, value) = (name(self.setting), &self.value);
        match &self.allowed {
            Allowed::Within(least, most) => {
                format!("{name}の{value}は、{least}から{most}の範囲にありません")
            }
            Allowed::NotNegative => format!("{name}の{value}は、0以上の数ではありません"),
            Allowed::Positive => format!("{name}の{value}は、0より大きい数ではありません"),
            Allowed::OneOf(values) => {
                format!("{name}の{value}は、{}のどれでもありません", listed(values))
            }
            Allowed::Finite => format!("{name}の{value}は、有限の数ではありません"),
            Allowed::AtMost(other, most) => {
                format!(
                    "{name}の{value}が、{}の{most}を超えています",
                    self::name(*other)
                )
            }
            Allowed::Stored(wrong) => format!("保存されている{name}が正しくありません（{wrong}）"),
        }
    }
}

fn name(setting: Setting) -> &'static str {
    match setting {
        Setting::AdamBetas => "Adamのβ",
        Setting::Align => "位置合わせ",
        Setting::Alpha => "ステップ幅α",
        Setting::Batch => "バッチサイズ",
        Setting::Beta => "β",
        Setting::Brightness => "明るさの変化",
        Setting::Channels => "チャンネル数",
        Setting::Contrast => "コントラストの変化",
        Setting::Crop => "切り出し範囲",
        Setting::FalseAlarms => "過検出の割合",
        Setting::FalsePixels => "良品画素の過検出の割合",
        Setting::FeaturePeriod => "特徴量を計算する間隔",
        Setting::ImagesPerEpoch => "1エポックの枚数",
        Setting::Iterations => "反復回数",
        Setting::Lambda => "重みλ",
        Setting::Latent => "潜在ベクトルの長さ",
        Setting::LearningRate => "学習率",
        Setting::MmPerPx => "1画素のmm",
        Setting::Omega => "特徴量の重みω",
        Setting::PixelThreshold => "画素のしきい値",
        Setting::RejectThreshold => "不合格のしきい値",
        Setting::ReviewThreshold => "要確認のしきい値",
        Setting::Rotation => "回転（度）",
        Setting::Scale => "拡大縮小",
        Setting::ScorePercentile => "スコアの百分位",
        Setting::Shift => "平行移動",
        Setting::Size => "入力サイズ（画素）",
        Setting::Skips => "スキップ接続の数",
        Setting::Smoothing => "平滑化（画素）",
        Setting::TextureSide => "テクスチャの一辺（画素）",
        Setting::TimeLimit => "時間制限（秒）",
        Setting::Unsure => "要確認の幅",
        Setting::UsedBits => "16ビットのうち使われるビット数",
        Setting::ValidationFraction => "検証用の割合",
        Setting::View => "特徴量の解像度",
        Setting::Warp => "歪み",
        Setting::WeightDecay => "重み減衰",
        Setting::Width => "ネットワークの幅",
    }
}

impl Worded for SettingsTextError {
    fn japanese(&self) -> String {
        match self {
            Self::Line { line, fault } => format!("{line}行目：{}", fault.japanese()),
            Self::Nothing => "設定が1つもありません".into(),
        }
    }
}

impl Worded for LineFault {
    fn japanese(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("読み取れません（{why}）"),
            Self::NoHeading(before) => format!("{before}の前に見出しがありません"),
            Self::UnknownHeading { heading } => format!("{heading}という見出しはありません"),
            Self::UnknownSetting { setting, known } => {
                format!("{setting}という設定はありません。あるのは{known}です")
            }
            Self::NotFinite => "有限の数ではありません".into(),
            Self::Unfit { setting, why } => format!("{setting}に使えない値です（{why}）"),
            Self::Invalid(invalid) => invalid.japanese(),
        }
    }
}
