"""A comparison that goes on where it was: what a candidate cost was measured when it was trained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.data.schema import read_model, write_model
from core.evaluate.result import Candidate, Comparison, Detail, slug


@contextmanager
def costs_as_measured(run: Path) -> Iterator[None]:
    """Candidates that were finished before keep their times, sizes and what their fit on all rows said.

    run: the folder that a comparison is written to within, in which an earlier attempt may have left its result.
    """
    before = read_model(Comparison, run / "result.json")
    kept = {line.name: _detail(run, line) for line in before.candidates if line.status == "ok"} if before else {}
    try:
        yield
    finally:
        result = read_model(Comparison, run / "result.json")
        if before is not None and result is not None:
            _put_back(run, before, result, kept)


def _put_back(run: Path, before: Comparison, result: Comparison, kept: dict[str, Detail | None]) -> None:
    for line in result.candidates:
        earlier, detail, now = before.candidate(line.name), kept.get(line.name), _detail(run, line)
        if earlier is None or line.status != "ok" or line.ms_per_row is not None:
            continue
        line.ms_per_row = earlier.ms_per_row
        if detail is None or now is None:
            continue
        line.fit_seconds = earlier.fit_seconds
        now.fit_seconds, now.encode_seconds = detail.fit_seconds, detail.encode_seconds
        now.ms_per_row, now.peak_memory_mb = detail.ms_per_row, detail.peak_memory_mb
        now.size_mb, now.rule, now.pca = now.size_mb or detail.size_mb, now.rule or detail.rule, now.pca or detail.pca
        now.warnings += [one for one in detail.warnings if one not in now.warnings]
        write_model(now, run / "candidates" / slug(line.name) / "detail.json")
    write_model(result, run / "result.json")


def _detail(run: Path, line: Candidate) -> Detail | None:
    return read_model(Detail, run / "candidates" / slug(line.name) / "detail.json")
