"""The language of formulas: arithmetic, comparisons and a few functions of a table's columns. It is read, never run.

A formula is parsed to a tree by Python's own parser; whatever is not in the lists here is refused, and the rest is
worked out on whole columns by NumPy.
"""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import pandas as pd

from core.catalog import Role
from core.fuse.columns import MISSING, as_days, as_numbers, as_words, word
from core.fuse.sentence import in_words

Kind = Literal["number", "words", "date"]
LONGEST = 200  # characters
LONGEST_NAME = 40  # characters of what a column is called
LARGEST = 1e300  # number that is written
KINDS: dict[str, Kind] = {"number": "number", "category": "words", "date": "date", "text": "words"}
_ARITHMETIC: dict[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,  # squares only
}
_COMPARED: dict[type[ast.cmpop], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_OF_NUMBERS: dict[str, tuple[int, int, Callable[[list[np.ndarray]], np.ndarray]]] = {  # least and most arguments
    "log": (1, 1, lambda given: np.log(given[0])),
    "sqrt": (1, 1, lambda given: np.sqrt(given[0])),
    "abs": (1, 1, lambda given: np.abs(given[0])),
    "min": (2, 9, lambda given: reduce(np.minimum, given)),
    "max": (2, 9, lambda given: reduce(np.maximum, given)),
}
_OF_DATES: dict[str, Callable[[pd.DatetimeIndex], pd.Index]] = {
    "year": lambda stamps: stamps.year,
    "month": lambda stamps: stamps.month,
    "weekday": lambda stamps: stamps.dayofweek,
}
FUNCTIONS = (*_OF_NUMBERS, "missing", "length", "contains", *_OF_DATES)


class UnknownFormulaError(ValueError):
    """This is no formula of these columns."""


@dataclass(frozen=True)
class Columns:
    """The columns that formulas are made of."""

    names: dict[str, str]  # what a column is called in formulas → the column
    kinds: dict[str, Kind]  # what it is called → what it holds

    @classmethod
    def of(cls, roles: Mapping[str, Role]) -> Columns:
        """roles: column → its role

        Examples
        --------
        >>> Columns.of({"Total price": "number"})
        Columns(names={'total_price': 'Total price'}, kinds={'total_price': 'number'})
        """
        names = called(list(roles))
        return cls(names, {name: KINDS[roles[column]] for name, column in names.items()})


def called(columns: Sequence[str]) -> dict[str, str]:
    """What each column is called in formulas  →  the column.

    Examples
    --------
    >>> called(["Annual Income (k$)", "2nd visit", "if"])
    {'annual_income_k': 'Annual Income (k$)', 'c_2nd_visit': '2nd visit', 'if_': 'if'}
    """
    found: dict[str, str] = {}
    for column in columns:
        letters = unicodedata.normalize("NFKC", in_words(column).lower())
        name = "".join(letter if f"a{letter}".isidentifier() else "_" for letter in letters)
        name = re.sub("__+", "_", name)[:LONGEST_NAME].strip("_") or "column"
        name = name if name.isidentifier() else f"c_{name}"
        if keyword.iskeyword(name) or name in FUNCTIONS:
            name += "_"
        names = [name, *(f"{name}_{number}" for number in range(2, len(columns) + 2))]
        found[next(one for one in names if one not in found)] = column
    return found


def parsed(text: str, columns: Columns) -> ast.expr:
    """The tree of a formula that gives a number for each row.

    Raises
    ------
    UnknownFormulaError
        It is too long, is not a formula, or does with a column what can't be done with it.

    Examples
    --------
    >>> ast.unparse(parsed("weight/(height * height)", Columns.of({"weight": "number", "height": "number"})))
    'weight / (height * height)'
    """
    if len(text) > LONGEST or "\\" in text:
        raise UnknownFormulaError(text)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise UnknownFormulaError(text) from error
    if _kind(tree, columns.kinds) != "number" or not names(tree) & set(columns.names):
        raise UnknownFormulaError(text)
    return tree


def worked_out(tree: ast.expr, frame: pd.DataFrame, columns: Columns) -> np.ndarray:
    """A number for each row, float64 (n,); NaN where a cell is empty or nothing can be said, as of 1 / 0.

    tree: of `parsed`

    Examples
    --------
    >>> columns = Columns.of({"Fare": "number", "People": "number"})
    >>> frame = pd.DataFrame({"Fare": [30, 8, None], "People": [3, 0, 1]})
    >>> worked_out(parsed("fare / people", columns), frame, columns).tolist()
    [10.0, nan, nan]
    """
    with np.errstate(all="ignore"):
        values = np.broadcast_to(_number(tree, frame, columns), (len(frame),)).astype(float)
    return np.where(np.isfinite(values), values, np.nan)


# What is allowed


def _kind(node: ast.expr, kinds: Mapping[str, Kind]) -> Kind:
    """What a part of a formula gives."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < LARGEST:
            found: Kind = "number"
        case ast.Name(id=name) if name in kinds:
            found = kinds[name]
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=inner):
            found = _all_numbers([inner], kinds)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in {ast.Add, ast.Sub, ast.Mult, ast.Div}:
            sides = [_kind(left, kinds), _kind(right, kinds)]  # once each: twice would double with every sign
            found = _numbers(sides) if not isinstance(op, ast.Sub) or "date" not in sides else _same_dates(sides)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
            found = _all_numbers([left], kinds)
        case ast.BoolOp(values=values):
            found = _all_numbers(values, kinds)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            found = _comparison(left, op, right, kinds)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            found = _function(name, given, kinds)
        case _:
            raise UnknownFormulaError(ast.dump(node))
    return found


def _all_numbers(nodes: Sequence[ast.expr], kinds: Mapping[str, Kind]) -> Kind:
    return _numbers([_kind(node, kinds) for node in nodes])


def _numbers(found: Sequence[Kind]) -> Kind:
    if set(found) != {"number"}:
        raise UnknownFormulaError
    return "number"


def _same_dates(found: Sequence[Kind]) -> Kind:
    if set(found) != {"date"}:
        raise UnknownFormulaError
    return "number"  # days


def _comparison(left: ast.expr, op: ast.cmpop, right: ast.expr, kinds: Mapping[str, Kind]) -> Kind:
    first = _kind(left, kinds)
    if first == "words":
        if not isinstance(op, ast.Eq | ast.NotEq) or not (_is_word(right) or _is_number(right)):
            raise UnknownFormulaError
        return "number"
    sides = [first, _kind(right, kinds)]
    return _same_dates(sides) if "date" in sides else _numbers(sides)


def _function(name: str, given: Sequence[ast.expr], kinds: Mapping[str, Kind]) -> Kind:
    column = given[0] if given and isinstance(given[0], ast.Name) and given[0].id in kinds else None
    held = kinds[column.id] if column else None
    fits = {
        "missing": len(given) == 1 and column is not None,
        "length": len(given) == 1 and held == "words",
        "contains": len(given) == 2 and held == "words" and _is_word(given[-1]),
        **dict.fromkeys(_OF_DATES, len(given) == 1 and held == "date"),
    }
    if name in _OF_NUMBERS:
        least, most, _work = _OF_NUMBERS[name]
        if least <= len(given) <= most:
            return _all_numbers(given, kinds)
    elif fits.get(name):
        return "number"
    raise UnknownFormulaError(name)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value.strip())


def names(tree: ast.expr) -> set[str]:
    """What the columns of a formula, and its functions, are called."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


# What it gives


def _number(node: ast.expr, frame: pd.DataFrame, columns: Columns) -> np.ndarray:
    """The value of a part that was allowed; of a date, its days."""
    match node:
        case ast.Constant(value=int() | float() as value):
            found = np.asarray(float(value))
        case ast.Name(id=name):
            cells = frame[[columns.names[name]]]
            found = as_days(cells) if columns.kinds[name] == "date" else as_numbers(cells)[:, 0]
        case ast.UnaryOp(op=op, operand=inner):
            inside = _number(inner, frame, columns)
            found = -inside if isinstance(op, ast.USub) else 1.0 - _truth(inside)
        case ast.BinOp(left=left, op=op, right=right):
            found = _ARITHMETIC[type(op)](_number(left, frame, columns), _number(right, frame, columns))
        case ast.BoolOp(op=op, values=values):
            join = np.minimum if isinstance(op, ast.And) else np.maximum
            found = reduce(join, (_truth(_number(one, frame, columns)) for one in values))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            found = _compared(left, op, right, frame, columns)
        case ast.Call(func=ast.Name(id=name), args=given):
            found = _called(name, given, frame, columns)
        case _:
            raise UnknownFormulaError(ast.dump(node))
    return found


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, frame: pd.DataFrame, columns: Columns) -> np.ndarray:
    if isinstance(left, ast.Name) and columns.kinds[left.id] == "words":
        assert isinstance(right, ast.Constant)
        cells, wanted = as_words(frame[[columns.names[left.id]]]), plain(right.value).casefold()
        same = np.asarray([plain(cell).casefold() == wanted for cell in cells])
        found = same if isinstance(op, ast.Eq) else ~same
        return np.where([cell == MISSING for cell in cells], np.nan, found)
    first, second = _number(left, frame, columns), _number(right, frame, columns)
    return np.where(np.isnan(first) | np.isnan(second), np.nan, _COMPARED[type(op)](first, second))


