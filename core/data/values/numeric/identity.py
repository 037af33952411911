"""Digits that tell things apart and measure nothing: phone numbers, national ids, versions such as 1.10."""

from __future__ import annotations

import re

import pyarrow.compute as pc
from stdnum import ean, luhn
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.nl import bsn
from stdnum.pl import nip, pesel

from core.data.values.counted import Counted

MOSTLY = 0.95
FEWEST = 20  # different values whose check digits all fit: no coincidence
CHECKED = 200  # of the values, at most
FEW = 5  # different groups of digits that look like phone numbers
_CHECKS = (pesel, ean, luhn, nip, cpf, bsn, ric)
_ABROAD = r"^(?:\+|00)\d[\d ()/-]{6,18}\d$"
_CALLABLE = r"^[+(]?\d[\d ()/-]{5,18}\d$"
_GROUPED = r"^\d{2,4}(?: \d{2,4}){2,}$"
_ONE_NUMBER = r"^\d{8,19}X?$"
_VERSION = r"^v?\d{1,4}(?:\.\d{1,5}){1,3}$"
_LONG_VERSION = r"^\d{1,3}(?:\.\d{1,3}){2,3}$"
_THOUSANDS = r"^\d{1,3}(?:\.\d{3}){2,}$"
_PHONE_NAME = re.compile(
    r"(^|[\s_.-])(tel|phone|telephone|telefon|téléphone|telefono|teléfono|telefone|mobile|mobil|cell|cellphone|fax|handy"
    r"|gsm|celular|msisdn|whatsapp)([\s_.-]*(no|nr|num|number|nummer|numer|número|numero))?\.?$|(?-i:[a-z]Phone$)|电话|手机|電話",
    re.IGNORECASE,
)
_ID_NAME = re.compile(
    r"(^|[\s_.-])(pesel|nip|regon|ssn|cpf|cnpj|dni|nif|nie|curp|rut|bsn|cnp|inn|инн|snils|снилс|personnummer|iban|isbn|ean"
    r"|ean13|gtin|upc|imei|siren|siret|barcode|passport|pasaporte|steuer.?id|codice.fiscale|aadhaar)($|[\s_.-])"
    r"|身份证|条码|学号|工号|卡号|マイナンバー",
    re.IGNORECASE,
)
_VERSION_NAME = re.compile(
    r"(^|[\s_.-])(version|versions|ver|release|firmware|build)$|(?-i:[a-z]Version$)|版本", re.IGNORECASE
)


def named_version(name: str) -> bool:
    """Whether a column's name says that it holds versions.

    Examples
    --------
    >>> named_version("app_version"), named_version("conversion")
    (True, False)
    """
    return bool(_VERSION_NAME.search(name))


def tells_apart(column: Counted, name: str) -> bool:
    """Whether digits are names: then 1.10 is not 1.1, and nothing is to be added or compared.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tells_apart(Counted.of(pa.array(["+48 601 234 567", "+48 602 345 678"])), "contact")
    True
    >>> tells_apart(Counted.of(pa.array(["1.9", "1.10"])), "version"), tells_apart(Counted.of(pa.array(["1.9"])), "x")
    (True, False)
    """
    looked = column.where(~column.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(r"^[+(v]?\d")) < MOSTLY:
        return False
    kinds = (_versions, _phones, _numbered)
    few = looked.few()
    return any(is_one(few, name) and is_one(looked, name) for is_one in kinds)


def _versions(looked: Counted, name: str) -> bool:
    if looked.share(looked.matches(_VERSION)) < MOSTLY:
        return False
    if named_version(name):
        return True
    longer = looked.matches(_LONG_VERSION) & ~looked.matches(_THOUSANDS)
    return int(longer.sum()) > 1 and int((~longer).sum()) > 0


def _phones(looked: Counted, name: str) -> bool:
    if looked.share(looked.matches(_ABROAD)) >= MOSTLY:
        return True
    if _PHONE_NAME.search(name) and looked.share(looked.matches(_CALLABLE)) >= MOSTLY:
        return True
    if len(looked.values) < FEW or looked.share(looked.matches(_GROUPED)) < MOSTLY:
        return False
    shapes = pc.value_counts(pc.replace_substring_regex(looked.values, r"\d", "9"))
    first = max(shapes.to_pylist(), key=lambda one: one["counts"])
    return first["counts"] >= MOSTLY * len(looked.values) and str(first["values"]).count("9") >= 9


def _numbered(looked: Counted, name: str) -> bool:
    """Whole numbers of one length whose name, or whose check digits, say that they are ids."""
    if looked.share(looked.matches(_ONE_NUMBER)) < MOSTLY:
        return False
    if _ID_NAME.search(name):
        return True
    whole = looked.where(looked.matches(_ONE_NUMBER))
    values = [str(value) for value in whole.values.slice(0, CHECKED).to_pylist()]
    if len(values) < FEWEST or len({len(value) for value in values}) > 1:
        return False
    return any(all(check.is_valid(value) for value in values) for check in _CHECKS)
