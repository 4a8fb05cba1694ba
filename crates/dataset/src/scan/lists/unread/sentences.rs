//! Sentences that people write beside images, in many languages.

use crate::scan::names::{Word, word};
use crate::scan::tokens::is_unspaced;

/// Words that take what is named out, or all but it.
const LEAVES_OUT: &str = "exclude excluded excluding except without remove removed delete skip ignore discard reject not apart \
     sauf hormis excepté tranne eccetto salvo excepto excepta exceto menos außer ausser ausgenommen behalve uitgezonderd \
     oprócz poza kromě mimo кроме hariç utom undtagen unntatt paitsi kivéve trừ kecuali";

/// Beginnings of words with which parts are refused, sent back, sorted out or worked on again.
const REFUSED: &str = "rejet rebut écart ecart jeter scart difett guast rechaz descart desech exclu esclu elimin rejeit reprov \
     refug sucata aussort auszusort aussond auszusond verschrot schrott auszuschl nacharbeit beanstand reklam unbrauchbar \
     afkeur afgekeur uitsluit odrzuc odrzut wyklucz brakow vyřad vyrad zmetk брак забрак отбрак исключ негодн отклон hatal \
     reddet kusur ıskarta hurda scrap reject discard exclud defect damag rework complain quarantin sperr gesperrt kasser \
     kassat hylk hylä selejt loại avvis afvis vrak réclam reclam returned recalled";

/// The same in scripts without spaces, anywhere in a line.
const IN_SENTENCES: &str = "キズ きず 傷 不良 欠陥 汚 除外 除く 以外 のぞ 使わない 使えない 使用不可 使用しない 廃棄 破棄 捨て 不可 不合格 \
     不具合 異常 返品 クレーム 却下 はじく 弾く バツ × ✕ ✖ ✗ ✘ 要再 再検 再加工 手直し 割れ 欠け カケ ワレ バリ 凹 打痕 缺陷 异常 报废 報廢 废 \
     次品 划痕 划伤 裂纹 排除 剔除 除了 返工 退货 返修 复检 有问题 不能用 不要 불량 불합격 제외 폐기 반품 이상 결함 재검";

/// Words by which a sentence is known to be an English one, which is understood.
const ENGLISH: &str = "the is are was were of and with from this these all";

/// Words by which sentences in other languages are known.
const FOREIGN: &str = "et sont les des est une dans avec pour à und die der das ist sind nicht mit auf von zu y los las son está \
     están con para e gli sono non il lo di da del os são não het zijn niet een van nie są oraz jest jsou není ve \
     bir değil och är inte og er ikke ja ovat ei és nem și sunt nu và là không dan adalah tidak";

/// Whether a sentence speaks of a defect, or of leaving an image out.
pub(super) fn says_bad(line: &str) -> bool {
    let line = without_sizes(&line.to_lowercase());
    let words = line.split(|one: char| !one.is_alphanumeric());
    // Letters with dots between them are a word, too: `n.i.O.`
    let dotted = line.split(|one: char| one.is_whitespace() || ",;:(){}[]\"".contains(one));
    let mut words = words.chain(dotted).filter(|word| !word.is_empty());
    let is_one = |all: &str, said: &str| all.split_whitespace().any(|one| one == said);
    let begins = |said: &str| REFUSED.split_whitespace().any(|one| said.starts_with(one));
    let is_bad = |said: &str| {
        is_one(LEAVES_OUT, said) || begins(said) || word(said).is_some_and(Word::is_bad)
    };
    IN_SENTENCES
        .split_whitespace()
        .any(|word| line.contains(word))
        || words.any(is_bad)
}

/// A line without the cross of sizes, as in `1920×1080`, which crosses nothing out.
fn without_sizes(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let is_digit = |at: Option<usize>| {
        let letter = at.and_then(|at| letters.get(at));
        letter.is_some_and(char::is_ascii_digit)
    };
    let is_size = |at: usize| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
    let kept = letters.iter().enumerate();
    let kept = kept.filter(|(at, letter)| **letter != '×' || !is_size(*at));
    kept.map(|(_, letter)| letter).collect()
}

/// Whether a line has words of a language of which only some are known here: whatever it says, it is not understood.
pub(super) fn is_foreign(line: &str) -> bool {
    let is_latin = |one: char| one.is_ascii() || ('\u{c0}'..'\u{250}').contains(&one);
    if line.contains(|one: char| one.is_alphabetic() && (is_unspaced(one) || !is_latin(one))) {
        return true;
    }
    let line = line.to_lowercase();
    let words = || line.split(|one: char| !one.is_alphanumeric() && one != '\'');
    let has = |known: &str| words().any(|word| known.split_whitespace().any(|one| one == word));
    has(FOREIGN) && !has(ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_in_a_size_refuses_nothing() {
        assert!(!says_bad("0003.png 1920×1080"));
        assert!(says_bad("0003 ×"));
        assert!(says_bad("0003 × 0004 ×"));
    }

    #[test]
    fn what_is_refused_sent_back_or_excepted_is_bad_in_many_languages() {
        for line in [
            "Les images 0003 et 0005 sont à rejeter",
            "0003 e 0005 da scartare",
            "0004 复检不合格",
            "0004以外は良品",
            "0003, 0005: rechazar",
            "0003 e 0005 devem ser rejeitadas",
            "0003 und 0005 sind auszusortieren",
            "0003 en 0005 afkeuren",
            "0003 i 0005 do odrzucenia",
            "0003 и 0005 забракованы",
            "0003, 0005 불합격",
            "Alle außer 0004 sind gut",
            "All parts are fine apart from 0004",
            "Toutes bonnes sauf 0004",
            "0003 a 0005 vyřadit",
            "0003はバツ",
            "0003 was returned by the customer",
        ] {
            assert!(says_bad(line), "{line}");
        }
        for line in [
            "a1.png is the first",
            "0003 in spring",
            "0003 良品",
            "0.7 mm",
        ] {
            assert!(!says_bad(line), "{line}");
        }
    }

    #[test]
    fn languages_that_are_not_understood_are_known_as_such() {
        for line in [
            "0003はみんなと違う",
            "0003 и 0005",
            "0003 et 0005 sont là",
            "0003 und 0005",
        ] {
            assert!(is_foreign(line), "{line}");
        }
        for line in [
            "0003 and 0005 are the first",
            "python run.py 0003.png",
            "0003 640x480",
        ] {
            assert!(!is_foreign(line), "{line}");
        }
    }
}