def _called(name: str, given: Sequence[ast.expr], frame: pd.DataFrame, columns: Columns) -> np.ndarray:
    if name in _OF_NUMBERS:
        return _OF_NUMBERS[name][2]([_number(one, frame, columns) for one in given])
    assert isinstance(given[0], ast.Name)
    cells = frame[[columns.names[given[0].id]]]
    if name == "missing":
        return cells.iloc[:, 0].isna().to_numpy(dtype=float)
    if name in _OF_DATES:
        stamps = pd.to_datetime(pd.Series(as_days(cells)), unit="D")
        return np.asarray(_OF_DATES[name](pd.DatetimeIndex(stamps)), dtype=float)
    words = as_words(cells)
    if name == "length":
        return np.asarray([np.nan if cell == MISSING else len(cell) for cell in words], dtype=float)
    assert isinstance(given[1], ast.Constant)
    wanted = str(given[1].value).strip().casefold()
    return np.asarray([np.nan if cell == MISSING else wanted in cell.casefold() for cell in words], dtype=float)


def plain(value: object) -> str:
    """A value as formulas name it: as categories are named, with single blanks.

    Examples
    --------
    >>> plain(2.0), plain("New\u00a0York ")
    ('2', 'New York')
    """
    return " ".join(word(value).split())


def _truth(value: np.ndarray) -> np.ndarray:
    """1 where it is not 0, NaN where nothing is known."""
    return np.where(np.isnan(value), np.nan, value != 0)
