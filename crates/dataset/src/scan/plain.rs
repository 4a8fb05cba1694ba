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
    /// Who made the camera.
    Maker,
}

/// In small letters, parted by spaces; of a word that stands twice the first counts.
const WORDS: [(Plain, &str); 6] = [
    (
        Plain::Counted,
        "cam camera kamera caméra cámara telecamera カメラ 相机 카메라 \
         lot los lote lotto charge ロット 批 批次 batch バッチ \
         day date week month kw cw wk woche semaine semana settimana 週 周 第週 \
         日 日目 年 月 月日 年月 年月日 \
         hall halle werk plant 工場 工场 공장 line linie ligne linea línea linha ライン 产线 라인 \
         kusy kus sztuki stuks stück stücke part parts teil teile pièce pièces pieza piezas peça peças pezzo pezzi 部品 piece pieces pcs product 製品 产品 제품 \
         sample samples muster サンプル sheet roll panel board tray frame set run session series seq sequence video \
         vue vista ansicht sicht de du von of the la le \
         shift schicht unit station machine maschine 号機 号 工位 view side pos position \
         no nr num number img image images folder 回 回目 \
         cavity cavities cav kavität kavitaet cavité cavidad cavità キャビティ 型 模 模穴 모 nest nests nido nid fixture jig \
         治具 夹具 지그 mold mould tool werkzeug form outil molde stampo 金型 模具 금형 spindle head nozzle robot cell zelle \
         turno turni équipe équipes poste equipe máquina máquinas maquina macchina machines maschinen 機 台 台目 号机 机台 호기 \
         orden auftrag ordine order supplier lieferant fournisseur proveedor fornitore vendor 供应商 仕入先 공급사 site standort \
         band bande banda conveyor",
    ),
    (
        Plain::View,
        "front back rear top bottom bot btm side left right upper lower inside outside \
         vorne hinten oben unten links rechts vorderseite rückseite oberseite unterseite seite \
         avant arrière dessus dessous gauche droite frontal lateral arriba abajo izquierda derecha fronte retro sopra sotto \
         sinistra destra lato frente trás esquerda direita \
         côté profil face dos 上 下 前 後 横 表 裏 面 侧 側 表面 裏面 正面 背面 側面 上面 下面 前面 後面 左 右 左側 右側 反面 侧面 顶面 底面 앞면 뒷면 윗면 아랫면",
    ),
    (
        Plain::Time,
        "jan feb mar apr may jun jul aug sep sept oct nov dec \
         january february march april june july august september october november december \
         januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre \
         novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre \
         mon tue wed thu fri sat sun at am pm utc monday tuesday wednesday thursday friday saturday sunday \
         montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche \
         lunes martes miércoles jueves viernes 月曜 火曜 水曜 木曜 金曜 土曜 日曜 月曜日 火曜日 水曜日 木曜日 金曜日 \
         周一 周二 周三 周四 周五 월요일 화요일 수요일 목요일 금요일 \
         morning afternoon evening night early late frühschicht spätschicht nachtschicht tagschicht früh spät nacht \
         fruehschicht spaetschicht matin soir nuit mañana tarde noche mattina pomeriggio sera notte manhã noite \
         午前 午後 朝 昼 夜 夕方 早番 遅番 中番 夜番 日勤 夜勤 昼勤 早班 晚班 白班 夜班 中班 上午 下午 오전 오후 주간 야간",
    ),
    (
        Plain::Picture,
        "dsc dscn dscf pxl mvimg win pro gopr dji sam cimg imgp imag pict pano mp burst cover hdr portrait restored \
         vlcsnap snap snapshot screenshot capture captured scan scanned vid mov clip film still bild foto pic picture \
         whatsapp wa raw png jpg jpeg bmp tif tiff webp \
         uv gain light led lamp flash ev iso lux coax coaxial ring bar dome diffuse dark darkfield bright brightfield backlight \
         flip flipped mirror mirrored rot rotated aug augmented l r",
    ),
    (
        Plain::Colour,
        "red green blue white black grey gray yellow brown silver grün blau weiß weiss schwarz grau gelb braun \
         rouge vert bleu blanc noir gris jaune rojo verde azul blanco negro amarillo rosso blu bianco nero giallo \
         赤 青 白 黒 緑 黄 红 蓝 绿 黑",
    ),
    (
        Plain::Maker,
        "basler cognex keyence キーエンス hikvision hikrobot flir baumer dalsa teledyne omron オムロン daheng huaray ueye \
         mako alvium",
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

/// Words of what is counted that say no more than the number or the letter beside them.
pub(super) const NAMELESS: &[&str] = &[
    "img", "image", "images", "folder", "no", "nr", "num", "number",
];

/// Colours with which parts are tagged as good, bad and doubtful; a green light is called blue in Japanese.
const LIGHTS: &str = "red green blue yellow amber orange grün blau gelb rot rouge vert bleu jaune rojo verde azul amarillo rosso blu \
     giallo 赤 青 緑 黄 红 绿 蓝";

/// Marks of a win and of a loss in Japan: a white and a black star.
const STARS: &str = "白 黒 シロ クロ しろ くろ";

/// Whether a word is of such a mark.
pub(super) fn is_star(word: &str) -> bool {
    STARS.split_whitespace().any(|star| star == word)
}

/// Whether a word is of such a colour.
pub(super) fn is_light(word: &str) -> bool {
    LIGHTS.split_whitespace().any(|light| light == word)
}

/// Whether a word tells one of several places or times from the others, where parts that are sorted so are alike.
pub(super) fn is_place_or_time(word: &str) -> bool {
    matches!(
        Plain::of(word),
        Some(Plain::Counted | Plain::View | Plain::Time)
    )
}
