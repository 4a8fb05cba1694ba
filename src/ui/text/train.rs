//! Step 2: training.

use crate::ui::panels::numbers::count;
use crate::ui::state::file_name;
use crate::ui::state::training::Phase;
use kizumi_engine::message::{Interrupted, Job, ModelInfo};
use kizumi_report::words;

words! {
    /// Step 2: training.
    pub struct Train;

    which_heading = "What is trained", "学習するモデル";
    new_model = "A new model", "新しいモデル";
    /// Name of the open model.
    open_model_further: fn(&str) -> String = |name| format!("{name}, further"),
        |name| format!("{name} を追加学習");
    open_model_help = "Below are the settings of this model; they stay as they are.",
        "以下はこのモデルの設定です。変更できません。";
    further_images = "Images", "枚数";
    further_images_help = "Augmented images that it sees before training ends by itself.",
        "データ拡張後の画像をこの枚数だけ学習すると終了します。";
    form_heading = "Training settings", "学習設定";
    form_help = "A change here takes effect with the next training.",
        "変更は次回の学習から有効になります。";
    network_heading = "Network", "ネットワーク";
    training_heading = "Training", "学習";
    augment_heading = "Augmentation", "データ拡張";
    mode = "Mode", "モード";
    mode_help = "Object: the network sees the whole image. Texture: it learns from crops, and \
        overlapping tiles cover a test image.",
        "物体：画像全体をネットワークに入力します。テクスチャ：切り出した領域で学習し、\
        テスト画像は重なり合うタイルで覆って検査します。";
    mode_object = "Object", "物体";
    mode_texture = "Texture", "テクスチャ";
    size = "Input size", "入力サイズ";
    size_help = "Side of the square that the network sees. Larger shows finer defects and takes \
        longer.",
        "ネットワークに入力する正方形の一辺です。大きいほど細かい欠陥が見えますが、\
        時間がかかります。";
    aspect = "Aspect", "縦横比";
    aspect_help = "How an image that is not square becomes square.",
        "正方形でない画像を正方形にする方法です。";
    aspect_stretch = "Stretch", "引き伸ばす";
    aspect_letterbox = "Letterbox", "余白を付ける";
    side = "Image side", "画像の短辺";
    side_help = "Images are scaled so that their shorter side is at most this.",
        "短辺がこの値以下になるように画像を縮小します。";
    part = "Part of the photographs", "写真の範囲";
    part_help = "Draw a rectangle around the part: beside it a new one, at its edges to stretch it, in it to move it.",
        "部品を囲む範囲を描いてください。端をつかむと大きさ、内側をつかむと位置が変わり、外側からは新しい範囲を描けます。";
    part_fixed = "The model that is trained has its own: it cannot be changed.",
        "学習中または追加学習するモデルの範囲です。変更できません。";
    part_open = "Show on a photograph", "写真の上で指定";
    part_close = "Close", "閉じる";
    part_needs_image = "Choose an image first.", "先に画像を選んでください。";
    part_draw = "Draw the part here", "ここに範囲を描く";
    part_input = "What the network gets", "ネットワークへの入力";
    part_learning = "Looking for what the normal images have in common…", "良品画像に共通する部品を探しています…";
    /// Width and height of what is seen, and the side of the network's input, in pixels.
    part_size: fn((usize, usize), usize) -> String =
        |(width, height), side| format!("{width} × {height} px of the file, at {side} px"),
        |(width, height), side| format!("ファイルの {width} × {height} px（入力は {side} px）");
    /// By how much the part lies beside its place in the reference, in pixels, and how far it is turned, in degrees.
    part_pose: fn((f64, f64), f64) -> String =
        |(x, y), degrees| format!("Found: moved by {x:+.0}, {y:+.0} px, turned by {degrees:+.1}°"),
        |(x, y), degrees| format!("検出：移動 {x:+.0}, {y:+.0} px、回転 {degrees:+.1}°");
    part_whole = "All of the photograph is seen.", "写真全体を使います。";
    part_shared = "The part is what the normal images have in common.", "良品画像に共通する部分を部品とみなします。";
    align = "Align", "位置合わせ";
    align_help = "Looks for the part in every photograph, and moves and turns it to where it lies in the one that it was drawn in, \
        else in the first normal one. Photographs without it are refused.",
        "各写真で部品を探し、範囲を描いた写真（なければ最初の良品）と同じ位置と向きに合わせます。部品が見つからない写真は検査しません。";
    crop_left = "Crop left", "範囲の左端";
    crop_top = "Crop top", "範囲の上端";
    crop_width = "Crop width", "範囲の幅";
    crop_height = "Crop height", "範囲の高さ";
    crop_help = "In pixels of the file.", "ファイルの画素数です。";
    crop_clear = "Whole photograph", "写真全体";
    channels = "Colour", "色";
    channels_help = "Automatic takes grey when every training image is grey.",
        "自動では、学習画像がすべてグレーのときにグレーになります。";
    channels_auto = "Automatic", "自動";
    channels_grey = "Grey", "グレー";
    channels_rgb = "RGB", "RGB";
    latent = "Latent length", "潜在次元数";
    latent_help = "Length of the vector that describes an image. Short ones forget defects and \
        detail alike.",
        "画像を表す潜在ベクトルの長さです。短いほど欠陥を再現しにくくなりますが、\
        細部も失われます。";
    width = "Width", "チャネル幅";
    width_help = "Channels of the first layer. The paper's network has 32; halving it is about \
        four times as fast.",
        "最初の層のチャネル数です。論文のネットワークは32で、半分にすると約4倍速くなります。";
    skips = "Skip connections", "スキップ接続";
    skips_help = "Carry detail past the latent, the coarsest first. The restoring autoencoder \
        gains by them; with the others the network may learn to copy defects.",
        "潜在変数を通らずに細部を伝えます。粗いものから順に使います。復元型に有効です。\
        ほかの目的関数では、欠陥までそのまま写すことがあります。";
    objective = "Objective", "目的関数";
    objective_help = "What training minimises. VAE, γ-VAE, autoencoder and DSAE are the paper's; \
        the DSAE looks at structure, 1 − SSIM. The restoring autoencoder learns to repair \
        synthetic defects.",
        "学習で最小にするものです。VAE、γ-VAE、自己符号化器、DSAEは論文のものです。\
        DSAEは構造の違い (1 − SSIM) を小さくします。復元型は、人工的な欠陥を直すことを学びます。";
    objective_vae = "VAE", "VAE";
    objective_gamma_vae = "γ-VAE", "γ-VAE";
    objective_autoencoder = "Autoencoder", "自己符号化器";
    objective_dssim = "DSAE", "DSAE (構造)";
    objective_restoring = "Restoring", "復元型";
    beta = "KL weight β", "KLの重み β";
    beta_help = "Weight of the KL divergence. 1 is the plain VAE.",
        "KLダイバージェンスの重みです。1で通常のVAEになります。";
    epochs = "Epochs", "エポック数";
    epochs_help = "Training ends by itself after so many.", "このエポック数で学習を終了します。";
    epoch_images = "Images per epoch", "1エポックの枚数";
    epoch_images_help = "Augmented images, each counted.", "データ拡張後の画像を1枚ずつ数えます。";
    minutes = "Time limit", "時間制限";
    minutes_help = "Training ends by itself after so long. 0 is no limit.",
        "この時間で学習を終了します。0で無制限になります。";
    no_limit = "none", "なし";
    patience = "Patience", "忍耐エポック数";
    patience_help = "Training ends after so many epochs in which the validation images were not \
        reconstructed better. Their best weights are kept in any case.",
        "検証画像の再構成がこのエポック数の間よくならないと学習を終了します。\
        最良の重みは常に残ります。";
    batch = "Batch", "バッチサイズ";
    batch_help = "Images a step.", "1ステップで使う画像の枚数です。";
    learning_rate = "Learning rate", "学習率";
    learning_rate_help = "Adam's step size.", "Adamの学習率です。";
    seed = "Seed", "乱数シード";
    seed_help = "The same seed, images and device give the same model.",
        "シード・画像・デバイスが同じなら、同じモデルになります。";
    rotation = "Rotation", "回転";
    rotation_help = "At random up to this angle. 0 is off.",
        "この角度までランダムに回転します。0で無効になります。";
    shift = "Shift", "平行移動";
    shift_help = "At random up to this share of the side. 0 is off.",
        "辺の長さに対するこの割合まで、ランダムに移動します。0で無効になります。";
    scale = "Scale", "拡大縮小";
    scale_help = "At random up to this share. 0 is off.",
        "この割合まで、ランダムに拡大縮小します。0で無効になります。";
    warp = "Warp", "ゆがみ";
    warp_help = "Bends the image by smooth shifts of up to this share of the side. 0 is off.",
        "辺の長さに対するこの割合まで、画像を滑らかにゆがめます。0で無効になります。";
    brightness = "Brightness", "明るさ";
    brightness_help = "At random lighter or darker by up to this. 0 is off.",
        "この値まで、ランダムに明るさを変えます。0で無効になります。";
    contrast = "Contrast", "コントラスト";
    contrast_help = "At random up to this share either way. 0 is off.",
        "この割合まで、ランダムにコントラストを変えます。0で無効になります。";
    flip_horizontal = "Mirror left–right", "左右反転";
    flip_vertical = "Mirror top–bottom", "上下反転";
    flip_help = "Only where a mirrored part is still a good part.",
        "反転しても良品とみなせる場合だけ有効にしてください。";
    reset_all = "Reset all", "すべて既定値に戻す";
    start = "Start training", "学習を開始";
    start_help = "Learns a new model from the normal images of the folder that is open.",
        "開いているフォルダの良品画像から、新しいモデルを学習します。";
    start_needs_data = "Open images in step 1 first.", "先にステップ1で画像を開いてください。";
    start_needs_normal = "The images that are open have no normal ones to learn from.",
        "開いている画像には、学習に使える良品がありません。";
    more = "Train more", "追加学習";
    more_help = "Goes on with the model in memory, with its own settings.",
        "読み込み済みのモデルを、そのモデルの設定のまま続けて学習します。";
    save_as = "Save model as…", "モデルを保存…";
    pause = "Pause", "一時停止";
    resume = "Resume", "再開";
    stop_keep = "Stop and keep", "終了して保存";
    stop_keep_help = "Ends training, measures the held-out normals and saves the model.",
        "学習を終了し、検証用の良品を測定してモデルを保存します。";
    discard = "Discard", "破棄";
    discard_ask = "Discard…", "破棄…";
    discard_help = "Ends training; the model from before is back.",
        "学習を終了し、学習前のモデルに戻します。";
    discard_question = "What was learned is lost. The model from before, if there was one, is back.",
        "学習した内容は失われます。学習前のモデルがあれば、それに戻ります。";
    discard_not = "Go on", "続ける";
    /// Normal images measured, and in all.
    finishing: fn(Option<(u64, u64)>) -> String =
        |progress| match progress {
            Some((done, total)) if total > 0 => format!(
                "Finishing: measuring normal images ({} of {})",
                count(done),
                count(total)
            ),
            _ => "Finishing: measuring normal images".into(),
        },
        |progress| match progress {
            Some((done, total)) if total > 0 => {
                format!("仕上げ中：良品を測定中（{}／{}）", count(done), count(total))
            }
            _ => "仕上げ中：良品を測定中".into(),
        };
    skip_measuring = "Skip measuring", "測定を省く";
    skip_measuring_help = "Keeps the model as it is, without thresholds; its normal images can be \
        measured later.",
        "しきい値なしでモデルを保存します。良品は後から測定できます。";
    interrupted: fn(&Interrupted) -> String =
        |interrupted| {
            let name = file_name(&interrupted.data);
            match interrupted.share {
                Some(share) => format!(
                    "Training of {name} was interrupted at {:.0} %.",
                    100.0 * share
                ),
                None => format!(
                    "Training of {name} was interrupted after {} images.",
                    count(interrupted.images)
                ),
            }
        },
        |interrupted| {
            let name = file_name(&interrupted.data);
            match interrupted.share {
                Some(share) => format!("「{name}」の学習が{:.0} %で中断されました。", 100.0 * share),
                None => format!(
                    "「{name}」の学習が{}枚で中断されました。",
                    count(interrupted.images)
                ),
            }
        };
    interrupted_resume = "Continue", "続ける";
    interrupted_resume_help = "Opens its images and trains on to the end that was set.",
        "画像フォルダを開き、設定された終わりまで学習を続けます。";
    interrupted_keep = "Keep", "保存";
    interrupted_keep_help = "Opens its images, measures the normal ones and saves the model as it is, \
        beside any of that name.",
        "画像フォルダを開き、良品を測定して、いまのままモデルを保存します。\
        同じ名前のモデルは上書きしません。";
    interrupted_discard_help = "Removes what was learned.", "学習した内容を削除します。";
    interrupted_leave = "Leave it", "残す";
    empty = "Everything is ready. Start training, and watch the reconstructions become clear.",
        "準備ができました。学習を開始すると、再構成画像が徐々に鮮明になります。";
    empty_no_data = "Training needs images of good parts.", "学習には良品画像が必要です。";
    empty_with_model: fn(&ModelInfo) -> String =
        |model| {
            format!(
                "A model is ready: {} × {} px, {} training images seen. Inspect images with it, \
                 or train another one.",
                model.network.size_px,
                model.network.size_px,
                count(model.images_seen)
            )
        },
        |model| {
            format!(
                "学習済みモデルがあります（{} × {} px、のべ{}枚）。\n\
                 このモデルで検査するか、新しく学習してください。",
                model.network.size_px,
                model.network.size_px,
                count(model.images_seen)
            )
        };
    to_data = "Open images", "画像を開く";
    preparing_help = "Decoding the training images…", "学習画像を読み込んでいます…";
    measuring_help = "What the features of normal images look like is being learned. The network follows.",
        "良品画像の特徴を学習しています。そのあとネットワークの学習が始まります。";
    starting_help = "The first numbers are on their way…", "まもなく最初の結果が表示されます…";
    only_measured = "What was learned is kept as it is. The held-out normal images are being measured; \
        then the model is saved, beside any that is there already.",
        "学習済みの内容をそのまま保存します。検証用の良品を測定しており、終わるとモデルを保存します。\
        同じ名前のモデルがあれば、別の名前で残します。";
    part_features = "Features", "特徴量";
    part_features_help = "where an image is unlike normal ones", "正常と異なる場所を見つけます";
    part_network = "Network", "ネットワーク";
    part_network_help = "what it should look like there", "本来の見た目を描きます";
    part_waits = "waits", "待機中";
    part_learns = "learning", "学習中";
    part_ready = "ready", "完了";
    inspect_now = "Inspect already", "先に検査する";
    inspect_now_help = "Images can be inspected by their features while the network learns.",
        "ネットワークの学習中でも、特徴量で画像を検査できます。";
    images_seen = "Images seen", "学習した枚数";
    images_per_sec = "Images/s", "枚／秒";
    waited = "Data wait", "データ待ち";
    elapsed = "Elapsed", "経過時間";
    left = "Left", "残り時間";
    reconstruction = "Reconstruction", "再構成誤差";
    kl = "KL", "KL";
    validation = "Validation", "検証誤差";
    curves_heading = "Loss per image", "1枚あたりの損失";
    previews_heading = "Reconstructions", "再構成";
    previews_help = "Held-out normal images above, what the network makes of them below.",
        "上段は検証用の良品、下段はその再構成です。";
    previews_empty = "The first pictures come after a few seconds of training.",
        "学習を始めると、数秒で最初の画像が表示されます。";
    preview_test = "Your image", "選択中の画像";
    preview_test_help = "Your image comes first.", "先頭は選択中の画像です。";
    preview_validation: fn(usize) -> String = |number| format!("Normal {number}"),
        |number| format!("良品 {number}");
}

impl Train {
    /// What goes on before the first figures of the network; `job` is what the worker is at.
    pub fn phase_help(&self, phase: Phase, job: Option<Job>) -> &'static str {
        match (phase, job) {
            (Phase::Preparing, Some(Job::Features)) => self.measuring_help,
            (Phase::Preparing, _) => self.preparing_help,
            _ => self.starting_help,
        }
    }
}
