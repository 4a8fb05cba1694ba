//! Words for good and bad in the languages of those who sort parts, and what turns them into their
//! opposite. Lower case; composed; parted by spaces.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::names::joined;

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing is wrong.
    Normal,
    /// Something is wrong.
    Defective,
    /// What is wrong: such words are names of parts, too, and count only where others say "normal".
    Defect,
    /// Nobody has said, or not yet.
    Unlabelled,
    /// The word behind it means the opposite: `no`.
    Not,
    /// The word before it does: `free`.
    Free,
    /// A longer word with one of the others in it that says something else.
    Other,
}

/// Words of scripts that put spaces between them, and whole names without them.
const WORDS: [(Meaning, &str); 6] = [
    (
        Meaning::Normal,
        "ok okay good normal normals pass passed io undamaged flawless intact healthy clean perfect accept \
         acceptable accepted conforming golden go gut gutteil gutteile bon bonne bons conforme bueno buena buenos \
         correcto correcta buono buoni bom dobry dobre goed iyi aprovado aprovados aprobado aprobados норма годен \
         годные хорошие ок годный apto perfeito goedgekeurd godkänd nominal reference einwandfrei nff boa boas \
         buona buone dobra zgodny zgodne zgodna vyhovuje vyhovující benign ryohin ryouhin seijou goukaku liangpin \
         hege hegepin zhengchang semdefeito semdefeitos semfalha semfalhas approved released freigegeben gute \
         guter gutes bonnes conformes accepté acceptés accepte aceptado aceptados aceptada buenas correctos \
         correctas conformi accettato accettati aprovada aprovadas aprobada aprobadas aceptadas dobré dobrý dobrá dobri \
         dobar добри добър хороший придатні придатний sağlam saglam đạt tốt ดี ปกติ baik سليم سالم תקין καλό καλά \
         bune bună अच्छा jó megfelelő godkendt godkjent hyvä hyvät hyväksytty godkända godkänt",
    ),
    (
        Meaning::Defective,
        "ng nok ko bad nio fail failed failure failures faulty fault faults defect defects defective defectives \
         def anomaly anomalies anomalous anomal abnormal abnormals abnormality abnormalities ungood unnormal \
         outlier outliers reject rejects rejected flaw flaws flawed damaged damage error errors imperfect \
         nonconforming unacceptable scrap nogo schlecht fehler fehlerhaft defekt defekte ausschuss mauvais \
         mauvaise défaut défauts defaut defauts malo mala malos defecto defectos defectuoso incorrecto difetto \
         difetti difettoso scarto ruim defeito defeitos reprovado reprovados rechazado rechazados wada wady hata \
         kusur falla fallas falha falhas mangel mängel makel befund afgekeurd underkänd inapto offnominal \
         дефектов брака негоден негодный негодные vada vady slecht err schlechtteil schlechtteile fehlerhafte \
         ausschuß rebut rebuts scarti roto rota rotos rotas quebrado quebrada dañado dañada danificado danificada \
         brak braki wadliwy wadliwe wadliwa niezgodny niezgodne vadný vadná vadné zmetek zmetky nevyhovuje hibás \
         selejt afkeur kapot felaktig virhe bozuk arızalı malignant furyo furyou furyohin buliang buliangpin \
         buhege cipin feipin quexian hatalı kusurlu брак дефект дефекты дефектные rejection rejections \
         rejets diseased notgood notok nogood mangelhaft beschädigt beschaedigt schlechte \
         ausschussteile kaputt défectueux défectueuse défectueuses defectueux mauvaises refusé refusés rejeté \
         rejetés cassé malas defectuosa defectuosas defectuosos rechazo rechazos rechazada rechazadas difettosi \
         difettosa difettose scartato scartati ruins defeituoso defeituosa defeituosos reprovada reprovadas \
         rejeitado rejeitados złe zły zła zle chybné chybný chybná vadne hatali arizali плохие плохой бракованные \
         дефектні lỗi hỏng เสีย ชำรุด cacat rusak معيب تالف פגום ελαττωματικό ελαττωματικά defecte معیوب خراب \
         खराब slabi loš loši afvist avvist viallinen vialliset hylätty afgekeurde slechte underkända underkänt",
    ),
    (
        Meaning::Defect,
        "scratch scratches scratched crack cracks cracked dent dents hole holes pinhole stain stains broken break \
         breakage bent contamination contaminations foreign missing burr chip chipped dirt dirty dust pit pits \
         pitting rust corrosion wrinkle bubble blister inclusion inclusions tear torn misprint misplaced \
         misaligned fray uneven blowhole blob spot spots porosity kratzer riss risse rissig zerkratzt rayure rayures rayé rayée rayés rayées rayado rayada fissure arañazo grieta \
         graffio graffi cricca delle dellen beule beulen lunker bruch ausbruch kerbe kerben fleck flecken verschmutzung \
         rost grat poren einschluss verformung risco riscos trinca mancha manchas golpe abolladura fisura tache \
         taches bavure macchia macchie ammaccatura crepa rysa rysy wgniecenie pęknięcie void voids gouge scuff \
         scuffs delamination discoloration discolored fracture fractured deformed deformation spatter smudge \
         lesion kizu huahen",
    ),
    (
        Meaning::Unlabelled,
        "unknown unlabeled unlabelled unsorted unclassified unchecked unlabel undecided unbekannt inconnu \
         desconocido sconosciuto неизвестно unsure uncertain unclear unconfirmed unverified unreviewed unjudged \
         undetermined uninspected untested unrated ambiguous doubtful questionable suspect suspected suspicious \
         inconclusive indeterminate borderline maybe pending quarantine quarantined recheck rechecks rechecking \
         reinspect reinspection retest unklar unsicher ungeprüft ungeprueft zweifelhaft unentschieden fraglich \
         verdacht verdächtig gesperrt incertain douteux douteuse pendiente pendientes dudoso dudosa dudosos \
         dubbio dubbi incerto incerti desconhecido pendente pendentes duvidoso onbekend twijfel onzeker \
         onduidelijk oklar osäker okänd ukendt ukjent usikker uklar epävarma nieznane niepewne wątpliwe nejisté \
         neznámé belirsiz beklemede bilinmeyen неясно сомнительно сомнительные bizonytalan meragukan",
    ),
    (
        Meaning::Not,
        "no zero bez not non without kein keine ohne sans sin senza nicht не без nem không khong ikke tidak bukan \
         غير غیر לא ไม่",
    ),
    (Meaning::Free, "free frei"),
];

