"""New columns, proposed by a language model: what it is told, what it may write, and what is kept of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from core.catalog import Role
from core.fuse.sentence import cell_words, in_words
from core.fuse.written.language import FUNCTIONS, Columns, UnknownFormulaError, parsed, plain
from core.letters import HAN
from core.messages import clip

MOST = 6  # formulas that are asked for
MOST_COLUMNS = 40  # that are told of
MOST_VALUES = 5  # of a category
LONGEST_VALUE = 60  # characters of one that is compared with
LONG = 300  # characters of a row that is shown
ASKED = (
    "These are the columns of a table:\n\n{columns}\n\nWe want to predict “{target}”{classes}.{errors}\n\nWrite {n} "
    "new columns that would help to predict it, each as a line that says what it means, a name and a short formula of "
    "the columns above. Use what is known of such things: sums, differences, products and ratios of numbers that "
    "belong together, comparisons joined by “and”, words to look for. You may use + - * / **2 < > == and or not, and "
    "{functions}.\nIn a table of loans, such columns would be:\n```python\n# Share of the income that is gone\n"
    "burden = (rent + loan_rate) / income\n# What is left to pay back\nstill_owed = borrowed - repaid\n# People who "
    "have not earned yet\nyoung_and_poor = age < 25 and income < 1000\n# The loan is for a car\n"
    'for_a_car = contains(purpose, "car")\n```\nEach is about something else; write nothing else.'
)
_LISTED = re.compile(r"^(?:[-*•]|\(?\d{1,2}[.):])\s+")
_NAMED = re.compile(r"^([\w ()/*-]{1,60}?)\s*(?:=(?!=)|[:：])\s*(?=\S)")


def prompt(
    frame: pd.DataFrame,
    roles: Mapping[str, Role],
    target: str,
    classes: Sequence[str],
    errors: Sequence[str] = (),
    descriptions: Mapping[str, str] | None = None,
) -> str:
    """What the model is told: the columns with some values, the target, and rows that were got wrong.

    frame: training rows; errors: rows in words, with what was said of them

    Examples
    --------
    >>> told = prompt(pd.DataFrame({"Body weight": [80.5, 62]}), {"Body weight": "number"}, "ill", ["no", "yes"])
    >>> told.splitlines()[2]
    'body_weight: number, such as 80.5, 62'
    """
    told = []
    for name, column in list(Columns.of(roles).names.items())[:MOST_COLUMNS]:
        values = frame[column].dropna().drop_duplicates().head(MOST_VALUES)
        tell = plain if roles[column] == "category" else cell_words  # as a formula must name it
        shown = ", ".join(clip(tell(value), LONG // MOST_VALUES) for value in values)
        meant = (descriptions or {}).get(column, "").strip()
        told.append(f"{name}: {roles[column]}{f' ({meant})' if meant else ''}, such as {shown}")
    return ASKED.format(
        columns="\n".join(told),
        target=in_words(target),
        classes=f", which is one of: {', '.join(classes[:MOST_COLUMNS])}" if classes else ", a number",
        errors="\n\nA model is wrong on these rows:\n" + "\n".join(errors) if errors else "",
        n=MOST,
        functions=", ".join(f"{name}()" for name in FUNCTIONS),
    )


def grammar(frame: pd.DataFrame, roles: Mapping[str, Role]) -> str:
    """What a model of this machine is held to: formulas of these columns, in llama.cpp's notation (GBNF).

    Source: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md
    """
    columns = Columns.of(dict(list(roles.items())[:MOST_COLUMNS]))
    of = {kind: [name for name, held in columns.kinds.items() if held == kind] for kind in ("number", "date", "words")}
    texts = [name for name in of["words"] if roles[columns.names[name]] == "text"]
    rules = {"column": _either(list(columns.names)), "name": f"[a-z_{HAN}] [a-z0-9_{HAN}]{{1,40}}"}
    formulas, tests = ['"missing(" column ")"'], []
    if of["number"]:
        rules |= {
            "number": _either(of["number"]),
            "limit": '"0" | [1-9] [0-9]{0,3}',
            "sign": '" " ("+" | "-" | "*" | "/") " "',
        }
        rules |= {"pair": '"(" number sign number ")"', "value": 'number | number "**2" | pair'}
        formulas += ["(number | pair) sign value (sign (value | limit))?", '"log(" number ")"']
        tests.append('number " " ("<" | ">") " " limit')
    if len(of["date"]) > 1:
        rules |= {"date": _either(of["date"])}
        formulas.append('date " - " date')
    if same := _equalities(frame, roles, columns):
        rules["same"] = _either(same)
        tests.append("same")
    if texts:
        rules |= {"text": _either(texts), "word": r'[^"\\\n\t ]{2,14}'}
        tests.append('"contains(" text ", \\"" word "\\")"')
        formulas.append('"length(" text ")"')
    if tests:
        rules["test"] = " | ".join(tests)
        formulas.append('test (" and " test)?')
    rules["formula"] = " | ".join(formulas)
    line = r'("# " [^\n]{3,70} "\n" name " = " formula "\n")'
    return "\n".join(
        [f'root ::= "```python\\n" {line}{{{MOST}}} "```"', *(f"{name} ::= {rule}" for name, rule in rules.items())]
    )


def _equalities(frame: pd.DataFrame, roles: Mapping[str, Role], columns: Columns) -> list[str]:
    """The most frequent values of each category, as tests."""
    return [
        f'{name} == "{value}"'
        for name, column in columns.names.items()
        if roles[column] == "category"
        for value in frame[column].dropna().map(plain).value_counts().index[:MOST_VALUES]
        if 0 < len(value) <= LONGEST_VALUE and value.isprintable() and not re.search(r'["\\]', value)
    ]


def found(text: str, columns: Columns) -> dict[str, str]:
    """The formulas in what a model wrote, each once, with the name it gave; all else is left out.

    Examples
    --------
    >>> columns = Columns.of({"weight": "number", "height": "number"})
    >>> found("Sure:\\n1. `BMI = weight/height**2`\\n- height > weight\\n- width * 2\\n", columns)
    {'weight / height ** 2': 'BMI', 'height > weight': ''}
    """
    formulas: dict[str, str] = {}
    for line in text.splitlines():
        bare = _LISTED.sub("", line.strip()).strip("`* ")
        named = _NAMED.match(bare)
        for name, one in (
            ("", bare),
            (named[1].strip("`* "), bare[named.end() :].strip("`* ")) if named else ("", ""),
        ):
            try:
                formula = ast.unparse(parsed(one, columns))
                parsed(formula, columns)  # written out, it may be longer, or have signs that are refused
                formulas.setdefault(formula, "" if f"{name} = " in ASKED else name)
                break
            except UnknownFormulaError:
                continue
    return dict(list(formulas.items())[:MOST])


def in_row_words(rows: Iterable[str], truth: Sequence[str], said: Sequence[str]) -> list[str]:
    """Rows that were got wrong, as the model is told of them.

    Examples
    --------
    >>> in_row_words(["age: 3"], ["yes"], ["no"])
    ['- age: 3 → “yes”, but it says “no”']
    """
    return [
        f"- {clip(row, LONG)} → “{one}”, but it says “{other}”"
        for row, one, other in zip(rows, truth, said, strict=True)
    ]


def _either(words: Sequence[str]) -> str:
    quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in words]
    return " | ".join(f'"{word}"' for word in quoted)


def says_something(values: np.ndarray, known: Sequence[np.ndarray]) -> bool:
    """Whether a new column differs between rows, and from each of the columns there are.

    values: shape (n,); known: the same for each column there is; NaN where nothing is known
    """
    there = ~np.isnan(values)
    if there.sum() < 2 or np.ptp(values[there]) == 0:
        return False
    with np.errstate(all="ignore"):
        for other in known:
            both = there & ~np.isnan(other)
            if both.sum() > 2 and abs(np.corrcoef(values[both], other[both])[0, 1]) > 1 - 1e-9:
                return False
    return True
