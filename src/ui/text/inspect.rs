//! Step 3: inspecting.

use kizumi_image::colormap::Colormap;
use kizumi_method::config::{Distance, Gate, StepRule};
use kizumi_method::iterate::StopRule;
use kizumi_report::words;

words! {
    /// Step 3: inspecting.
    pub struct Inspect;

    image_heading = "Image", "画像";
    next_image = "Next image", "次の画像";
    previous_image = "Previous image", "前の画像";
    back_to_review = "← Back to the review", "← 一覧に戻る";
    back_to_review_help = "Next and previous go through the images of the review, in its order and with its filter. Choose an \
         image in the list below to go through the folder instead.",
        "前後の移動は、一覧の並び順と絞り込みに従います。下のリストで画像を選ぶと、フォルダの順になります。";
    no_list = "Open a folder in step 1 to go through its images.",
        "ステップ1でフォルダを開くと、画像を順に見られます。";
    result_heading = "Result", "結果";
    truth_help = "What the data set says about this image.",
        "データセットでの、この画像の正解ラベルです。";
    /// The name of an image.
    opening: fn(&str) -> String = |name| format!("Opening {name}…"),
        |name| format!("{name}を開いています…");
    no_result = "Scores appear when the projection has ended.",
        "投影が終わると異常度が表示されます。";
    no_result_by_features = "The score appears with the image.", "画像を開くと異常度が表示されます。";
    plain = "Plain", "再構成";
    plain_help = "From the plain reconstruction error (x₀ − f(x₀))².",
        "通常の再構成誤差 (x₀ − f(x₀))² から求めた異常度です。";
    projected = "Projected", "投影";
    projected_help = "From how far the projection moved the pixels.",
        "投影によって画素が動いた量から求めた異常度です。";
    of_features = "Features", "特徴量";
    of_features_help = "From how far the features of the image are from normal ones.",
        "画像の特徴量と正常な特徴量との距離から求めた異常度です。";
    above_normals: fn(f32) -> String = |percent| format!("above {percent:.0} % of normals"),
        |percent| format!("良品の{percent:.0} %より高い");
    not_calibrated = "not calibrated", "未校正";
    /// Which rule, after how many iterations.
    ended_by: fn(StopRule, usize) -> String =
        |stop, iterations| match stop {
            StopRule::Iterations => format!("Ended at the limit of {iterations} iterations."),
            StopRule::Threshold => format!("Normal enough after {iterations} iterations."),
            StopRule::NotFinite => format!("Overflow after {iterations} iterations: lower α."),
            StopRule::Cancelled => format!("Stopped after {iterations} iterations."),
        },
        |stop, iterations| match stop {
            StopRule::Iterations => format!("上限の{iterations}回で終了しました。"),
            StopRule::Threshold => format!("{iterations}回で正常とみなせる状態になりました。"),
            StopRule::NotFinite => format!("{iterations}回で発散しました。αを下げてください。"),
            StopRule::Cancelled => format!("{iterations}回で中止しました。"),
        };
    other_parameters = "Normals were measured with other parameters.",
        "良品は別のパラメータで測定されています。";
    other_parameters_help = "Scores of other parameters cannot be compared, so there are no \
        percentages and there is no verdict. Reset the projection, or measure the normal images \
        again.",
        "パラメータが異なるスコアは比較できないため、割合も判定も示しません。\
        投影のパラメータを既定値に戻すか、良品を再測定してください。";
    projection_heading = "Projection", "投影";
    projection_help = "A change runs it again at once.", "変更するとすぐに再計算します。";
    reset_projection = "Reset the projection's parameters", "投影のパラメータを既定値に戻す";
    alpha = "Step size α", "ステップ幅 α";
    alpha_help = "How far an iteration moves. Too large overshoots, too small does nothing.",
        "1回の反復で動く量です。大きすぎると行き過ぎ、小さすぎると動きません。";
    lambda = "Weight λ", "正則化 λ";
    lambda_help = "How strongly pixels are held where they are. 0 lets them move freely.",
        "画素を元の値に留める強さです。0では自由に動きます。";
    omega = "Features ω", "特徴量 ω";
    omega_help = "How strongly the features of the image are drawn to normal ones. 0 leaves it to the network \
        alone; much shows noise that pleases the features.",
        "画像の特徴量を正常な特徴量に近づける強さです。0ではネットワークだけで投影します。\
        大きすぎると、特徴量にだけ合うノイズが現れます。";
    iterations = "Iterations", "反復回数";
    iterations_help = "Fewer only shows less of what was computed; more goes on from the last.",
        "減らすと計算済みの結果の一部だけを表示し、増やすと続きから計算します。";
    step_rule = "Step", "更新則";
    step_rule_help = "Plain: down the gradient of the energy, through the network. Towards f(x): as if f(x) did \
        not answer to a change.",
        "勾配のみ：ネットワークを通したエネルギーの勾配を下ります。\
        f(x) へ向かう：f(x) を固定した勾配です。";
    gate = "Gated by", "ゲートの基準";
    gate_help = "What the step of each pixel is multiplied by. Residual: (x − f(x))², the paper's; well \
        reconstructed pixels stay. Features: pixels whose features are normal stay.",
        "画素ごとにステップに掛ける重みです。残差：論文の (x − f(x))² で、よく再構成された画素を動かしません。\
        特徴量：特徴量が正常な画素を動かしません。";
    gates: [&'static str; 4] = ["None", "Residual (paper)", "Features", "Features and residual"],
        ["なし", "残差（論文）", "特徴量", "特徴量と残差"];
    step_weighted = "Weighted", "重み付き";
    step_plain = "Plain gradient", "勾配のみ";
    step_held = "Towards f(x)", "f(x) へ向かう";
    step_features = "Gated by features", "特徴量で重み付け";
    step_both = "Gated by features and residual", "特徴量と残差で重み付け";
    distance = "Reconstruction", "再構成誤差";
    distance_help = "How the reconstruction error is measured: by squared or absolute differences, \
        by the cross-entropy, or by structure.",
        "再構成誤差の測り方です。二乗誤差、絶対誤差、交差エントロピー、\
        構造の違い (1 − SSIM) から選びます。";
    distances: [&'static str; 4] = ["Squared", "Absolute", "Cross-entropy", "1 − SSIM"],
        ["二乗誤差", "絶対誤差", "交差エントロピー", "構造 (1 − SSIM)"];
    regulariser = "Regulariser", "正則化項";
    regulariser_help = "How the distance to the original is measured. L1 keeps normal pixels \
        exactly where they were.",
        "元画像との距離の測り方です。L1では、正常な画素は元の値のまま動きません。";
    regulariser_l1 = "L1", "L1";
    regulariser_l2 = "L2", "L2";
    stop_early = "Stop when normal", "正常になったら停止";
    stop_early_help = "Ends when the reconstruction error is below that of every training image.",
        "再構成誤差が、すべての学習画像の誤差を下回ったら終了します。";
    back_off = "Halve α when E rises", "Eが増えたらαを半減";
    back_off_help = "Takes a step that raised the energy back and goes on with half the step size.",
        "エネルギーが増えたステップを取り消し、半分のステップ幅で続けます。";
    display_heading = "Display", "表示";
    display_help = "Applies at once; nothing is computed again.",
        "すぐに反映されます。再計算はしません。";
    colormap = "Colours", "配色";
    colormaps: [&'static str; 4] = ["Inferno", "Viridis", "Cividis", "Grey"],
        ["Inferno", "Viridis", "Cividis", "グレー"];
    range = "Range", "範囲";
    range_help = "Which value gets the brightest colour. Threshold: twice the threshold of pixels, which \
        has the colour in the middle, the same for every image.",
        "最も明るい色に対応する値です。しきい値：画素のしきい値が中央の色になります。\
        どの画像でも共通です。";
    range_normals = "Threshold", "しきい値";
    range_image = "This image", "この画像";
    range_custom = "Custom", "指定";
    custom_high = "Highest value", "最大値";
    opacity = "Overlay", "重ね合わせ";
    smoothing = "Smoothing", "平滑化";
    smoothing_help = "Gaussian blur of the shown heatmap. Scores keep the smoothing that the model \
        was calibrated with.",
        "表示中のヒートマップにかけるガウスぼかしです。異常度の計算には、\
        モデルの校正時の平滑化が使われます。";
    show_mask = "Outline the true defect", "正解の欠陥領域を表示";
    show_mask_help = "The ground truth of the data set.", "データセットの正解マスクの輪郭です。";
    no_mask = "This image has no ground truth.", "この画像には正解マスクがありません。";
    recomputing = "Computing with the new parameters…", "新しいパラメータで計算中…";
    tells_by_features = "Told by features alone: the network still learns, and its projection means nothing yet.",
        "特徴量だけで判定しています。ネットワークは学習中で、投影はまだ意味を持ちません。";
    is_of_features = "Told by features alone: the model's network has not been trained.",
        "特徴量だけで判定しています。モデルのネットワークは学習していません。";
    former_map = "The settings of an earlier version asked for another kind of maps. Models make their own \
        now; a pasted setting still changes those of the next model.",
        "以前のバージョンの設定では別の種類のマップが指定されていました。今後はモデル自身のマップを使います。\
        設定を貼り付ければ、次に学習するモデルのマップを変えられます。";
    waits_for_training = "Projections wait until training has ended.",
        "学習が終わるまで投影は待機します。";
    needs_model = "A model is needed to project this image.",
        "この画像の投影にはモデルが必要です。";
    train_first = "Train one", "学習する";
    first = "First iterate", "最初の反復";
    back = "One back", "1回戻る";
    play = "Play", "再生";
    pause = "Pause", "一時停止";
    forward = "One on", "1回進む";
    last = "Last iterate", "最後の反復";
    live = "Live", "ライブ";
    live_help = "Always shows the newest iterate", "常に最新の反復を表示します";
    scrubber = "Iteration", "反復";
    iteration: fn(usize, usize) -> String = |t, last| format!("t = {t} / {last}"),
        |t, last| format!("t = {t} / {last}");
    curve_energy = "E", "E";
    curve_reconstruction = "L_r", "L_r";
    curve_l1 = "λ |x_t − x_0|_1", "λ |x_t − x_0|_1";
    curve_l2 = "λ |x_t − x_0|²", "λ |x_t − x_0|²";
    curve_features = "ω D", "ω D";
    energy_plot = "Energy over the iterations", "反復ごとのエネルギー";
    empty_nothing = "To inspect an image, train a model or open one.",
        "画像を検査するには、学習を行うか、モデルを開いてください。";
    refused = "Photograph that cannot be inspected", "検査できない画像";
    empty_no_image = "Choose an image to see what is not normal about it.",
        "画像を選ぶと、正常と異なる箇所が表示されます。";
    first_defective = "Look at a defective image", "不良画像を見る";
    first_image = "Look at the first image", "最初の画像を見る";
}

impl Inspect {
    pub fn gate_name(&self, gate: Gate) -> &'static str {
        let [none, residual, features, both] = self.gates;
        match gate {
            Gate::None => none,
            Gate::Residual => residual,
            Gate::Features => features,
            Gate::Both => both,
        }
    }

    pub fn step_name(&self, step: StepRule) -> String {
        let gate = match step.gate {
            Gate::None if step.through => self.step_plain,
            Gate::None => return self.step_held.to_owned(),
            Gate::Residual => self.step_weighted,
            Gate::Features => self.step_features,
            Gate::Both => self.step_both,
        };
        match step.through {
            true => gate.to_owned(),
            false => format!("{}, {gate}", self.step_held),
        }
    }

    pub fn distance_name(&self, distance: Distance) -> &'static str {
        let [squared, absolute, cross_entropy, dissimilarity] = self.distances;
        match distance {
            Distance::SquaredError => squared,
            Distance::AbsoluteError => absolute,
            Distance::CrossEntropy => cross_entropy,
            Distance::Dissimilarity => dissimilarity,
        }
    }

    pub fn colormap_name(&self, map: Colormap) -> &'static str {
        let [inferno, viridis, cividis, grey] = self.colormaps;
        match map {
            Colormap::Inferno => inferno,
            Colormap::Viridis => viridis,
            Colormap::Cividis => cividis,
            Colormap::Grey => grey,
        }
    }
}
