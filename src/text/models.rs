//! What keeps a model from being read, trained, measured or used, and how closely it looks.

use kizumi_compute::artifact::{ArtifactError, Scales};
use kizumi_compute::model_normals::RecalibrationError;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::training::autosave::Running;
use kizumi_compute::training::news::{Kept, TrainingError};
use kizumi_compute::training::run::RunError;
use kizumi_dataset::loader::LoadError;
use kizumi_engine::message::Cause;
use kizumi_image::align::LearnError;
use kizumi_image::crop::Area;
use kizumi_image::shown::shown;

use super::Worded;
use super::errors::japanese_line;
use super::failures::of_cause;

impl Worded for ArtifactError {
    fn japanese(&self) -> String {
        match self {
            Self::Read { path, source } => format!("{}：{}", shown(path), source.japanese()),
            Self::Write(error) => japanese_line(error),
            Self::Invalid { path, reason } => {
                let words = of_cause(&Cause::from(reason)).unwrap_or_default();
                format!("{}：{words}（{reason}）", shown(path))
            }
            Self::Unreadable(why) => format!("保存すると読み込めないモデルになります（{why}）"),
            Self::Compute(error) => error.japanese(),
        }
    }
}

impl Worded for ComputeError {
    fn japanese(&self) -> String {
        match self {
            Self::Device(why) => format!("計算デバイスに問題が発生しました（{why}）"),
            Self::Input(why) => format!("画像を計算に使えません（{why}）"),
            Self::NotFinite(why) => format!("計算結果がNaNまたは無限大になりました（{why}）"),
        }
    }
}

impl Worded for LoadError {
    fn japanese(&self) -> String {
        match self {
            Self::NoImages => "読み込む画像がありません".into(),
            Self::AllBroken { count, first } => {
                format!(
                    "画像{count}枚のどれも使えません。最初の1枚：{}",
                    first.japanese()
                )
            }
        }
    }
}

impl Worded for RecalibrationError {
    fn japanese(&self) -> String {
        match self {
            Self::Load(error) => error.japanese(),
            Self::Refused(refusal) => refusal.japanese(),
            Self::Compute(error) => error.japanese(),
        }
    }
}

impl Worded for TrainingError {
    fn japanese(&self) -> String {
        let reason = match &self.error {
            Some(error) => japanese_line(error),
            None => self.reason.clone(),
        };
        and_kept(reason, self.kept.as_ref())
    }
}

/// Why a training failed, and where its weights are.
pub(super) fn and_kept(reason: String, kept: Option<&Kept>) -> String {
    match kept {
        Some(Kept::Autosave(path)) => {
            format!("{reason}。学習した内容は {} にあります", shown(path))
        }
        Some(Kept::Model(path)) => format!("{reason}。モデルは {} です", shown(path)),
        None => reason,
    }
}

impl Worded for RunError {
    fn japanese(&self) -> String {
        match self {
            Self::Load(error) => error.japanese(),
            Self::Align(error) => format!("位置合わせできません：{}", error.japanese()),
            Self::Refused(refusal) => refusal.japanese(),
            Self::Thread(error) => {
                format!("学習用のスレッドを作成できません（{}）", error.japanese())
            }
            Self::Batches => "学習画像を作るスレッドが終了しました".into(),
            Self::Compute(error) => error.japanese(),
        }
    }
}

impl Worded for Running {
    fn japanese(&self) -> String {
        format!("{}：この学習は実行中です", shown(&self.0))
    }
}

impl Worded for LearnError {
    fn japanese(&self) -> String {
        match self {
            Self::Reference(error) => error.japanese(),
            Self::Nothing => "基準にできる良品の写真がありません".into(),
            Self::CropBeyond {
                area,
                photograph_px: (width, height),
            } => format!(
                "切り出し範囲{area}が、基準の写真（{width} x {height}画素）からはみ出しています"
            ),
            Self::TooFew { photographs } => format!(
                "良品の写真が{photographs}枚しかなく、部品と背景を区別できません。--cropで範囲を指定するか、\
                 写真を増やしてください"
            ),
            Self::NothingShared { reference } => format!(
                "良品の写真に、基準の写真 {} と共通の部品がありません。--cropで範囲を指定するか、\
                 別の写真を基準にしてください",
                shown(reference)
            ),
            Self::Blank { reference } => format!(
                "基準の写真 {} に、位置合わせに使えるものが写っていません。別の写真を基準にしてください",
                shown(reference)
            ),
            Self::NoEdges { area, reference } => format!(
                "基準の写真 {} の切り出し範囲{area}に、位置合わせに使える輪郭がありません",
                shown(reference)
            ),
        }
    }
}

impl Worded for Scales {
    /// A sentence.
    fn japanese(&self) -> String {
        let ((width, height), (across, down)) = (self.source_px, self.pixel_px);
        let mut text = format!("{width} x {height}画素のファイル");
        if let Some(Area {
            x,
            y,
            width,
            height,
        }) = self.crop
        {
            text += &format!("（({x}, {y})からの{width} x {height}画素を使用）");
        }
        if self.aligned {
            text += "を部品に位置合わせして";
        }
        text += &format!("では、ネットワークの1画素が{across:.1} x {down:.1}画素");
        if let Some((across, down)) = self.cell_px {
            text += &format!("、特徴の1マスが{across:.1} x {down:.1}画素");
        }
        text + "に当たります。"
    }
}
