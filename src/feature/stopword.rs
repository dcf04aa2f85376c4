//! Function words: prose is full of them, menus are not.
//!
//! Stop-word density is jusText's signal (Pomikálek 2011, *Removing
//! Boilerplate and Duplicate Content from Web Corpora*, §3.3). One short list
//! for many languages serves, as a word that is a function word in one rarely
//! fills menus in another.

use std::sync::LazyLock;

use super::word_map::WordMap;

const STOPWORDS: &str = "\
    the of and to in is that it for was on with as be by this are from at or an \
    have not but which you his they we he she had were been their has will would there what \
    if more when who so no about than them can only other its also after our your my \
    der die das und ist nicht von mit sich auf ein eine einen einem einer dem den des zu im für \
    auch es war als wird sind dass wie bei nach oder aus hat aber noch nur werden über haben \
    le la les un une et est de du des dans que qui pour pas sur avec par plus ce cette il elle \
    au aux ne sont mais ou son sa ses nous vous ils été être comme \
    el los las del y que en una por con para su se al lo como más pero sus fue este ha ser sin \
    o os da dos das em um uma não mais foi ao pelo pela são também \
    il lo gli di che non per una con sono del della dei delle nel più si come anche \
    het een van niet zijn dat op te voor met aan door maar ook werd \
    och att som på är av för den till med det inte har om var från han \
    og af til er ikke som på det \
    i w z na że się nie do jest to jak po od za przez oraz \
    и в не на что он с как это по но из за у от так же для мы вы они был было были или его её \
    ve bir bu için ile da de olarak daha çok olan \
    və в та що не до як від про \
    dan yang di ini itu dengan untuk dari pada tidak adalah \
    và của là có cho không được với các một những trong \
    في من على إلى أن هذا التي الذي عن مع ما لا كان هذه بين بعد كما \
    את של על לא הוא זה עם גם כי \
    में के की है और से को का पर यह हैं";

/// True for a function word of one of the languages listed, or one of the Han
/// and Kana characters that serve as such.
pub(crate) fn is_stopword(word: &str) -> bool {
    crate::text::lowered(word, is_lower_stopword).unwrap_or(false)
}

/// The same of a word in lower case.
pub(super) fn is_lower_stopword(word: &str) -> bool {
    static SET: LazyLock<WordMap> = LazyLock::new(|| WordMap::new([(1, STOPWORDS)]));
    if let Some(c) = word.chars().next()
        && crate::text::is_cjk(c)
    {
        return matches!(
            c,
            '的' | '了'
                | '在'
                | '是'
                | '和'
                | '有'
                | '这'
                | '這'
                | '不'
                | '为'
                | '為'
                | '与'
                | '也'
                | '就'
                | '他'
                | '我'
                | 'の'
                | 'は'
                | 'が'
                | 'を'
                | 'に'
                | 'と'
                | 'で'
                | 'も'
                | 'た'
                | 'し'
                | 'る'
        );
    }
    SET.of(word) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_known_in_any_case_and_script() {
        for word in ["the", "The", "und", "не", "НЕ", "في", "的", "は"] {
            assert!(is_stopword(word), "{word}");
        }
        for word in ["Home", "Kontakt", "新", "menu"] {
            assert!(!is_stopword(word), "{word}");
        }
    }
}
