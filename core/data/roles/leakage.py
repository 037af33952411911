"""Columns that give the target away, because they would be known only after the answer is known.

That a column predicts well is no proof: an odour, an island, a width may be pure for a class. A column is left out only
where all of it gives the answer away: it names each class, its order or its value is the target's, it is filled in for
one class alone, or it flags a rare class. One value that is pure for a class only marks its column as suspicious, and
so does an answer that is told in more words than there are classes; a name that speaks of what comes after
(``refund_date``, ``churn_reason``) tips the scales.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from core.catalog import Task
from core.data.roles import association
from core.data.roles.association import Counts
from core.messages import Message, Plural, _, _n, say

SAME = 0.97  # of the rows on which a copy agrees with the target: a second person's notes differ in 1 to 2 %
PURE = 0.995  # of the rows of a value that implies a class, or of an order that tells one
FLAG = 0.99  # the same of a flag, whose class is rare
MIN_ROWS = 15  # with that value; fewer can be luck
MAX_CHANCE = 1e-6  # how probable so clean a value would be by luck
RARE = 0.1  # share of the rows up to which a class is rare
CUT_ROWS = 100  # of the smallest class, from where on two classes cut apart by one number are no luck of an honest one
TIGHT = 0.05  # spread of a code with noise, beside the distance to the next class
EXACT = 0.9995  # of the rows, where no mistake of an honest number is left
MAX_VALUES = 50
ROWS_EACH = 3  # rows a class, below which values that go with one class prove nothing
RANK_CORRELATION = 0.9999
ALONG = 0.95  # ranks that belong to one another, from where on values are compared
LINE, CURVE = 4.8e-4, 6e-4  # of the target's spread left by a line, by its neighbours: noise of 2 % leaves 4e-4, 6e-4
LAGGED = 0.02  # of the spread between a row and the next, below which rows follow one another
TOGETHER = 0.8  # correlation of the steps from row to row that a copy keeps, and two growing series do not
WITHIN = 0.001
AFTERWARDS = re.compile(
    r"refund|cancel|churn|unsubscrib|resol(ved|ution)|clos(ed|ing)|reason|outcome|result|discharg|death|died|deceas"
    r"|decision|approv|reject|denied|recover|collection|charge.?off|default|predict|escalat|paged|notified|settle"
    r"|return(ed|_date)|complet|finish|stopp?ed|ended|end_?date|exit|termination|left_|lost|won|converted|click"
    r"|erstatt|storn|kündig|abgeschlossen|ergebnis|grund|verstorben|rückgabe|annul|rembours|résili|motif|décès|clôtur"
    r"|resultado|motivo|baja|fallec|退款|取消|流失|原因|结果|关闭|死亡|返金|解約|理由|отказ|возврат|причина|итог",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sign:
    """What speaks against a column; `certain` leaves it out, otherwise it is only marked."""

    reason: Message
    certain: bool


def find(sample: pa.Table, target: str, task: Task | None, names: list[str]) -> dict[str, Sign]:
    """Columns among `names` that give the target away or might, each with its reason.

    Parameters
    ----------
    sample : pyarrow.Table
    names : list of str
        Columns that would take part.
    """
    if task is None:
        return {}
    truth = sample[target].to_pandas()
    known = truth.notna().to_numpy()
    truth = truth[known]
    if len(truth) < 2 * MIN_ROWS:
        return {}
    if task == "regression":
        found = {name: _of_number(name, sample[name].to_pandas()[known], truth, target) for name in names}
    else:
        code, classes = pd.factorize(truth.astype(str))
        found = {name: _of_class(name, sample[name].to_pandas()[known], classes, code, target) for name in names}
    return {name: sign for name, sign in found.items() if sign is not None}


def comes_afterwards(name: str) -> bool:
    """Whether a name speaks of what would be known only after the answer.

    >>> comes_afterwards("refund_date"), comes_afterwards("petal_width")
    (True, False)
    """
    return bool(AFTERWARDS.search(name))


# A target of classes


def _of_class(name: str, values: pd.Series, classes: pd.Index, code: np.ndarray, target: str) -> Sign | None:
    values = values.reset_index(drop=True)
    filled = _filled_only_if(name, values, classes, code, target)
    if filled is not None:
        return filled
    if values.nunique() <= max(MAX_VALUES, 1.2 * len(classes)):
        return _few_values(name, values, classes, code, target)
    if pd.api.types.is_numeric_dtype(values):
        return _many_numbers(name, values, classes, code, target)
    return None


def _filled_only_if(name: str, values: pd.Series, classes: pd.Index, code: np.ndarray, target: str) -> Sign | None:
    """A column that is filled in, or above nothing, only where the target is one class."""
    filled = values.notna().to_numpy()
    if filled.all() and pd.api.types.is_numeric_dtype(values) and values.nunique() > 2:
        filled = (values != 0).to_numpy()
    n_filled = int(filled.sum())
    if n_filled < MIN_ROWS or n_filled == len(values):
        return None
    hits = np.bincount(code[filled], minlength=len(classes))
    kind = int(hits.argmax())
    n_class, n_rows = int((code == kind).sum()), len(code)
    recall = hits[kind] / n_class
    luck = (n_class / n_rows) ** hits[kind]
    if recall >= FLAG:
        luck = min(luck, (1 - n_class / n_rows) ** (n_rows - n_filled))
    if hits[kind] < FLAG * n_filled or luck > MAX_CHANCE:
        return None
    text = _n(
        "“{column}” is filled in only where “{target}” is {label} ({n} row): it would be known only after the answer.",
        "“{column}” is filled in only where “{target}” is {label} ({n} rows): it would be known only after the answer.",
    )
    certain = bool(recall >= 0.5 or comes_afterwards(name) or n_class <= RARE * n_rows)
    return Sign(say(text, column=name, target=target, label=_plain(classes[kind]), n=n_filled), certain)


def _few_values(name: str, values: pd.Series, classes: pd.Index, code: np.ndarray, target: str) -> Sign | None:
    counts = association.count(values, code)
    if len(values) >= ROWS_EACH * len(classes) and association.agreement(counts, MIN_ROWS) >= SAME:
        text = _("“{column}” and “{target}” say the same: each value goes with one class.")
        return Sign(say(text, column=name, target=target), True)
    if counts.told >= PURE and len(counts.values) <= len(values) / MIN_ROWS and _every_class_is_told(counts):
        text = _("Each value of “{column}” goes with one class of “{target}”.")
        certain = comes_afterwards(name)
        return Sign(_doubt(text, certain, column=name, target=target), certain)
    return _pure_value(name, values, counts, classes, target)


def _every_class_is_told(counts: Counts) -> bool:
    return len(set(counts.table.argmax(axis=1).tolist())) == counts.table.shape[1] > 1


def _pure_value(name: str, values: pd.Series, counts: Counts, classes: pd.Index, target: str) -> Sign | None:
    """A value that almost surely implies a class that is otherwise uncommon; of a flag, a rare class is enough."""
    base = counts.of_class / counts.table.sum()
    precision = counts.table / counts.of_value[:, None]
    luck = base[None, :] ** counts.table
    given = np.array([value is not None for value in counts.values])[:, None]
    clean = (precision >= FLAG) & (counts.of_value[:, None] >= MIN_ROWS) & (luck <= MAX_CHANCE) & (base[None, :] < 0.5)
    if not (clean & given).any():
        return None
    value, kind = np.unravel_index(np.argmax(np.where(clean & given, counts.table, -1)), counts.table.shape)
    flag = values.nunique() == 2 and counts.of_value[value] < 0.5 * counts.table.sum()
    certain = bool(flag and (base[kind] <= RARE or comes_afterwards(name)))
    if not certain and precision[value, kind] < PURE:
        return None
    text = _n(
        "“{column}” is {value} only where “{target}” is {label} ({n} row).",
        "“{column}” is {value} only where “{target}” is {label} ({n} rows).",
    )
    gaps = {"value": _plain(counts.values[value]), "label": _plain(classes[kind]), "n": int(counts.of_value[value])}
    return Sign(_doubt(text, certain, column=name, target=target, **gaps), certain)


def _many_numbers(name: str, values: pd.Series, classes: pd.Index, code: np.ndarray, target: str) -> Sign | None:
    """Numbers in whose order the classes follow one another, or one class comes first."""
    numbers = values.to_numpy(dtype=float)
    filled = np.isfinite(numbers)
    numbers, code = numbers[filled], code[filled]
    sizes = np.bincount(code, minlength=len(classes))
    if len(numbers) < 2 * MIN_ROWS or len(numbers) < 0.5 * len(filled) or (sizes > 0).sum() < 2:
        return None
    if _in_order(name, numbers, code, sizes):
        text = _("“{column}” alone tells “{target}”: its classes follow one another in the order of its numbers.")
        return Sign(_doubt(text, True, column=name, target=target), True)
    ranked = np.argsort(numbers, kind="stable")
    for kind in np.flatnonzero((sizes >= MIN_ROWS) & (sizes <= 0.5 * len(code))):
        hits = code == kind
        for sign, top in ((1, ranked[-sizes[kind] :]), (-1, ranked[: sizes[kind]])):
            if hits[top].mean() < 0.9:
                continue
            precision = association.average_precision(hits, sign * numbers)
            if precision >= PURE:
                text = _(
                    "“{column}” alone picks out the rows where “{target}” is {label} (average precision {precision}, "
                    "chance {chance})."
                )
                gaps = {"precision": format(precision, ".3f"), "chance": format(hits.mean(), ".3f")}
                label = _plain(classes[kind])
                return Sign(_doubt(text, False, column=name, target=target, label=label, **gaps), False)
    return None


def _in_order(name: str, numbers: np.ndarray, code: np.ndarray, sizes: np.ndarray) -> bool:
    """Whether the numbers are a code with a little noise, or cut the classes apart and an honest one would not."""
    told = association.told_by_order(numbers, code)
    if told < SAME:
        return False
    smallest = sizes[sizes > 0].min()
    if (told >= EXACT and smallest >= CUT_ROWS) or (told >= PURE and comes_afterwards(name)):
        return True
    groups = pd.Series(numbers).groupby(code)
    medians = np.sort(groups.median().to_numpy())
    spread = float(groups.apply(lambda one: (one - one.median()).abs().median()).max()) * 1.48
    return bool(np.diff(medians).min() > 0 and spread <= TIGHT * np.diff(medians).min())


# A target that is a number


def _of_number(name: str, values: pd.Series, truth: pd.Series, target: str) -> Sign | None:
    """A number that is the target in another unit or with little noise, or values within which it hardly varies.

    The latter is what a country does with its figures, so that it only marks a column.
    """
    y = _in_units(truth.to_numpy(dtype=float))
    values = values.reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(values):
        x = values.to_numpy(dtype=float)
        filled = np.isfinite(x) & np.isfinite(y)
        return _copy(name, _in_units(x[filled]), _in_units(y[filled]), target)
    groups = pd.Series(y).groupby(pd.factorize(values, use_na_sentinel=False)[0])
    if values.nunique() > MAX_VALUES or y.var() == 0 or groups.ngroups < 2 or groups.size().min() < 2:
        return None
    if association.unexplained(y, groups.transform("mean").to_numpy()) > WITHIN:
        return None
    certain = comes_afterwards(name)
    text = _("Within each value of “{column}”, “{target}” is nearly the same.")
    return Sign(_doubt(text, certain, column=name, target=target), certain)


def _in_units(numbers: np.ndarray) -> np.ndarray:
    """Numbers as parts of the largest one: squares of 1e200 would overflow."""
    largest = np.abs(numbers[np.isfinite(numbers)]).max(initial=0)
    return numbers / largest if largest > 0 else numbers


def _copy(name: str, x: np.ndarray, y: np.ndarray, target: str) -> Sign | None:
    if len(x) < 2 * MIN_ROWS or len(np.unique(x)) < 10 or y.var() == 0:
        return None
    correlation = association.rank_correlation(x, y)
    if max(abs(correlation), abs(association.correlation(x, y))) < ALONG:
        return None
    found = association.between_neighbours(x, y)
    near = abs(correlation) >= RANK_CORRELATION or association.unexplained(y, found) <= CURVE
    if not near and association.unexplained(y, association.line(x, y)) > LINE:
        return None
    if _only_grow_together(x, y):
        text = _("“{column}” and “{target}” go together from the first row to the last (rank correlation {r}).")
        return Sign(_doubt(text, False, column=name, target=target, r=format(correlation, ".4f")), False)
    text = _("“{column}” rises and falls with “{target}” in nearly every row (rank correlation {r}): a copy of it.")
    return Sign(say(text, column=name, target=target, r=format(correlation, ".4f")), True)


def _only_grow_together(x: np.ndarray, y: np.ndarray) -> bool:
    """Series of years or days, in order: both grow, but their steps from row to row are not the same."""
    steps = np.diff(y)
    if steps.var() > 2 * LAGGED * y.var():
        return False
    found = [np.diff(x), np.diff(y)], [np.diff(_logarithm(x)), np.diff(y)], [np.diff(x), np.diff(_logarithm(y))]
    return max(abs(association.correlation(*pair)) for pair in found) < TOGETHER


def _logarithm(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(x - x.min() + 1e-3 * np.ptp(x)))


def _doubt(text: str | Plural, certain: bool, **gaps: object) -> Message:
    """The sentence with what follows from it."""
    if certain:
        return say(_("{fact} It would be known only after the answer."), fact=say(text, **gaps))
    return say(_("{fact} Leave it out if it would be known only after the answer."), fact=say(text, **gaps))


def _plain(value: object) -> str:
    """A value in a sentence: 1.0 as 1, nothing as “empty”."""
    text = "" if value is None else str(value)[:60]
    return text.removesuffix(".0") or "—"
