//! Names of months, whole and cut, → their numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The names of each month, January first. A name that two languages use for
/// two months is where more of its readers have it.
const MONTHS: [&str; 12] = [
    "jan january januar jänner jaen janvier janv enero ene janeiro gennaio gen januari styczeń \
     stycznia sty ledna leden január ianuarie ian tammikuuta tammikuu ocak oca январь января янв \
     січня січень ιανουαρίου ιαν ינואר בינואר يناير जनवरी มกราคม janúar jaanuar sausio janvāris janvārī",
    "feb february februar februari février févr fév febrero fevereiro fev febbraio febr luty lutego lut \
     února únor február februarie helmikuuta helmikuu şubat şub февраль февраля фев лютого лютий \
     φεβρουαρίου φεβ פברואר בפברואר فبراير شباط फरवरी กุมภาพันธ์ febrúar veebruar vasario februāris",
    "mar march märz mrz mär maerz mars marzo março maart mrt marts marzec marca března březen március \
     márc martie maaliskuuta maaliskuu mart март марта мар березня березень μαρτίου μαρ מרץ במרץ مارس آذار \
     मार्च มีนาคม märts kovo",
    "apr april avril avr abril abr aprile kwiecień kwietnia kwi dubna duben április ápr aprilie \
     huhtikuuta huhtikuu nisan nis апрель апреля апр квітня квітень απριλίου απρ אפריל באפריל أبريل نيسان \
     अप्रैल เมษายน apríl aprill balandžio aprīlis",
    "may mai mayo maio maggio mag mei maj maja května květen május máj toukokuuta toukokuu mayıs май мая \
     травня травень μαΐου μαι מאי במאי مايو أيار मई พฤษภาคม maí gegužės maijs",
    "jun june juni juin junio junho giugno giu czerwiec czerwca cze června červen június jún iunie \
     kesäkuuta kesäkuu haziran haz июнь июня июн червня червень ιουνίου ιουν יוני ביוני يونيو حزيران जून \
     มิถุนายน júní juuni birželio jūnijs",
    "jul july juli juillet juil julio julho luglio lug lipiec lipca lip července červenec július júl iulie \
     heinäkuuta heinäkuu temmuz tem июль июля июл липня липень ιουλίου ιουλ יולי ביולי يوليو تموز जुलाई \
     กรกฎาคม júlí juuli liepos jūlijs",
    "aug august août aout agosto ago augustus augusti agustus sierpień sierpnia sie srpna srpen \
     augusztus elokuuta elokuu ağustos ağu август августа авг серпня серпень αυγούστου αυγ אוגוסט באוגוסט \
     أغسطس آب अगस्त สิงหาคม ágúst rugpjūčio augusts",
    "sep sept september septembre septiembre setiembre setembro set settembre wrzesień września wrz \
     září szeptember szept septembrie syyskuuta syyskuu eylül eyl сентябрь сентября сен сент вересня вересень \
     σεπτεμβρίου σεπ ספטמבר בספטמבר سبتمبر أيلول सितंबर กันยายน rugsėjo septembris",
    "oct october oktober okt octobre octubre outubro out ottobre ott październik października paź října \
     říjen október octombrie lokakuuta lokakuu ekim eki октябрь октября окт жовтня жовтень οκτωβρίου οκτ \
     אוקטובר באוקטובר أكتوبر अक्टूबर ตุลาคม spalio oktobris",
    "nov november novembre noviembre novembro listopad listopada lis listopadu noiembrie marraskuuta \
     marraskuu kasım kas ноябрь ноября ноя листопада листопад νοεμβρίου νοε נובמבר בנובמבר نوفمبر नवंबर \
     พฤศจิกายน nóvember lapkričio novembris",
    "dec december dezember dez décembre déc diciembre dic dezembro dicembre desember grudzień grudnia gru \
     prosince prosinec decembrie joulukuuta joulukuu aralık ara декабрь декабря дек грудня грудень \
     δεκεμβρίου δεκ דצמבר בדצמבר ديسمبر दिसंबर ธันวาคม desembre gruodžio decembris",
];

/// The number of the month of that name, 1 to 12, in any of some forty
/// languages.
pub(super) fn month(name: &str) -> Option<i8> {
    static NUMBERS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
        let named = (1..)
            .zip(MONTHS)
            .flat_map(|(number, names)| names.split_whitespace().map(move |name| (name, number)));
        named.collect()
    });
    NUMBERS.get(name.to_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_name_is_that_of_two_months() {
        let names: Vec<&str> = MONTHS
            .iter()
            .flat_map(|names| names.split_whitespace())
            .collect();
        let mut seen = HashSet::new();
        let twice: Vec<_> = names.iter().filter(|name| !seen.insert(**name)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!(month("MÄRZ"), Some(3));
        assert_eq!(month("Декабря"), Some(12));
        assert_eq!(month("Monday"), None);
    }
}
