"""An opened model as the resident worker holds it: opened once, asked by its owner's questions one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.explain.open_candidate import OpenCandidate, open_candidate
from core.jobs.context import Context
from core.jobs.resident.server import Question
from core.results.comparison import candidate_folder
from core.results.explanations.rows import Output
from core.run_jobs import open_bundle
from core.workspace import checked_id


@dataclass
class PooledModel:
    """A model, whatever else was worked out about it, and the question that it is answering."""

    model: OpenCandidate
    asking: list[Question]  # the one; the model's own context looks here whether to stop
    more: dict[str, object] = field(default_factory=dict)


@contextmanager
def held(question: Question, run: str, candidate: str, output: Output) -> Iterator[PooledModel]:
    """A kept candidate of the asker's own run, for this block alone.

    Raises
    ------
    UnusableData
        It is not there, or not theirs.
    """
    bundle = candidate_folder(question.workspace.run_folder(checked_id(run)), candidate) / "bundle"
    manifest = bundle / "manifest.json"
    if question.workspace.run(run, question.owner) is None or not manifest.exists():
        open_bundle(question, run, candidate)  # says why not
    key = ("model", question.owner, run, candidate, output, manifest.stat().st_mtime_ns)

    def make() -> PooledModel:
        asking = [question]

        def stop() -> bool:
            return asking[0].stop()

        context = Context(question.workspace, question.owner, question.job, question.folder, stop=stop)
        return PooledModel(open_candidate(context, run, candidate, output=output), asking)

    with question.held.use(key, make, question.check) as kept:
        kept.asking[0] = question
        yield kept
