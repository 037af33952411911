"""Names of people: by what a column is called and what its values look like. For those inside of texts see `named`."""

from __future__ import annotations

import re

import pandas as pd

from core.data.personal.well_known import GIVEN, SURNAMES
from core.letters import HAN, has_han

MOSTLY = 0.8  # of the values must look like a name where the column says that it holds names of people
SOME_KNOWN = 0.2  # of them must hold a well-known name where the column may hold names of anything
_WHO = (
    r"customer|client|patient|employee|contact|person|passenger|user|student|teacher|owner|member|guest|author|reviewer"
    r"|sender|recipient|manager|agent|doctor|driver|applicant|candidate|player|participant|spouse|father|mother|child"
)
_CERTAIN = re.compile(
    rf"^((first|last|middle|given|family|maiden|full|sur|fore)[ _-]?names?|({_WHO})s?[ _-]?(full[ _-]?)?names?"
    r"|vorname|nachname|familienname|(vor|nach)(name|-)? und (nach|vor)name|nachname, ?vorname|prénom|prenom"
    r"|nom de famille|nom (et |& )?pr[ée]noms?|pr[ée]noms? (et |& )?nom|apellidos?|nombres? y apellidos?"
    r"|apellidos? y nombres?|nom(br|)e completo|cognome|nome e cognome|cognome e nome|imi[eę]|nazwisko"
    r"|imi[eę] i nazwisko|nazwisko i imi[eę]|sobrenome|ф\.? ?и\.? ?о\.?"
    r"|фамилия( и имя)?|имя и фамилия|.*姓名|名字|联系人|收件人|寄件人)$",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(rf"^(names?|nom|nombre|nome|имя|naam|namn|autor|kunde|mitarbeiter|{_WHO})$", re.IGNORECASE)
_SHAPED = re.compile(r"^[^\W\d_](?:[^\W\d_]|[ .,'’\-()\"]){0,80}$")
_CHINESE = re.compile(rf"^[{HAN}]{{2,4}}$|^[{HAN}]{{1,8}}·[{HAN}·]{{1,12}}$")
_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "señor", "señora", "sr", "sra"})


def are_names(column: str, values: pd.Series) -> bool:
    """Whether a column holds names of people.

    Parameters
    ----------
    column : str
        What it is called.
    values : Series of str
        Some of its filled cells.

    Examples
    --------
    >>> are_names("first_name", pd.Series(["Ada", "Grace", "Alan"]))
    True
    >>> are_names("name", pd.Series(["Toyota Corolla", "Ford Fiesta"]))
    False
    """
    certain = bool(_CERTAIN.match(column.strip()))
    if not len(values) or not (certain or _POSSIBLE.match(column.strip())):
        return False
    shaped = values.map(_looks_like_one)
    if shaped.mean() < MOSTLY:
        return False
    return certain or bool(values.map(_well_known).mean() >= SOME_KNOWN)


def _looks_like_one(value: str) -> bool:
    """A few words in capitals without a digit, or two to four Chinese characters."""
    value = value.strip()
    if has_han(value):
        return bool(_CHINESE.match(value))
    words = _WORD.findall(value)
    small = sum(word[0].islower() for word in words)  # von, de, bin
    return bool(_SHAPED.match(value)) and 1 <= len(words) <= 10 and small <= len(words) / 2


def _well_known(value: str) -> bool:
    if _CHINESE.match(value.strip()):
        return value.strip()[0] in SURNAMES
    words = {word.lower() for word in _WORD.findall(value)}
    return bool(words & _TITLES) or bool(words & GIVEN)
