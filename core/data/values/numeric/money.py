"""Currencies, and the words for how many: €50.00m, 1,5 Mrd. €, ₹3.5 crore, 12 M€, £1,250 pcm."""

from __future__ import annotations

import re

SIZES = {
    "k": 1e3, "K": 1e3, "tsd": 1e3, "Tsd": 1e3, "thousand": 1e3, "тыс": 1e3, "tys": 1e3, "千": 1e3,
    "M": 1e6, "Mio": 1e6, "mio": 1e6, "mn": 1e6, "mln": 1e6, "млн": 1e6, "million": 1e6, "millions": 1e6,
    "Million": 1e6, "Millionen": 1e6, "milioni": 1e6, "millones": 1e6, "milhões": 1e6, "百万": 1e6,
    "B": 1e9, "bn": 1e9, "bln": 1e9, "Mrd": 1e9, "mrd": 1e9, "Md": 1e9, "Mds": 1e9, "mld": 1e9, "млрд": 1e9,
    "billion": 1e9, "billions": 1e9, "Milliarden": 1e9, "Milliarde": 1e9, "milliards": 1e9, "miliardi": 1e9, "G": 1e9,
    "T": 1e12, "tn": 1e12, "trn": 1e12, "trillion": 1e12, "trillions": 1e12, "万": 1e4, "億": 1e8,
    "亿": 1e8, "千万": 1e7, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "crore": 1e7,
    "crores": 1e7, "Cr": 1e7, "cr": 1e7,
}  # fmt: skip
BESIDE_MONEY = {"m": 1e6, "mm": 1e6, "MM": 1e6, "b": 1e9, "t": 1e12, "mil": 1e6}  # elsewhere metres, bytes, tonnes
NAMES = {
    "US$": "$", "USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "RMB": "¥", "元": "¥", "人民币": "¥", "円": "¥",
    "INR": "₹", "Rs": "₹", "rs": "₹", "kr.": "kr", "PLN": "zł", "CZK": "Kč", "UAH": "₴", "RUB": "₽", "руб": "₽",
    "dollars": "$", "dollar": "$", "euro": "€", "euros": "€", "Euro": "€", "pounds": "£", "rupees": "₹",
}  # fmt: skip
BEFORE = (  # that stand before an amount
    r"US\$|A\$|C\$|HK\$|NT\$|R\$|S\$|NZ\$|[$€£¥₹₩₽₺₫฿₪₴₦]|USD|EUR|GBP|CHF|CNY|RMB|JPY|INR|BRL|SEK|NOK|DKK|PLN|CZK|AUD"
    r"|CAD|NZD|HUF|MXN|SGD|HKD|KRW|ZAR|RUB|UAH|kr\.?|Rs\.?|Fr\.|zł|元|人民币"
)
_SIGN = (
    r"US\$|A\$|C\$|HK\$|NT\$|R\$|S\$|NZ\$|[$€£¥₹₩₽₺₫฿₪₴₦]|元|人民币|円|USD|EUR|GBP|CNY|RMB|JPY|INR|CHF|BRL|SEK|NOK|DKK"
    r"|PLN|CZK|AUD|CAD|NZD|HUF|MXN|SGD|HKD|KRW|ZAR|RUB|UAH|zł|Kč|руб|kr|[Rr]s|euros?|Euro|dollars?|pounds|rupees"
)
_NO_CENTS = frozenset({"¥", "JPY", "yen", "₩", "KRW", "원", "won"})  # the yuan has them, behind a point
_MONEY = re.compile(rf"^({_SIGN})\.?(/.*)?$")
_WORDS = "|".join(sorted(map(re.escape, SIZES | BESIDE_MONEY), key=len, reverse=True))
_SIZED = re.compile(rf"^({_WORDS})\.?\s*((?:{_SIGN})\.?(?:/.*)?)$")
_THOUSANDS = re.compile(rf"^T\s?({_SIGN})$")  # T€, TEUR of German balance sheets
_RATES = {"pcm": "/month", "pm": "/month", "p.m": "/month", "pw": "/week", "pa": "/year", "p.a": "/year", "ph": "/h"}
_PER = re.compile(r"^(.*?)(?<!\s)\s*+(?:/\s*|\b(?:per|pro|por|par|je)\s+|^an?\s+)([^\W\d].*)$")


def currency(written: str) -> str | None:
    """A currency by one name, with what it is for: “元/平米” is "¥/平米"; None where it is none.

    Examples
    --------
    >>> currency("EUR"), currency("元/平米"), currency("kg")
    ('€', '¥/平米', None)
    """
    found = _MONEY.match(written)
    if found is None:
        return None
    return NAMES.get(found[1], found[1]) + (found[2] or "")


def without_cents(unit: str) -> bool:
    """Whether a unit is money of which nobody writes thousandths behind a comma: yen, yuan, won.

    Examples
    --------
    >>> without_cents("¥"), without_cents("¥/平米"), without_cents("€")
    (True, True, False)
    """
    return unit.split("/", 1)[0] in _NO_CENTS


def sized(written: str) -> tuple[str, float] | None:
    """How many of which currency: “Mio. €” is a million euros; None where it is anything else.

    Examples
    --------
    >>> sized("Mio. €"), sized("M€"), sized("TEUR"), sized("km")
    (('€', 1000000.0), ('€', 1000000.0), ('€', 1000.0), None)
    """
    if found := _THOUSANDS.match(written):
        return NAMES.get(found[1], found[1]), 1e3
    if found := _SIZED.match(written):
        return currency(found[2]) or found[2], (SIZES | BESIDE_MONEY)[found[1]]
    return None


def beside(money: str, after: str) -> tuple[str, float] | None:
    """What stands behind an amount whose currency stands before it: how many, or what it is for.

    Examples
    --------
    >>> beside("€", "m"), beside("$", "/mo"), beside("£", "pcm"), beside("$", "bn per year"), beside("$", "kg")
    (('€', 1000000.0), ('$/mo', 1.0), ('£/month', 1.0), ('$/year', 1000000000.0), None)
    """
    rate = ""
    word = after.rstrip(".")
    if word in _RATES:
        word, rate = "", _RATES[word]
    elif found := _PER.match(after):
        word, rate = found[1].rstrip("."), f"/{found[2]}"
    if word and currency(word) == money:
        return money + rate, 1.0
    sizes = SIZES | BESIDE_MONEY
    times = 1.0 if not word else sizes.get(word) or (sizes.get(word.lower()) if len(word) > 2 else None)
    return None if times is None else (money + rate, times)


def rate(written: str) -> str:
    """A unit with its rate by one sign: “€ pro Stunde” is "€/Stunde", “people per household” "people/household".

    Examples
    --------
    >>> rate("€ pro Stunde"), rate("km/h"), rate("kg")
    ('€/Stunde', 'km/h', 'kg')
    """
    found = _PER.match(written)
    return f"{found[1]}/{found[2]}" if found and (found[1] or written.startswith("/")) else written
