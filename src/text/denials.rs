//! What a worker does not do, and why.

use kizumi_engine::message::{Denial, Waiting};

use super::Worded;

impl Worded for Denial {
    fn japanese(&self) -> String {
        let words = match self {
            Self::NoImage => "先に画像を開いてください。",
            Self::OtherImage => "その間に別の画像が開かれました。",
            Self::NoModel => "先にモデルを学習するか、開いてください。",
            Self::NoModelToSave => "保存できるモデルがまだありません。",
            Self::OtherModel => "その間に別のモデルに替わりました。",
            Self::NoRival => "比較用に残したモデルがありません。",
            Self::NoFolder => "先に良品画像のフォルダを開いてください。",
            Self::NoDataOfModel => "先に、モデルが学習したデータセットを開いてください。",
            Self::OtherFolder => "その間に別のデータセットが開かれました。",
            Self::Undecided => {
                "フォルダのどの画像が良品かを先に指定してください。学習はあとから続けられます。"
            }
            Self::NoImages => "検査する画像がありません。",
            Self::NothingToCompare => "比較できる画像が2枚ありません。",
            Self::WhileTraining(waiting) => match waiting {
                Waiting::Training => "モデルをすでに学習しています。",
                Waiting::Calibrating => "モデルの学習中です。較正は学習の最後に行われます。",
                Waiting::Tuning => "モデルの学習中です。自動調整は学習のあとにできます。",
                Waiting::Comparing => "モデルの学習中です。画像の比較も学習の中で行われます。",
                Waiting::Leaving => "モデルの学習中です。先に学習を終えてください。",
                Waiting::Regions => "モデルの学習中は、無視する領域を変更できません。",
            },
            Self::RegionsOfTexture => {
                "テクスチャには決まった位置がないため、領域を無視できるのは物体のモデルだけです。"
            }
            Self::AllIgnored => "すべての画素を無視することはできません。",
            Self::NotFinite => "画像にNaNまたは無限大の値があります。",
            Self::EmptyGrid => "ステップ幅と重みが、それぞれ1つ以上必要です。",
            Self::Shape { own, needed } => {
                return format!(
                    "画像が{} x {}画素、{}チャンネルです。{} x {}画素、{}チャンネルが必要です。",
                    own.2, own.1, own.0, needed.2, needed.1, needed.0
                );
            }
            Self::TooManyTiles {
                picture_px: (width, height),
                tiles,
                most,
            } => {
                return format!(
                    "{width} x {height}画素は{tiles}タイルになり、反復を1回ずつ表示するには多すぎます（{most}まで）。\
                     「確認」または'kizumi inspect'で検査するか、テクスチャの一辺を小さくして学習してください。"
                );
            }
            Self::LargeGrid {
                asked: (alphas, lambdas),
                most,
            } => {
                return format!(
                    "ステップ幅{alphas}個と重み{lambdas}個の組み合わせは、上限の{most}組を超えています。"
                );
            }
            Self::HeavyGrid {
                projections,
                picture_px: (width, height),
                most,
            } => {
                return format!(
                    "{width} x {height}画素の投影{projections}個はメモリに収まりません。{most}個までです。"
                );
            }
            Self::Lost { reason } => {
                return format!("計算処理が異常終了したため、再起動しました（{reason}）。");
            }
            Self::Gone { reason, why } => {
                return format!("計算処理が異常終了し、再起動できません（{reason}、{why}）。");
            }
            Self::Mistake(reason) => return format!("プログラムに誤りがありました（{reason}）。"),
        };
        words.to_owned()
    }
}
