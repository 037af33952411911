"""Personal data in a text: e-mail addresses, phone numbers, cards, bank accounts, IP addresses, ID numbers, names.

A pattern finds what may be one; where such a number carries a check digit or a numbering plan, that decides. The
checks are those of python-stdnum and phonenumbers. Names of people are told by what their column is called together
with what its values look like, and inside of texts by a title, a greeting or a signature; others there are not found.
Light.

References
----------
Microsoft Presidio's predefined recognisers, which the patterns follow (its package brings spaCy).
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.us import ssn

from core.data.personal import named
from core.letters import HAN
from core.messages import _

KINDS = {
    "email": _("e-mail addresses"),
    "phone": _("phone numbers"),
    "card": _("card numbers"),
    "iban": _("bank accounts (IBAN)"),
    "id": _("ID numbers"),
    "ip": _("IP addresses"),
    "name": _("names of people"),
}
_CALL = r"tel|phone|telefon|mobile|mobil|cell|call|fax|whatsapp|handy|tél|téléphone|teléfono|电话|手机|联系方式|微信"
MAYBE = "|".join(  # for a first look at a whole column, in the syntax that Rust's regex and Python's share
    [
        r"[0-9A-Za-zÀ-ɏ._%+-]@[0-9A-Za-zÀ-ɏ-]",
        r"\+[1-9]",
        r"00[1-9][0-9]*[ ()/-]",
        r"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}",
        r"[2-9][0-9]{2}\)?[ .-]?[2-9][0-9]{2}[.-][0-9]{4}",
        r"(?:^|[^0-9A-Za-z_.,+-])0[1-9][0-9]{0,4}\)?[ ./-][0-9]{2}",
        rf"(?i:{_CALL})[^0-9]{{0,6}}[0-9][ ()./-]{{0,2}}[0-9]",
        r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        r"3[0-9]{3}[ -]?[0-9]{6}",
        r"[0-9]{3}-[0-9]{2}-[0-9]{4}",
        r"[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        r"[A-Za-z]{2}[0-9]{2} ?[0-9A-Za-z]{4} ?[0-9A-Za-z]{4}",
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        r"[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:|::[0-9A-Fa-f]|[0-9A-Fa-f]::",
        named.MAYBE,
    ]
)
REGIONS = ("US", "GB", "DE", "FR", "IT", "ES", "NL", "BE", "AT", "CH", "AU", "JP", "CN", "IN", "BR")
_FREE, _END = r"(?<![0-9A-Za-z_.])", r"(?![0-9A-Za-z_]|[.,:][0-9])"
_EMAIL = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9À-ɏ._%+-]{1,64}@(?:[A-Za-z0-9À-ɏ-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
    rf"|(?<=[{HAN}])[A-Za-z0-9._%+-]{{1,64}}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}(?![A-Za-z0-9-])"
)
_IBAN = re.compile(
    rf"{_FREE}[A-Za-z]{{2}}[0-9]{{2}}(?: ?[0-9A-Za-z]{{4}}){{2,7}}(?: ?[0-9A-Za-z]{{1,3}})?(?![0-9A-Za-z])"
)
_CARD = re.compile(
    rf"{_FREE}(?<!-)(?:(?:4|5[1-5]|2[2-7]|6[0245]|3[056])[0-9]{{2,3}}([ -]?)[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{1,7}}"
    rf"|3[47][0-9]{{2}}([ -]?)[0-9]{{6}}\2[0-9]{{5}}|3[068][0-9]{{2}}([ -]?)[0-9]{{6}}\3[0-9]{{4}}){_END}(?!-[0-9])"
)
_RESIDENT = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_SSN = re.compile(rf"{_FREE}(?<!-)[0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}{_END}(?!-)")
_NINO = re.compile(
    rf"{_FREE}(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    rf"( ?)[0-9]{{2}}\1[0-9]{{2}}\1[0-9]{{2}}\1[A-D]{_END}"
)
_IP4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_ABROAD = re.compile(r"(?<![\w+])(?<![0-9] )(?:\+|00(?=[1-9][0-9]*[ ()/-]))[1-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9])")
_CHINESE = re.compile(r"(?<![0-9A-Za-z_.+-])1[3-9][0-9]([ -]?)[0-9]{4}\1[0-9]{4}(?![0-9A-Za-z_-]|\.[0-9])")
_AMERICAN = re.compile(
    rf"{_FREE}(?<![-/])(?:\([2-9][0-9]{{2}}\) ?|[2-9][0-9]{{2}}[ .-])[2-9][0-9]{{2}}[.-][0-9]{{4}}{_END}(?![-/])"
)
_NATIONAL = re.compile(
    r"(?<![0-9A-Za-z_.,/+:-])(?<![0-9] )\(?0[1-9][0-9]{0,4}\)?(?:[ /-][0-9]{2,8}){1,4}(?![0-9A-Za-z_/:-]|[.,][0-9])"
)
_FRENCH = re.compile(r"(?<![\w.,+-])0[1-9](?:([ .-])[0-9]{2})(?:\1[0-9]{2}){3}(?![\w]|[.,-][0-9])")
_CALLED = re.compile(
    rf"(?<![A-Za-z])(?:{_CALL})[^\w+(]{{0,4}}((?:\+|\()?[0-9](?:[ ()./-]{{0,2}}[0-9]){{6,14}})(?![0-9])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<![0-9])(?:[0-3]?[0-9][-/. ][0-3]?[0-9][-/. ](?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9])(?![0-9])"
)
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Found:
    """One piece of personal data in a text."""

    kind: str  # of KINDS
    start: int
    end: int


def find(text: str) -> list[Found]:
    """What a text holds, in the order it stands there; no two overlap.

    Examples
    --------
    >>> find("Write to ann@web.de")
    [Found(kind='email', start=9, end=19)]
    >>> find("Order 4111111111111112 of 2024-05-31, 1,299.00 €, at 52.5200, 13.4050")
    []
    """
    found: list[Found] = []
    for kind, look in _RECOGNISERS:
        for start, end in look(text):
            place = bisect(found, start, key=lambda one: one.start)
            free_before = place == 0 or found[place - 1].end <= start
            if free_before and (place == len(found) or end <= found[place].start):
                found.insert(place, Found(kind, start, end))
    return found


def _emails(text: str) -> Iterator[tuple[int, int]]:
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    """IBANs by length and check digits; a word behind one may look like its end."""
    for match in _IBAN.finditer(text):
        account = match[0]
        while account and not iban.is_valid(account):
            account = account.rpartition(" ")[0]
        if account:
            yield match.start(), match.start() + len(account)


def _checked(pattern: re.Pattern[str], check: Callable[[str], bool]) -> Callable[[str], Iterator[tuple[int, int]]]:
    """What a pattern finds and a check confirms."""

    def look(text: str) -> Iterator[tuple[int, int]]:
        return (match.span() for match in pattern.finditer(text) if check(match[0]))

    return look


def _is_card(text: str) -> bool:
    digits = re.sub("[ -]", "", text)
    return len(digits) in {13, 14, 15, 16, 18, 19} and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


def _is_ip4(text: str) -> bool:
    """An address, no version or section such as 1.2.3.4."""
    parts = [int(part) for part in text.split(".")]
    return max(parts) <= 255 and max(parts) > 9 and parts[0] > 0


def _is_ip6(text: str) -> bool:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return not address.is_unspecified and sum(map(bool, text.split(":"))) > 1


def _phones(text: str) -> Iterator[tuple[int, int]]:
    yield from _abroad(text)
    yield from (match.span() for match in _CHINESE.finditer(text))
    yield from _checked(_AMERICAN, lambda number: _is_national(number, ("US",)))(text)
    for pattern in (_FRENCH, _NATIONAL):
        yield from _checked(pattern, lambda number: not _DATE.search(number) and _is_national(number, REGIONS))(text)
    for match in _CALLED.finditer(text):
        if not _DATE.search(match[1]) and len(set(_DIGITS.findall(match[1]))) > 1:
            yield match.span(1)


def _abroad(text: str) -> Iterator[tuple[int, int]]:
    """Numbers with their country's code; digits behind one may be of another."""
    for match in _ABROAD.finditer(text):
        number = match[0]
        while number and not _is_abroad(number):
            number = number.rpartition(" ")[0]
        if number:
            yield match.start(), match.start() + len(number)


