//! Failures of the worker in the language of the window. In English they are said as they are logged.

use kizumi_engine::message::{Cause, Failure};
use kizumi_image::remark::{Remark, largest_of};
use kizumi_image::shown::shown;

use super::{Language, Text};

impl Text {
    /// What went wrong, with the file's name if there is one.
    pub fn failure(&self, failure: &Failure) -> String {
        let words = match self.language {
            Language::English => None,
            Language::Japanese => japanese(failure.cause),
        };
        match (words, &failure.path) {
            (None, _) => failure.text.clone(),
            (Some(words), None) => words,
            (Some(words), Some(path)) => format!("{}：{words}", shown(path)),
        }
    }
}

fn japanese(cause: Cause) -> Option<String> {
    let words = match cause {
        Cause::Remark(remark) => return Some(remark_in_japanese(remark)),
        Cause::Unreadable => "読み込めません。存在しないか、アクセスできません。",
        Cause::NotAnImage => "PNG、JPEG、BMP、TIFF、WebPの画像ではありません。",
        Cause::DamagedImage => "画像が壊れているか、途中で切れています。",
        Cause::OtherPixels => {
            "この種類の画像には対応していません。16ビットまでの整数か、0から1までの浮動小数点の静止画が必要です。"
        }
        Cause::OtherDepth => "モデルが学習した画像とビット深度が異なり、どの値が白か分かりません。",
        Cause::TooLarge => "画像が大きすぎます。",
        Cause::OutOfMemory => "画像が大きすぎて、空きメモリに収まりません。",
        Cause::TooSmall => "画像が小さすぎるか、細長すぎます。",
        Cause::MaskSize => "マスクと画像の大きさが一致しません。",
        Cause::MaskTooDark => "非可逆圧縮のマスクが暗すぎて、欠陥の範囲を読み取れません。",
        Cause::OddMask => {
            "マスクの内容を確認してください。何も塗られていないか、反転しているか、向きが違うか、正常画像のマスクです。"
        }
        Cause::NoImages => "使用できる画像がありません。",
        Cause::NotAModel => "Kizumiのモデルではないか、壊れています。",
        Cause::OtherVersion => "別のバージョンのKizumiのモデルです。",
        Cause::DiskFull => "ディスクの空き容量が足りません。",
        Cause::Forbidden => "アクセス権がありません。",
        Cause::Device => "計算デバイスに問題が発生しました。",
        Cause::Other => return None,
    };
    Some(words.to_owned())
}

fn remark_in_japanese(remark: Remark) -> String {
    match remark {
        Remark::AlphaIgnored => "アルファチャンネルがすべて0のため、無視しました。".into(),
        Remark::Reoriented => "向きのタグに従って回転しました。".into(),
        Remark::SeveralPages { page, pages } => {
            format!("全{pages}ページのうち、{page}ページ目だけを読み込みました。")
        }
        Remark::Animated => "アニメーションのうち、静止画だけを読み込みました。".into(),
        Remark::ChannelsIgnored { channels } => {
            format!("色とアルファ以外の{channels}チャンネルを無視しました。")
        }
        Remark::FloatingPoint { min, max } => {
            format!("浮動小数点の値（{min:.3}～{max:.3}）です。1を白とします。")
        }
        Remark::BitsUsed { used_bits } => format!(
            "16ビットのうち{used_bits}ビットが使われています。{}を白とします。",
            largest_of(used_bits)
        ),
        Remark::PerhapsDark { used_bits } => format!(
            "16ビットのうち{used_bits}ビットしか使われていないようですが、このモデルでは65535が白です。\
             画像が暗すぎる可能性があります。"
        ),
        Remark::OtherDepth { bits, model_bits } => format!(
            "{bits}ビットの画像です。モデルが学習した画像は{model_bits}ビットです。白同士を同じとみなします。"
        ),
        Remark::ToGrey => "モデルに合わせて、RGBをグレーに変換しました。".into(),
        Remark::ToRgb => "モデルに合わせて、グレーをRGBに変換しました。".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::text::{ENGLISH, JAPANESE};

    #[test]
    fn failures_are_said_in_the_language_of_the_window() {
        let failure = Failure {
            cause: Cause::NotAnImage,
            path: Some("/set/a.txt".into()),
            text: "/set/a.txt: is no PNG".into(),
        };
        assert_eq!(ENGLISH.failure(&failure), "/set/a.txt: is no PNG");
        let japanese = JAPANESE.failure(&failure);
        assert!(japanese.starts_with("/set/a.txt：PNG"), "{japanese}");
        assert!(!japanese.contains("is no"), "{japanese}");
        let remark = Failure::from(&Remark::BitsUsed { used_bits: 12 }).of("/set/b.tif");
        let english = "/set/b.tif: 12 of 16 bits are used; 4095 is white.";
        assert_eq!(ENGLISH.failure(&remark), english);
        let japanese = JAPANESE.failure(&remark);
        assert!(
            japanese.starts_with("/set/b.tif：16ビットのうち12"),
            "{japanese}"
        );
        let odd = Failure::from("odd");
        assert_eq!(
            JAPANESE.failure(&odd),
            "odd",
            "rather in English than not at all"
        );
    }
}