/// Endings with which a word for "defective" says that nothing is: `fehlerfrei`, `defectless`, `hatasız`. Words for
/// kinds of defects do not: parts may be of stainless steel.
const WITHOUT: [&str; 8] = ["frei", "free", "los", "less", "sız", "siz", "suz", "süz"];

/// Beginnings that turn a word into its opposite: `nodefect`, `uncracked`.
const NOT: [&str; 3] = ["no", "non", "un"];

/// Letters of a word behind such a beginning or before such an ending, at least: those of less may be part of another word.
const REST_MIN: usize = 4;

/// What a word of a script that puts spaces between them means.
pub(super) fn meaning_of(text: &str) -> Option<Meaning> {
    static KNOWN: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| by_word(&WORDS));
    KNOWN.get(text).copied()
}

/// What a name says that is one of these words and nothing else; `joined` letters of it, or the sign that it is.
pub(super) fn meaning_of_whole(joined: &str) -> Option<Meaning> {
    static KNOWN: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| by_word(&WHOLE));
    KNOWN.get(joined).copied().or_else(|| meaning_of(joined))
}

/// As letters alone, where there are some: names are compared so.
fn by_word(table: &[(Meaning, &str)]) -> HashMap<String, Meaning> {
    let words = table.iter().flat_map(|(meaning, words)| {
        let words = words.split_whitespace();
        words.map(|word| (joined(word), word, *meaning))
    });
    let keyed = words.map(|(letters, word, meaning)| match letters.is_empty() {
        true => (word.to_owned(), meaning),
        false => (letters, meaning),
    });
    keyed.collect()
}

/// The two words that are written as one, of which one turns the other into its opposite.
pub(super) fn negated(text: &str) -> Option<[(&str, Meaning); 2]> {
    let said = |word: &str| meaning_of(word).filter(|_| word.chars().count() >= REST_MIN);
    let behind = NOT.iter().filter_map(|not| {
        let meaning = said(text.strip_prefix(not)?)?;
        let says = matches!(
            meaning,
            Meaning::Normal | Meaning::Defective | Meaning::Defect
        );
        let (not, word) = text.split_at(not.len());
        says.then_some([(not, Meaning::Not), (word, meaning)])
    });
    let before = WITHOUT.iter().filter_map(|ending| {
        let word = text.strip_suffix(ending)?;
        let is_bad = said(word) == Some(Meaning::Defective);
        let ending = &text[word.len()..];
        is_bad.then_some([(word, Meaning::Defective), (ending, Meaning::Free)])
    });
    behind.chain(before).next()
}

