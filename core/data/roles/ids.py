"""Which columns are ids: they name the row, and nothing can be learned from them.

A name alone never makes an id (``heat index``, ``hr``, ``code``): values must be unique, or nearly, and count up, look
like identifiers, or bear out a name that says so. A quantity, a date, a time or what repeats in groups is no id. Light.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from core.letters import EAST_ASIAN_LETTER, SOUTHEAST_ASIAN_LETTER

FEWEST_ROWS = 10
UNIQUE = 0.98  # share of different values from where on a column counts as unique
RARELY = 0.5  # the same, for one whose name says that it is an id
CODES = 0.75  # the same, for one whose values are codes with digits
EXACT = 2.0**53  # larger numbers were rounded, so that ids come to be equal
DRAWN = 3.0  # pairs of equal values expected by chance, from where on none at all means that each was given out once
NUMBERED = 0.95  # share of the texts that are a word and a number, from where on they number the rows
FEWEST_EACH = 5  # rows with the same word, on average
SENTENCE = 5.0  # words without blanks between them, from where on they are no code
YEARS = (1500, 2200)  # whole numbers in between, and no others, may be years
_STRONG = re.compile(  # a word that says it is an id
    r"^(id|ids|uid|udi|uuid|guid|oid|pidnum|ident|identifier|identification|identifiant|identificador|matricule|rowid"
    r"|rownum|rownumber|recordid)$"
)
_WEAK = re.compile(  # a word that may say so; the values must show it
    r"^(key|index|idx|no|nr|num|nbr|number|nummer|numero|número|row|record|obs|observation|serial|sku|code|ref|reference"
    r"|case|ticket|line|item|order|invoice|номер|код|nº|n°|#|(doc|seq|rec|inv|ord|emp|cust|acct?|reg|lot|roll)(no|nr|num))$"
)
_CODE = re.compile(  # a word that says that numbers only tell things apart
    r"^(codes?|zip|plz|postal|postcode|zipcode|nbr|код|codigo|código|individual|subject|participant|patient|proband"
    r"|respondent)$"
)
_WHOLE_INDEX = re.compile(
    r"^(index|idx|row|rows|rownum|row[_ ]?(no|nr|number|id)|unnamed.*|column[_ ]?1|序号|编号|#|n°|nº)$", re.IGNORECASE
)
_JOINED = re.compile(  # usubjid, userid; not paid, valid, grid
    r"^(u?subj|subject|resp|site|user|cust|customer|member|pat|patient|case|study|stud|student|emp|order|person|hh|p|loc"
    r"|sample|event|visit|trip|item|prod|product|session|device|record|row|obs|object|county|city|school|class|store|shop"
    r"|account|match|game|player|team|doc|file|job|task|ticket|occurrence|response|global|parent|group)id$"
)
_SUFFIXES = re.compile(r"(编号|序号|号码|番号|代码|コード|번호|学号|工号|订单号|单号)$")
_CODE_SUFFIX = re.compile(r"(code|コード|代码|邮编|郵便番号)\d?$", re.IGNORECASE)
_TIME = re.compile(
    r"^(t|times?|timestamp|secs?|seconds?|ms|min|minutes?|hours?|days?|dates?|weeks?|months?|years?|yr|quarter|epoch"
    r"|steps?|tick|frame|zeit|tage?|woche|monat|jahr|stunde|sekunde|temps|jour|mois|an|année|annee|heure|año|ano|mes|día"
    r"|dia|hora|fecha|год|месяц|день)$"
)
_TIME_SUFFIX = re.compile(r"(年|月|日|年份|时间|日期|時間)$")
_WORD = re.compile(r"[^\W\d_]+|#|n°|nº")
_CAMEL = re.compile(r"(?<=[a-zäöüé])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CODED = re.compile(r"^[^\s\d]*+\d\S*+$")
_QUANTITY = re.compile(  # $1,234.50 12.5kg 3% 22:52 122/75 2017-09 1,000,000+ 2017Q3
    r"^[-+(]?[-$€£¥₹₽<>≤≥~±]{0,2}\d+([.,:/']\d+){0,3}\)?[-+]?"
    r"(%|‰|°?[CFK]|[kKMGT]?B|k?g|mg|[kcm]?m|m?s|h|k|K|M|€|[Qq]\d|[Mm]in)?\+?$"
    r"|^[-+]?\d+[.,]\d+[^\d\s]{1,4}$|^\d{4}-\d{1,2}(-\d{1,2})?$|^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}$"
)
_NUMBERED = re.compile(r"^([^\W\d_][^\d]{0,40}?)[\s_.:#-]*\d{1,9}$")
_GROUPED = re.compile(r"^[+(]?\d[\d ()/-]{6,40}\d$")  # +48 601 234 567, account numbers
_BARE = re.compile(r"^\d+$|^\d{1,3}(\.\d{1,3}){3}$|^\d{5,}-\d+$|^\d{3}-\d{2}-\d{4}$")  # 00047 10.0.24.238 85123-4


def words_of(name: str) -> list[str]:
    """The words of a column's name, in small letters.

    >>> words_of("customerID"), words_of("heat_index (F)")
    (['customer', 'id'], ['heat', 'index', 'f'])
    """
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", name.replace("'", " ")))]


def is_index(name: str) -> bool:
    """Whether it is what data frames call their row numbers.

    >>> is_index("Unnamed: 0"), is_index("heat index")
    (True, False)
    """
    return bool(_WHOLE_INDEX.match(name.strip().strip("'")))


def named_strongly(name: str) -> bool:
    """Whether the name says that it is an id: customer_id, pidnum, 编号, Unnamed: 0.

    >>> [name for name in ("USUBJID", "orderId", "AMOUNT_PAID", "air_quality_index", "hr") if named_strongly(name)]
    ['USUBJID', 'orderId']
    """
    words = words_of(name)
    if is_index(name) or _SUFFIXES.search(name.strip()):
        return True
    return bool(words) and (words[0] == "id" or bool(_STRONG.match(words[-1]) or _JOINED.match(words[-1])))


def named_weakly(name: str) -> bool:
    """Whether it may say so: order no, ring code, key, EmployeeNumber."""
    words = words_of(name)
    return named_strongly(name) or (bool(words) and bool(_WEAK.match(words[-1])))


def named_as_code(name: str) -> bool:
    """Whether numbers of this name only tell things apart: zip_code, sensor_id, status code, cowcode2."""
    words = words_of(name)
    return named_strongly(name) or bool(words and _CODE.match(words[-1])) or bool(_CODE_SUFFIX.search(name.strip()))


def named_a_time(name: str) -> bool:
    """Whether it counts days, steps or years."""
    return any(_TIME.match(word) for word in words_of(name)) or bool(_TIME_SUFFIX.search(name.strip()))


def counts_up(numbers: np.ndarray, name: str, sampled: bool) -> bool:
    """Whether whole numbers count the rows one by one, and are no years, days or steps.

    sampled : evenly spread rows of a larger table, where steps are of two lengths
    """
    steps = np.diff(numbers)
    if len(steps) == 0 or named_a_time(name) or _are_years(numbers, name):
        return False
    if sampled:
        return bool(np.ptp(steps) <= 1 and steps.min() >= 1)
    return bool((steps == steps[0]).all() and abs(steps[0]) == 1)


def counts_in_blocks(numbers: np.ndarray, name: str) -> bool:
    """Whether a column called index counts up again and again, as frames do that were put one below the other."""
    steps = np.diff(numbers)
    return is_index(name) and len(steps) > 0 and bool((steps == np.median(steps)).mean() > 0.9 and np.median(steps) > 0)


def numbers_the_rows(numbers: np.ndarray, name: str) -> bool:
    """Whether different whole numbers are ids by their name and by how they lie."""
    if len(numbers) < FEWEST_ROWS or named_a_time(name) or not named_weakly(name):
        return False
    if named_strongly(name):
        return True
    increasing = bool((np.diff(numbers) > 0).all())
    by_chance = len(numbers) ** 2 / (2 * (np.ptp(numbers) + 1))
    return increasing or by_chance >= DRAWN or _of_one_width(numbers)


def tell_groups_apart(numbers: np.ndarray, name: str, share_distinct: float) -> bool:
    """Whether whole numbers that repeat are only told apart: by their name, or of one width under a name like “no”."""
    if named_a_time(name) or is_index(name):
        return False
    return named_as_code(name) or (named_weakly(name) and share_distinct < 1 / 3 and _of_one_width(numbers))


def _of_one_width(numbers: np.ndarray) -> bool:
    """Whether all have as many digits, four or more."""
    return bool(numbers.min() >= 1000 and len(str(int(numbers.min()))) == len(str(int(numbers.max()))))


def are_codes(words: pd.Series) -> float:
    """Share of the texts that are codes: no blank, a digit, and no quantity, time or date."""
    coded = words.str.match(_CODED) & (~words.str.match(_QUANTITY) | words.str.match(_BARE))
    return float(coded.mean()) if len(words) else 0.0


def unspaced_words(words: pd.Series) -> pd.Series:
    """Words that no blank parts from their neighbours: a Chinese character counts as two thirds of one.

    >>> unspaced_words(pd.Series(["送餐时间太久了", "A-17"])).round(1).tolist()
    [4.7, 0.0]
    """
    n_southeast = words.str.count(SOUTHEAST_ASIAN_LETTER)  # four or five letters a word
    return words.str.count(EAST_ASIAN_LETTER) * (2 / 3) + n_southeast / 5


def name_the_rows(words: pd.Series, name: str, share_distinct: float) -> bool:
    """Whether texts are ids: codes that hardly repeat."""
    if len(words) < FEWEST_ROWS or (named_a_time(name) and not named_strongly(name)):
        return False
    if share_distinct > CODES and float((words.str.match(_GROUPED) & ~words.str.match(_QUANTITY)).mean()) > 0.9:
        return True
    if are_numbered(words, share_distinct):
        return True
    coded, n_words = are_codes(words), float(words.str.count(r"\S+").mean())
    if n_words >= 3 or float(unspaced_words(words).mean()) >= SENTENCE:
        return False
    if n_words < 2 and ((share_distinct > CODES and coded > 0.9) or (share_distinct > 0.95 and coded > 0.5)):
        return True
    return share_distinct > RARELY and named_strongly(name) and not are_quantities(words)


def are_numbered(words: pd.Series, share_distinct: float) -> bool:
    """Whether texts are a word and a number that no other row has: Nordwind 1, Nordwind 2, Patient 017.

    Days and weeks, sentences, and what most rows have a word of their own for, are none.

    >>> are_numbered(pd.Series([f"Nordwind {n}" for n in range(12)]), 1.0)
    True
    >>> are_numbered(pd.Series([f"Week {n}" for n in range(12)]), 1.0)
    False
    """
    parts = words.str.strip().str.extract(_NUMBERED)
    if share_distinct < UNIQUE or float(parts[0].notna().mean()) < NUMBERED:
        return False
    stems = parts[0].dropna().str.lower().str.strip(" _.:#-")
    sentences = float(stems.str.count(r"\S+").mean()) >= 3
    return not sentences and len(stems) >= FEWEST_EACH * stems.nunique() and not stems.map(named_a_time).any()


def are_quantities(words: pd.Series) -> bool:
    """Whether most are amounts, shares, times or days as people write them."""
    return float((words.str.match(_QUANTITY) & ~words.str.match(_BARE)).mean()) > 0.5


def _are_years(numbers: np.ndarray, name: str) -> bool:
    low, high = YEARS
    return bool(numbers.min() >= low and numbers.max() <= high) and not named_weakly(name)
