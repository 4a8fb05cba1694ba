//! What the formulas, the layers and the curves mean, and the lessons of "How it works".

use crate::ui::layer::Layer;
use crate::ui::settings::PlotTab;
use crate::ui::state::lesson::Lesson;
use crate::ui::term::Term;
use kizumi_report::words;

words! {
    /// What the formulas, the layers and the curves mean.
    pub struct Explain;

    point_at_a_pixel = "Point at a pixel or click one to see its numbers.",
        "画素にポインターを合わせるかクリックすると、その値が入ります。";
    below_the_pointer = "the pixel below the pointer", "ポインター位置の画素";
    /// Name and help, in the order of [`Term`].
    terms: [(&'static str, &'static str); Term::COUNT] =
        [
            ("Energy", "E(x_t): what the projection makes small. Low means: the network can draw this image, \
                and it is still close to the original."),
            ("Reconstruction term", "L_r(x_t): how far the image is from what the network makes of it, f(x_t), \
                summed over all pixels. What the network never learned keeps it high."),
            ("Regulariser", "λ times how far the image has moved from the original. It is the price of moving a \
                pixel: with a larger λ only what gains much moves."),
            ("Features", "ω times how far the features of the image are from those of normal images."),
            ("Next iterate", "x_t+1 in this pixel. Compare it with x_t: that is how far the pixel moves now. \
                Values are means over the channels, each of which moves by its own gradient and gate."),
            ("Iterate", "x_t in this pixel, 0 is black and 1 is white; mean over the channels. A click shows the \
                layer."),
            ("Step size", "α: the same for all pixels."),
            ("Gradient", "∇E in this pixel: how much the energy would rise with it. The step goes the other way. \
                A click shows the layer."),
            ("Gate", "What this pixel's step is multiplied by. Near zero it stays where it is, whatever the \
                gradient says: that is why normal pixels do not move. A click shows the layer."),
        ],
        [
            ("エネルギー", "E(x_t)：投影が小さくする量です。小さいほど、ネットワークがその画像を再現でき、\
                かつ元画像に近いことを表します。"),
            ("再構成項", "L_r(x_t)：画像と、ネットワークによる再構成 f(x_t) との距離の合計です。\
                学習していないものがあると大きくなります。"),
            ("正則化項", "λ × 元画像からの移動量です。画素を動かすことの代償で、λ が大きいほど、\
                効果の大きい画素だけが動きます。"),
            ("特徴量", "ω × 画像の特徴量と正常な特徴量との距離です。"),
            ("次の反復", "この画素の x_t+1 です。x_t との差が、今回動く量です。値はチャンネルの平均で、\
                実際には各チャンネルがそれぞれの勾配とゲートで動きます。"),
            ("現在の反復", "この画素の x_t です。0が黒、1が白で、チャンネルの平均です。クリックすると画像を表示します。"),
            ("ステップ幅", "α：すべての画素に共通です。"),
            ("勾配", "この画素の ∇E：値を増やしたときにエネルギーが増える割合です。ステップは逆方向に進みます。\
                クリックすると画像を表示します。"),
            ("ゲート", "この画素のステップに掛ける重みです。0に近いと、勾配があっても動きません。\
                正常な画素が動かないのはこのためです。クリックすると画像を表示します。"),
        ];
    /// In the order of [`Layer::ALL`].
    layers: [&'static str; Layer::COUNT] =
        [
            "The image as the network sees it.",
            "What the network makes of the original, trained on normal images alone.",
            "The image after t steps: what it would look like without its defect.",
            "What the network makes of the projected image.",
            "What a plain autoencoder calls a defect: how far the original is from its reconstruction. On the \
                scale of the signed difference, so that both can be compared.",
            "What the projection says: where the image is not normal.",
            "What the projection added and what it removed.",
            "What each pixel's step is multiplied by. Dark pixels stay.",
            "How far the features of each place are from those of normal images; 1 is hardly exceeded by normal \
                ones.",
            "How much the energy would rise with each pixel; the step goes the other way.",
            "Where the data set says that the defect is.",
            "The heatmap over the original; the threshold has the colour in the middle.",
        ],
        [
            "ネットワークに入力される画像です。",
            "良品だけで学習したネットワークによる、元画像の再構成です。",
            "t回動かした画像：欠陥がなければこう見えるはずの画像です。",
            "投影画像をネットワークが再構成した画像です。",
            "通常のオートエンコーダーが欠陥とみなす量：元画像と再構成との差です。\
                符号付き差分と同じ尺度なので比較できます。",
            "投影の結果：正常でない箇所を示します。",
            "投影によって増えた値と減った値です。",
            "各画素のステップに掛ける重みです。暗い画素は動きません。",
            "各位置の特徴量と正常な特徴量との距離です。良品では1をほとんど超えません。",
            "各画素を増やしたときのエネルギーの増え方です。ステップは逆方向に進みます。",
            "データセットが示す欠陥の位置です。",
            "元画像に重ねたヒートマップです。しきい値が中央の色になります。",
        ];
    /// In the order of [`PlotTab::ALL`].
    tabs: [&'static str; 4] =
        [
            "How far the reconstruction has moved, as a share of how far it was from the image at first. Near 0 % \
                the projection can say no more than the plain residual.",
            "The largest change of a pixel in each step. It shrinks as the projection comes to rest.",
            "The step size in force: smaller than the chosen one after a step was taken back.",
            "How far the features of the image are from normal ones.",
        ],
        [
            "再構成が動いた量を、最初の残差に対する割合で示します。0 % に近い場合、\
                投影からは通常の残差以上のことは分かりません。",
            "各ステップでの画素の最大変化量です。投影が落ち着くと小さくなります。",
            "実際のステップ幅です。ステップが取り消されると、設定値より小さくなります。",
            "画像の特徴量と正常な特徴量との距離です。",
        ];

    how_it_works = "How it works", "しくみ";
    next_lesson = "Next lesson", "次の説明";
    previous_lesson = "Previous lesson", "前の説明";
    close_lessons = "Close; settings and view come back", "閉じる（設定と表示は元に戻ります）";
    lessons_need_a_network = "The lessons show what a trained network makes of an image. The open model tells by features \
        alone: its network has learned nothing yet.",
        "学習済みネットワークが画像をどう再構成するかを示す説明です。開いているモデルは特徴量だけで\
        判定しており、ネットワークはまだ学習していません。";
    /// Title and text, in the order of [`Lesson::ALL`].
    lessons: [(&'static str, &'static str); Lesson::COUNT] =
        [
            ("The network knows only what is normal",
                "It was trained to draw normal images again through a few numbers. Below is what it makes of this \
                image, f(x₀). A defect is not among the things that it can draw, so it draws something normal \
                instead, or a smear."),
            ("It blurs normal parts, too",
                "Drag the divider: left the image, right its reconstruction. Edges and fine texture are softer \
                everywhere, because a few numbers cannot hold them, and a defect disturbs what is around it."),
            ("That is why a plain residual is diffuse",
                "The difference between both, |x₀ − f(x₀)|, is bright at the defect, and at every edge. A plain \
                autoencoder stops here and has to tell one from the other by a threshold."),
            ("The projection moves pixels instead",
                "It walks from the image downhill on E, and each pixel's step is multiplied by a gate that is nearly \
                zero where all is well. Left the plain residual, right what the projection changed: normal pixels \
                stayed. Point at one and at the defect, and read the numbers above the curves."),
            ("λ is the price of moving",
                "The regulariser is that price; here it works without a gate. With L1 every bit of the way costs the same: \
                a pixel that gains less than λ by it has no reason to move. With L2 the first bit costs next to nothing, \
                and each further one more. A is the run as it was, B the other one; this is how far the pixels of this \
                image moved:"),
            ("When it goes wrong",
                "Steps that are too long overshoot, and E rises instead of falling. A λ too large moves nothing, one \
                of zero lets everything drift. And what the network can draw though it never should, a defect that \
                it learned from a bad training image, say, stays where it is."),
        ],
        [
            ("ネットワークは正常だけを知っています",
                "良品を少数の数値に要約し、描き直すように学習しました。下の画像は、この画像の再構成 f(x₀) です。\
                欠陥は描けないので、正常なもので置き換えるか、ぼやけた跡になります。"),
            ("正常な部分もぼやけます",
                "仕切り線を動かしてください。左が画像、右が再構成です。少数の数値では表しきれないため、\
                輪郭や細かい模様が全体にぼやけ、欠陥は周囲の再構成も乱します。"),
            ("だから単純な残差は広がります",
                "両者の差 |x₀ − f(x₀)| は、欠陥だけでなく、あらゆる輪郭でも明るくなります。\
                通常のオートエンコーダーはここまでで、しきい値だけで両者を区別しなければなりません。"),
            ("投影は画素を動かします",
                "画像から出発し、E を下っていきます。各画素のステップには、正常な場所でほぼ0になるゲートを掛けます。\
                左が単純な残差、右が投影による変化です。正常な画素は動いていません。\
                正常な画素と欠陥にポインターを合わせ、グラフの上の数値を比べてください。"),
            ("λ は動くことの代償です",
                "正則化項が、その代償です。ここではゲートを外しています。L1では代償がどこまでも同じ割合なので、得られる効果が \
                λ より小さい画素には動く理由がありません。L2では動き始めの代償はほぼ0で、遠くへ動くほど高くなります。\
                A が元の結果、B がもう一方です。"),
            ("うまくいかないとき",
                "ステップが大きすぎると行き過ぎて、E が増えます。λ が大きすぎると何も動かず、0ではすべてが動きます。\
                また、不良品が混じったまま学習するなどして、ネットワークが描けるようになった欠陥は、動かずに残ります。"),
        ];
    /// A run, its norm, which share of the pixels hardly moved, and how far the furthest did.
    moved: fn(&str, &str, f32, f32) -> String =
        |run, norm, stayed, furthest| format!(
            "{run} ({norm}): {:.0} % of the pixels stayed (less than 1/255), the furthest moved by {furthest:.3}.",
            100.0 * stayed
        ),
        |run, norm, stayed, furthest| format!(
            "{run}（{norm}）：画素の{:.0} %は動かず（1/255未満）、最も大きい動きは{furthest:.3}です。",
            100.0 * stayed
        );
    /// What each lesson's button is called.
    deeds: [Option<&'static str>; Lesson::COUNT] =
        [None, None, None, Some("Play from x₀"), Some("Run it with the other norm"), Some("Take α times 100")],
        [None, None, None, Some("x₀ から再生"), Some("もう一方で実行"), Some("α を100倍にする")];
}

impl Explain {
    pub fn name(&self, term: Term) -> &'static str {
        self.terms[term as usize].0
    }

    pub fn help(&self, term: Term) -> &'static str {
        self.terms[term as usize].1
    }

    pub fn layer(&self, layer: Layer) -> &'static str {
        self.layers[layer as usize]
    }

    pub fn tab(&self, tab: PlotTab) -> &'static str {
        self.tabs[tab as usize]
    }
}
