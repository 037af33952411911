"""Features and questions of a model in words: source columns, values and words, never a feature's number alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.messages import clip
from core.names import encoder_label
from core.results.explanations.model_internals import Feature, Node, Tree
from pages.shared import numbers
from pages.shared.i18n import _, t

CELL = 32  # letters of a value
LINE = 70  # letters of a question


def feature(one: Feature) -> str:
    """“hours”, “city = Rome”, “awful” in text, text: dimension 17 of MiniLM."""
    column = clip(one.column, CELL)
    detail = clip(
        one.detail.replace(" ", "␣") if one.kind == "piece" else one.detail, LINE if one.kind == "answer" else CELL
    )
    return {
        "number": "{column}",
        "missing": _("{column} is missing"),
        "category": "{column} = {detail}",
        "spelling": _("spelling of {column}"),
        "date": _("{part} of {column}"),
        "word": _("“{detail}” in {column}"),
        "piece": _("letters “{detail}” in {column}"),
        "embedding": _("{column}: dimension {number} of {encoder}"),
        "answer": _("“{detail}” of {column}"),
        "formula": "{formula}",
        "advice": _("advice for “{detail}”") if detail else _("advice"),
        "unknown": "{column}",
    }[one.kind].format(
        column=column,
        detail=detail,
        number=one.number,
        encoder=_encoder(one),
        part=_part(one),
        formula=clip(one.column, LINE),
    )


def group(column: str, kind: str) -> str:
    """A column with what of it the model sees."""
    name = clip(column, CELL)
    kinds = {
        "formula": "{formula}",
        "word": _("{column} (words)"),
        "embedding": _("{column} (embedding)"),
        "answer": _("{column} (answers)"),
        "advice": _("advice of the LLM"),
    }
    return kinds.get(kind, "{column}").format(column=name, formula=clip(column, LINE))


def question(node: Node) -> str:
    """What is asked at a fork; “yes” goes to the first branch."""
    one = node.feature
    if one is None:
        return ""
    column, detail = clip(one.column, CELL), clip(one.detail, CELL)
    if one.kind == "category":
        return _("{column} is not “{detail}”").format(column=column, detail=detail)
    if one.kind == "missing":
        return _("{column} is there").format(column=column)
    if one.kind == "answer":
        return _("yes to {question} ≤ {value}").format(question=feature(one), value=numbers.figure(node.threshold, 2))
    if one.kind in {"word", "piece"}:
        return _("weight of {word} ≤ {value}").format(word=feature(one), value=numbers.figure(node.threshold))
    return f"{column if one.detail == 'day' else feature(one)} ≤ {_threshold(one, node.threshold)}"


def _threshold(one: Feature, value: float) -> str:
    if one.kind == "date" and one.detail == "day":  # since 1970
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=value):%Y-%m-%d %H:%M}"
    if one.kind == "date" and one.detail == "year":  # decades since 2000
        return f"{2000 + 10 * value:.1f}"
    return numbers.figure(value, 4 if one.kind in {"number", "formula"} else 3)


def answer(node: Node, tree: Tree) -> str:
    """What is said where it ends: the likeliest class with its share, or a number."""
    if node.number is not None:
        return numbers.signed(node.number, 3) if tree.boosted else numbers.figure(node.number)
    best = max(range(len(node.values)), key=node.values.__getitem__)
    return f"{clip(tree.classes[best], CELL)} {node.values[best]:.2f}"


def rules(tree: Tree) -> str:
    """The tree as lines of text, a step in for each level."""
    below: dict[int, list[int]] = {}
    for place, node in enumerate(tree.nodes):
        below.setdefault(node.above, []).append(place)
    lines: list[str] = []

    def tell(place: int, level: int) -> None:
        node = tree.nodes[place]
        way = "" if node.above < 0 else (_("yes") if node.left else _("no")) + ": "
        told = question(node) if node.feature else "→ " + answer(node, tree) + (" …" if node.cut else "")
        size = numbers.rows(node.n_rows)
        lines.append(f"{'  ' * level}{way}{told}  ({size})")
        for child in below.get(place, []):
            tell(child, level + 1)

    tell(0, 0)
    return "\n".join(lines)


def _encoder(one: Feature) -> str:
    return t(encoder_label(one.detail)) if one.kind == "embedding" else ""


def _part(one: Feature) -> str:
    parts = {
        "day": _("day"),
        "year": _("year"),
        "month sine": _("month (sine)"),
        "month cosine": _("month (cosine)"),
        "weekday sine": _("weekday (sine)"),
        "weekday cosine": _("weekday (cosine)"),
        "hour sine": _("hour (sine)"),
        "hour cosine": _("hour (cosine)"),
    }
    return parts.get(one.detail, one.detail)
