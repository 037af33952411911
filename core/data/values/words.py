"""Words that stand for a number, a month or for nothing, in the languages people's tables are written in."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

NOTHING = frozenset({"", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"})  # whatever the column holds
NO_VALUE = frozenset(  # in a column of numbers or dates; lower case
    """n/a,n.a.,na,nan,none,null,nil,-,--,---,–,—,.,..,…,?,??,inf,-inf,+inf,infinity,-infinity,unknown,unrated,missing
    undefined,blank,empty,tbd,tba,#n/a,#value!,#div/0!,#ref!,#name?,#num!,#null!,not available,not applicable
    no data,no answer,not rated,not specified,varies with device,k.a.,k. a.,keine angabe,unbekannt,ohne angabe
    s/d,s.d.,n/d,nd,sin dato,sin datos,desconocido,inconnu,non disponible,non renseigné,onbekend,brak,brak danych
    desconhecido,sconosciuto,неизвестно,нет данных,无,未知,不详,暂无,暂无数据,缺失,空,なし,不明,없음
    0000-00-00,0000-00-00 00:00:00,00/00/0000,00.00.0000""".replace("\n    ", ",").split(",")
)
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        ["zero|none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
    for word in words.split("|")
}
MONTH_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "tr", "ru")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=1)
def months() -> dict[str, str]:
    """Month name or abbreviation, lower case without its point  →  English abbreviation.

    Examples
    --------
    >>> months()["märz"], months()["sept"], months()["janv"]
    ('Mar', 'Sep', 'Jan')
    """
    found = {"sept": "Sep", "mrz": "Mar"}
    for language in MONTH_LANGUAGES:
        names = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    found.setdefault(name.lower().strip("."), ENGLISH_MONTHS[number - 1])
    return found
