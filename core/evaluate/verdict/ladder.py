"""The ladder: where a gain comes from, from columns alone to a language model that was trained on the target."""

from __future__ import annotations

from collections.abc import Callable

from core.catalog import METRICS
from core.evaluate.verdict.rival import finished, is_plain, parts_seen, signed_score
from core.messages import Message, _, say
from core.results.amounts import duration, gain_with_interval, size
from core.results.comparison import CandidateResult, Comparison, Rung, Step, uses_llm

STEPS: dict[Step, str] = {
    "columns": _("Columns alone"),
    "words": _("+ word counts"),
    "frozen": _("+ frozen language model"),
    "trained": _("language model trained on the target"),
}
_TRAINED = {"cooperative-tuned", "joint"}


def rungs_of(comparison: Comparison) -> list[tuple[Step, CandidateResult]]:
    """The ladder's steps, the lowest first, each with its best finished candidate; a step without one is left out.

    Columns alone; columns and word counts; a frozen language model; one that was trained on the target.
    """
    steps: dict[Step, Callable[[CandidateResult], bool]] = {
        "columns": lambda line: line.mode == "columns",
        "words": lambda line: is_plain(line) and line.mode != "columns" and "texts" in parts_seen(line),
        "frozen": lambda line: line.mode == "cooperative" and uses_llm(line),
        "trained": lambda line: line.mode in _TRAINED,
    }
    lines = finished(comparison)
    best = {
        step: max(filter(belongs, lines), key=lambda line: signed_score(line, comparison.metric), default=None)
        for step, belongs in steps.items()
    }
    return [(step, line) for step, line in best.items() if line is not None]


def rung_line(rung: Rung, comparison: Comparison) -> Message:
    """“+ word counts: accuracy 0.700, adds +18.6 points (+14.9 to +22.3) (Classical, no LLM; 2.1 s, 0 MB)”."""
    line = comparison.candidate(rung.name)
    gaps = {
        "step": say(STEPS[rung.step]),
        "metric": say(METRICS[comparison.metric].in_sentence),
        "score": rung.score.mean,
        "name": rung.name if line is None else line.label(comparison.task),
        "price": say("{seconds}, {size}", seconds=duration(rung.seconds), size=size(rung.megabytes)),
    }
    if rung.gain is None:
        return say(_("{step}: {metric} {score:.3f} ({name}; {price})"), **gaps)
    return say(
        _("{step}: {metric} {score:.3f}, adds {gain} ({name}; {price})"),
        gain=gain_with_interval(rung.gain, comparison.metric),
        **gaps,
    )
