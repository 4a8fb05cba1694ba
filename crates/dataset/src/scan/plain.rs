//! Words that say nothing of whether a part is good: what is counted, from where, when and with what a part was seen, and
//! which colour it has.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What such a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// What is counted: of such names that end in different numbers none says more than the others.
    Counted,
    /// From where a part is seen: `OK_front` is as normal as `OK`.
    View,
    /// When.
    Time,
    /// Programs and cameras, in which light, and how a picture was turned since.
    Picture,
    /// Which colour.
    Colour,
}

/// In small letters, parted by spaces; of a word that stands twice the first counts.
const WORDS: [(Plain, &str); 5] = [
    (
        Plain::Counted,
        "cam camera kamera caméra cámara telecamera カメラ 相机 카메라 \
         lot los lote lotto charge ロット 批 批次 batch バッチ \
         day date week month kw cw wk woche semaine semana settimana 週 周 第週 \
         日 日目 年 月 月日 年月 年月日 \
         line linie ligne linea línea linha ライン 产线 라인 \
         part parts teil teile pièce pièces pieza piezas peça peças pezzo pezzi 部品 piece pieces pcs product 製品 产品 제품 \
         sample samples muster サンプル sheet roll panel board tray frame set run session series seq sequence video \
         shift schicht unit station machine maschine 号機 号 工位 view side pos position \
         no nr num number img image images folder 回 回目",
    ),
    (
        Plain::View,
        "front back rear top bottom bot btm side left right upper lower inside outside \
         vorne hinten oben unten links rechts vorderseite rückseite oberseite unterseite seite \
         avant arrière dessus dessous gauche droite frontal lateral arriba abajo izquierda derecha fronte retro sopra sotto \
         sinistra destra lato frente trás esquerda direita \
         表 裏 表面 裏面 正面 背面 側面 上面 下面 前面 後面 左 右 左側 右側 反面 侧面 顶面 底面 앞면 뒷면 윗면 아랫면",
    ),
    (
        Plain::Time,
        "jan feb mar apr may jun jul aug sep sept oct nov dec \
         january february march april june july august september october november december \
         mon tue wed thu fri sat sun at am pm utc \
         morning afternoon evening night early late frühschicht spätschicht nachtschicht tagschicht früh spät nacht \
         fruehschicht spaetschicht matin soir nuit mañana tarde noche mattina pomeriggio sera notte manhã noite \
         午前 午後 朝 昼 夜 夕方 早番 遅番 中番 夜番 日勤 夜勤 昼勤 早班 晚班 白班 夜班 中班 上午 下午 오전 오후 주간 야간",
    ),
    (
        Plain::Picture,
        "dsc dscn dscf pxl mvimg win pro gopr dji sam cimg imgp imag pict pano mp burst cover hdr portrait restored \
         vlcsnap snap snapshot screenshot capture captured scan scanned vid mov clip film still bild foto pic picture \
         whatsapp wa raw png jpg jpeg bmp tif tiff webp \
         coax coaxial ring bar dome diffuse dark darkfield bright brightfield backlight \
         flip flipped mirror mirrored rot rotated aug augmented l r",
    ),
    (
        Plain::Colour,
        "red green blue white black grey gray yellow brown silver grün blau weiß weiss schwarz grau gelb braun \
         rouge vert bleu blanc noir gris jaune rojo verde azul blanco negro amarillo rosso blu bianco nero giallo \
         赤 青 白 黒 緑 黄 红 蓝 绿 黑",
    ),
];

impl Plain {
    /// What a word in small letters is about; `None` for one that may say something.
    pub fn of(word: &str) -> Option<Self> {
        static KNOWN: LazyLock<HashMap<&str, Plain>> = LazyLock::new(|| {
            let words = WORDS.iter().rev();
            let words =
                words.flat_map(|(of, words)| words.split_whitespace().map(|one| (one, *of)));
            words.collect()
        });
        KNOWN.get(word).copied()
    }
}

/// Whether a word is of something that is counted.
pub(super) fn is_counted(word: &str) -> bool {
    Plain::of(word) == Some(Plain::Counted)
}

/// Whether a word tells one of several places or times from the others, where parts that are sorted so are alike.
pub(super) fn is_place_or_time(word: &str) -> bool {
    matches!(
        Plain::of(word),
        Some(Plain::Counted | Plain::View | Plain::Time)
    )
}
