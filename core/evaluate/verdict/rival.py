"""The rival of a language model: the best candidate without one that was shown the same columns and texts."""

from __future__ import annotations

from core import catalog
from core.catalog import METRICS
from core.results.comparison import CandidateResult, Comparison, uses_llm

_PARTS = {"nothing": set[str](), "columns": {"columns"}, "texts": {"texts"}, "all": {"columns", "texts"}}
_NO_RIVALS = {"dummy", "auto"}  # guessing has its own comparison; an automatic choice may hold a language model


def finished(comparison: Comparison) -> list[CandidateResult]:
    """Candidates that have a score to be ranked by."""
    return [line for line in comparison.candidates if line.status == "ok" and comparison.metric in line.scores]


def signed_score(line: CandidateResult, metric: str) -> float:
    """The ranking score, turned so that more is better."""
    return (1 if METRICS[metric].higher_is_better else -1) * line.scores[metric].mean


def rival(comparison: Comparison, line: CandidateResult) -> CandidateResult | None:
    """The best finished candidate without a language model, once one of them sees all that `line` sees.

    Until then there is none: beating half the table shows nothing about a language model. Then a candidate that sees
    only a part (columns alone), or more than a language model that reads texts alone, is a rival, too, since nothing
    keeps a person from using it.

    Returns
    -------
    CandidateResult or None
        None: no fair rival was trained.

    Examples
    --------
    >>> from core.results.comparison import Interval
    >>> def line(name, score):
    ...     interval = Interval(mean=score, low=score, high=score)
    ...     return CandidateResult(name=name, mode=name, status="ok", scores={"accuracy": interval})
    >>> lines = [line("columns", 0.6), line("classical", 0.7), line("cooperative", 0.71)]
    >>> comparison = Comparison(
    ...     task="binary", target="y", metric="accuracy", n_rows=99, folds=5, seed=0, candidates=lines
    ... )
    >>> rival(comparison, lines[-1]).name
    'classical'
    """
    plain = [one for one in finished(comparison) if is_plain(one) and one is not line]
    if not any(parts_seen(one) >= parts_seen(line) for one in plain):
        return None
    return max(plain, key=lambda one: signed_score(one, comparison.metric))


def is_plain(line: CandidateResult) -> bool:
    """Whether a candidate can be a rival: it learns, and no language model takes part."""
    return not uses_llm(line) and line.mode not in _NO_RIVALS


def parts_seen(line: CandidateResult) -> set[str]:
    """Of columns and texts, what this candidate learns from."""
    known = {fusion.name: fusion.sees for fusion in catalog.FUSIONS}
    return _PARTS[line.sees or known.get(line.mode, "all")]