/// The longest word of a script without spaces that a text begins with, and what it means.
pub(super) fn longest_at(text: &str) -> Option<(&'static str, Meaning)> {
    type Words = Vec<(&'static str, Meaning)>;
    static KNOWN: LazyLock<HashMap<Option<char>, Words>> = LazyLock::new(|| {
        let mut known: HashMap<Option<char>, Words> = HashMap::new();
        for (meaning, words) in UNSPACED {
            for word in words.split_whitespace() {
                let beginning = known.entry(word.chars().next()).or_default();
                beginning.push((word, meaning));
            }
        }
        known
    });
    let beginning = KNOWN.get(&text.chars().next())?.iter();
    let fitting = beginning.filter(|(word, _)| text.starts_with(word));
    fitting.max_by_key(|(word, _)| word.len()).copied()
}

/// Words of scripts without spaces.
const UNSPACED: [(Meaning, &str); 7] = [
    (
        Meaning::Normal,
        "良品 正常 合格 無傷 良好 优良 完好 正品 オーケー グッド ノーマル 適合 无问题 達標 完品 达标 양호 정상 \
         양품 합격 リョウヒン りょうひん 优品 好品",
    ),
    (
        Meaning::Defective,
        "不良 不良品 欠陥 欠陥品 異常 异常 不合格 不正常 不具合 不適合 アブノーマル 欠点 불양호 見逃し 見逃 流出 \
         缺陷 次品 瑕疵 不好 불량 불량품 비정상 결함 이상 불합격 フリョウ フリョウヒン ふりょう ふりょうひん 废品 \
         报废 報廢 坏品 残次品",
    ),
    (
        Meaning::Defect,
        "キズ きず ギズ 傷あり 傷有 打痕 欠け カケ 割れ ワレ クラック 汚れ ヨゴレ よごれ 異物 バリ 変形 変色 サビ \
         錆び ヒケ シミ ピンホール 剥がれ 気泡 しわ シワ ムラ スクラッチ 凹み へこみ ヘコミ 穴あき 破れ 欠損 潰れ \
         つぶれ 鋳巣 ボイド かすれ にじみ 圧痕 擦り傷 引っかき 划痕 裂纹 污渍 破损 脏污 凹陷 气泡 毛刺 崩边 缺口 \
         擦伤 刮伤 划伤 碰伤 压痕 凹坑 变形 污点 砂眼 스크래치 긁힘 찍힘 크랙 찌그러짐 얼룩 이물 파손 기포 오염",
    ),
    (
        Meaning::Unlabelled,
        "未分類 未判定 不明 未検査 未選別 未分类 未标注 未确认 미분류 미확인 保留 再検 再検査 再判定 要再検 \
         要再検査 要再判定 要確認 要検討 要判定 要検査 要チェック 確認中 確認待ち 検討中 検査待ち 判定中 判定待ち \
         判定不能 未確認 未判 未処理 未チェック 未仕分け 微妙 疑わしい 怪しい 曖昧 あいまい 不確か 待定 待判 \
         待判定 待检 待检查 待检验 待确认 待確認 待复检 待处理 复检 复判 存疑 疑似 不确定 不確定 未知 보류 재검 \
         재검사 재확인 확인필요 미정 대기 미판정 불명 의심",
    ),
    (Meaning::Not, "無 无 没有 非 未 무"),
    (Meaning::Free, "なし 無し ナシ 없음"),
    (Meaning::Other, "改良品 改良 優良可 無地 無題 適合性"),
];

/// What is a name, and says nothing inside of longer ones: words of one character, signs, sentences without their
/// spaces.
const WHOLE: [(Meaning, &str); 4] = [
    (Meaning::Normal, "良 優 可 好 inordnung ○ ◯ 〇 ◎ ✓ ✔ ✅"),
    (
        Meaning::Defective,
        "否 悪 坏 不 不可 nichtinordnung 废 廃 × ✕ ✖ ✗ ✘ ☓ ╳ ❌",
    ),
    (Meaning::Defect, "傷 凹 錆"),
    (
        Meaning::Unlabelled,
        "△ ▲ ? ?? hold onhold holding waiting tbd tbc todo review toreview underreview needsreview tocheck \
         tobechecked toverify verify offen zuprüfen zupruefen nachprüfen enattente àvérifier averifier àtrier \
         atrier porrevisar inattesa daverificare emespera averificar chờ chưarõ",
    ),
];
