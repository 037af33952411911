"""Columns of numbers that a state gives to each person: by what a column is called and by the numbers' check digits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from stdnum.br import cpf
from stdnum.cl import rut
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer

MOSTLY = 0.8  # of the values must bear out what the column is called
_CHECKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("pesel", pesel.is_valid),
    ("cpf", cpf.is_valid),
    ("bsn|burgerservicenummer", bsn.is_valid),
    ("dni|nie|nif", lambda value: bool(dni.is_valid(value) or nie.is_valid(value))),
    ("codice[ _]fiscale", codicefiscale.is_valid),
    ("nir|sécurité sociale", nir.is_valid),
    ("aadhaar|aadhar", aadhaar.is_valid),
    ("주민등록번호", rrn.is_valid),
    ("fødselsnummer|fodselsnummer", fodselsnummer.is_valid),
    ("personnummer", personnummer.is_valid),
    ("curp", curp.is_valid),
    ("rut|run", rut.is_valid),
    ("steuer-?id|identifikationsnummer|idnr", idnr.is_valid),
)
_NAMED = [(re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE), check) for words, check in _CHECKS]


def are_ids(column: str, values: pd.Series) -> bool:
    """Whether a column holds national identity numbers.

    Parameters
    ----------
    column : str
        What it is called.
    values : Series of str
        Some of its filled cells.

    Examples
    --------
    >>> are_ids("PESEL", pd.Series(["44051401359"])), are_ids("order", pd.Series(["44051401359"]))
    (True, False)
    """
    checks = [check for named, check in _NAMED if named.search(column)]
    if not len(values) or not checks:
        return False
    return any(float(values.map(check).mean()) >= MOSTLY for check in checks)
