"""Who is trained when: first what the question needs, then what promises most for its time."""

from __future__ import annotations

from collections.abc import Sequence

from core import catalog
from core.catalog import Task
from core.compare.estimator import guess
from core.names import model_of, parse

# one of each before second variants; training the encoder gained most on the tables that were measured
WAYS = ("cooperative", "cooperative-tuned", "joint", "assisted-margins")
_RIVALS = ("classical", "text-tfidf", "columns")  # where a table's kinds of column leave nothing fairer


def first_of(names: Sequence[str], task: Task | None = None) -> list[str]:
    """The contrast of any list of candidates: what is trained first and whatever the time budget, in this order.

    Guessing, columns alone, the fair rivals (word counts and columns; linear and boosted) and a candidate with a
    language model: the plain cooperative one, with and without word counts, or the cheapest there is. Of a list that
    holds the whole of `core.catalog.defaults.contrast` it is exactly that.

    Examples
    --------
    >>> first_of(["joint", "cooperative", "columns", "classical", "dummy"])
    ['dummy', 'columns', 'classical', 'cooperative']
    """
    families = {parse(name).family for name in names}
    rivals = next((family for family in _RIVALS if family in families), "")
    alone = [name for name in names if parse(name).family == "columns" != rivals and model_of(parse(name)) == "linear"]
    guessing = [name for name in names if parse(name).family == "dummy"]
    return [*guessing, *alone, *_plain(rivals, names, task), *_first_with_llm(names)]


def order(names: Sequence[str], n_rows: int, task: Task | None = None, first: str = "") -> list[str]:
    """All candidates in the order they are trained in.

    After the contrast: `first`, what a person asked for; baselines without a language model, which are quick and may
    be better rivals (for a number the boosted ones before the others); one candidate of each way; second variants,
    those first of which most is hoped for their time.
    """
    needed = first_of(names, task)

    def rank(name: str) -> tuple[bool, int, float]:
        parsed, seconds = parse(name), guess(name, n_rows)
        family = catalog.fusion(parsed.family)
        if family.baseline and not family.llm:
            boosted = parsed.model in {"boosting", "lightgbm"}
            return name != first, 0, seconds * (0.1 if boosted and task == "regression" else 1.0)
        if name in WAYS:
            return name != first, 1, WAYS.index(name)
        return name != first, 2, seconds / family.promise

    return needed + sorted((name for name in names if name not in needed), key=rank)


def _plain(family: str, names: Sequence[str], task: Task | None) -> list[str]:
    """The linear and the boosted candidate of a family, the boosted one first for a number; else whichever it has."""
    mine = [name for name in names if parse(name).family == family]
    wanted = ("boosting", "linear") if task == "regression" else ("linear", "boosting")
    found = [name for model in wanted for name in mine if model_of(parse(name)) == model]
    return found or mine[:1]


def _first_with_llm(names: Sequence[str]) -> list[str]:
    plain = [name for name in names if name in {"cooperative", "cooperative+linear"}]
    if plain:
        return [*plain[:1], *(name for name in names if name in {"cooperative@words", "cooperative+linear@words"})]
    with_llm = [name for name in names if (family := catalog.fusion(parse(name).family)).llm and family.name != "auto"]
    fused = [name for name in with_llm if catalog.fusion(parse(name).family).way]
    cheap = [name for name in fused or with_llm if not catalog.fusion(parse(name).family).costly]
    return sorted(cheap or fused or with_llm, key=lambda name: guess(name, 1000))[:1]
