"""Words that stand for a number, a month or for nothing, in the languages people's tables are written in."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")  # of spreadsheets
NOTHING = frozenset({"", "NA", "N/A", "NaN", "nan", "NULL", "null", *ERRORS})  # whatever the column holds
NO_VALUE = frozenset(  # in a column of numbers or dates; lower case
    """n/a,n.a.,na,nan,none,null,nil,-,--,---,–,—,.,..,…,?,??,inf,-inf,+inf,infinity,-infinity,unknown,unrated,missing
    undefined,blank,empty,tbd,tba,#n/a,#value!,#div/0!,#ref!,#name?,#num!,#null!,not available,not applicable
    no data,no answer,not rated,not specified,varies with device,k.a.,k. a.,keine angabe,unbekannt,ohne angabe
    s/d,s.d.,n/d,nd,sin dato,sin datos,desconocido,inconnu,non disponible,non renseigné,onbekend,brak,brak danych
    n.d.,(blank),(leer),(vide),(vuoto),(en blanco),(empty),(none),(null),:,n.s.,s.o.,sans objet,n.v.t.,ej svar
    ikke oplyst,unspecified,not recorded,not reported,not known,not measured,not tested,not done,suppressed,withheld
    keine daten,nicht verfügbar,nicht bekannt,pas de données,non disponibile,non pervenuto
    não disponível,sem dados,b.d.,bez danych
    desconhecido,sconosciuto,неизвестно,нет данных,无,未知,不详,暂无,暂无数据,缺失,空,なし,不明,없음
    0000-00-00,0000-00-00 00:00:00,00/00/0000,00.00.0000""".replace("\n    ", ",").split(",")
)
FLAGS = "bcdefimnprsuz"  # of official statistics: break in series, confidential, estimated, provisional, revised …
NO_VALUE |= {f":{blank}{flag}" for flag in FLAGS for blank in ("", " ")}
NO_ANSWER = NO_VALUE | frozenset(  # beside yes and no, or the levels of a scale; lower case
    """don't know,don’t know,do not know,dont know,dk,dk/na,refused,refusal,prefer not to say,prefer not to answer
    rather not say,no opinion,not sure,unsure,undecided,can't say,cannot say,no response,nr,n.r.,not stated,not asked
    weiß nicht,weiss nicht,weiß ich nicht,keine ahnung,keine meinung,verweigert,nicht beantwortet
    ne sait pas,nsp,ne se prononce pas,nspp,nc,n.c.,sans réponse,sans opinion,pas de réponse,refus
    ns,ns/nc,ns/nr,no sabe,no contesta,no sabe/no contesta,sin respuesta,no responde,no aplica
    non so,non sa,nr/ns,non risponde,nessuna risposta,preferisco non rispondere,não sabe,não sei,não respondeu
    não se aplica,weet niet,weet ik niet,geen antwoord,geen mening,wil niet zeggen,nie wiem,trudno powiedzieć
    odmowa,vet ej,vet inte,не знаю,затрудняюсь ответить,нет ответа,отказ,不知道,不清楚,不确定,不适用,未回答,拒绝回答
    拒答,未填,不便透露
    わからない,無回答,回答なし,모름,무응답""".replace("\n    ", ",").split(",")
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