def _is_abroad(text: str) -> bool:
    """Whether a number with its country's code is one that country gives out."""
    digits = "".join(_DIGITS.findall(text.removeprefix("00")))
    if len(digits) < 7:
        return False
    for n in (1, 2, 3):
        if regions := phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:n])):
            national = digits[n:].removeprefix("0") if "(0)" in text else digits[n:]
            zero = regions[0] == "IT" and national.startswith("0")
            number = phonenumbers.PhoneNumber(int(digits[:n]), int(national), italian_leading_zero=zero or None)
            return bool(phonenumbers.is_valid_number(number))
    return False


def _is_national(text: str, regions: tuple[str, ...]) -> bool:
    """Whether a number without its country's code is one that any of these countries gives out."""
    digits = "".join(_DIGITS.findall(text))
    return 9 <= len(digits) <= 12 and any(_given_out(digits, region) for region in regions)


def _given_out(digits: str, region: str) -> bool:
    code = phonenumbers.country_code_for_region(region)
    national = int(digits.lstrip("0") or 0)
    number = phonenumbers.PhoneNumber(code, national, italian_leading_zero=region == "IT" or None)
    return bool(phonenumbers.is_valid_number_for_region(number, region))


_RECOGNISERS: tuple[tuple[str, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("email", _emails),
    ("iban", _accounts),
    ("id", _checked(_RESIDENT, ric.is_valid)),
    ("card", _checked(_CARD, _is_card)),
    ("id", _checked(_SSN, ssn.is_valid)),
    ("id", _checked(_NINO, lambda number: True)),
    ("ip", _checked(_IP4, _is_ip4)),
    ("ip", _checked(_IP6, _is_ip6)),
    ("phone", _phones),
    ("name", named.names),
)
