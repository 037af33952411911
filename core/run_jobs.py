"""The jobs that make and use candidates: compare, score a file, write a report. Thin: they bind the engine to a job."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TextIO, TypeVar

import pandas as pd
import pyarrow.parquet as pq
from defusedcsv import csv

from core.access.consent import on_behalf_of
from core.bundles import bundle
from core.compare import comparison as fuse_compare
from core.compare.prepare import Prepared
from core.compare.runner import Keep
from core.data import table
from core.data.date_columns import as_dates
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions, Schema, read_model, write_model
from core.data.targets.notes import notes_of
from core.evaluate.report import of_run
from core.files import written_whole
from core.fuse.predictor import Predictor
from core.job_params import CompareParams, PredictParams, ReportParams
from core.jobs.context import Context
from core.messages import UnusableData, _, _n, say
from core.results.comparison import CandidateResult, Scored, candidate_folder
from core.workspace import checked_id

C = TypeVar("C", bound=Context)
R = TypeVar("R")


def for_its_run(work: Callable[[dict[str, Any], C], R]) -> Callable[[dict[str, Any], C], R]:
    """What this work asks a language model is asked for the owner of its run, with the consent for that run's table.

    work: takes params, which name a ``run``, and its context

    Examples
    --------
    >>> @for_its_run
    ... def looked_at(params, context):
    ...     return current_sender().dataset
    >>> looked_at({"run": run.id}, context)  # doctest: +SKIP
    'd2f1…'
    """

    @wraps(work)
    def asking(params: dict[str, Any], context: C) -> R:
        run = context.workspace.run(str(params.get("run", "")), context.owner)
        if run is None or not run.dataset:  # nobody's texts: the work says what is missing, and nothing is sent
            return work(params, context)
        with on_behalf_of(context.sender(run.dataset)):
            return work(params, context)

    return asking


def compare(params: dict[str, Any], context: Context) -> None:
    """Compare candidates on a data set (job kind ``compare``)."""
    wanted = CompareParams.model_validate(params)
    row = context.workspace.dataset(checked_id(wanted.dataset), context.owner)
    folder = context.workspace.dataset_folder(wanted.dataset)
    schema = read_model(Schema, folder / "schema.json")
    if row is None or schema is None:
        raise UnusableData(_("This data set is not there any more."), _("Choose another one on the Data page."))
    held_out = wanted.plan.validation.kind == "test_file"
    with on_behalf_of(context.sender(row.id)):
        fuse_compare.compare(
            table.load(folder),
            columns.recalled(schema, folder / "table.parquet"),
            wanted.in_force(),
            context.folder,
            context,
            test_table=table.load(folder, test=True) if held_out else None,
            keep=keeper(wanted.plan.target, wanted.plan.seed),
            dataset_hash=row.content_hash,
            first=wanted.first,
        )


def keeper(target: str, seed: int, *, background: bool = True) -> Keep:
    """What saves each refitted candidate as a bundle."""

    def keep(candidate: Predictor, folder: Path, prepared: Prepared, line: CandidateResult, metric: str) -> None:
        bundle.save(
            candidate,
            folder,
            name=line.name,
            target=target,
            schema=prepared.schema,
            rows=prepared.X,
            metric=metric,
            scores=line.scores,
            background=background,
            seed=seed,
            positive=prepared.positive,
            target_as=prepared.target_as,
        )

    return keep


@for_its_run  # who lets a host read the table lets it read rows to be scored by it
def predict(params: dict[str, Any], context: Context) -> None:
    """Score a file or typed rows with a kept candidate (job kind ``predict``)."""
    wanted = PredictParams.model_validate(params)
    context.progress(say(_("Opening the model")), 0.05)
    opened, _dataset = open_bundle(context, wanted.run, wanted.candidate)
    if opened.manifest.asked:  # an answer that was paid for is kept
        opened.pipeline.use_cache(str(context.workspace.cache_folder))
    context.progress(say(_("Reading the rows")), 0.2)
    rows = _rows(wanted, opened, context)
    context.progress(say(_n("Scoring {n:,} row", "Scoring {n:,} rows"), n=len(rows)), 0.4)
    scored, seconds = score(opened, rows)
    write_csv(scored, context.folder / "scored.csv")
    scored.to_parquet(context.folder / "scored.parquet")
    notes = [*notes_of(opened.manifest.target_as, opened.manifest.target), *opened.check(rows)]
    write_model(
        Scored(run=wanted.run, candidate=wanted.candidate, n_rows=len(scored), seconds=seconds, notes=notes),
        context.folder / "scored.json",
    )


def score(opened: bundle.Bundle, rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """The table with its predictions beside it, and the seconds it took."""
    began = time.monotonic()
    predicted = opened.predict(rows)
    seconds = time.monotonic() - began
    own = rows.drop(columns=[name for name in predicted.columns if name in rows.columns])
    return pd.concat([own, predicted], axis=1), seconds


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A CSV whose cells can't act as formulas in a spreadsheet, written whole."""
    with written_whole(path) as place, place.open("w", newline="", encoding="utf-8") as file:
        write_rows(frame, file)


def write_rows(frame: pd.DataFrame, file: TextIO) -> None:
    """The same into an open file."""
    writer = csv.writer(file)
    writer.writerow(frame.columns)
    for line in as_dates(frame).itertuples(index=False):
        writer.writerow(["" if pd.isna(value) else value for value in line])


def report(params: dict[str, Any], context: Context) -> None:
    """Write the HTML report of a run into its folder (job kind ``report``)."""
    wanted = ReportParams.model_validate(params)
    row = context.workspace.run(checked_id(wanted.run), context.owner)
    context.progress(say(_("Writing the report")), 0.5)
    page = of_run(context.workspace.run_folder(wanted.run), wanted.language, title=row.name) if row else None
    if page is None:
        raise UnusableData(_("This run is not there any more."), _("Choose another one on the Results page."))
    (context.folder / "report.html").write_text(page, encoding="utf-8")


def open_bundle(context: Context, run: str, candidate: str) -> tuple[bundle.Bundle, str]:
    """A kept candidate of this owner's run, and the id of the data set it was trained on.

    Raises
    ------
    UnusableData
    """
    row = context.workspace.run(checked_id(run), context.owner)
    folder = candidate_folder(context.workspace.run_folder(run), candidate) / "bundle"
    if row is None or not folder.exists():
        raise UnusableData(
            _("“{name}” was not kept in this run."), _("Choose another candidate, or train it again."), name=candidate
        )
    return bundle.load(folder), row.dataset


def _rows(wanted: PredictParams, opened: bundle.Bundle, context: Context) -> pd.DataFrame:
    if wanted.upload is None:
        return pd.DataFrame(wanted.rows)
    folder = context.workspace.upload(wanted.upload, context.owner)
    uploaded = sorted(path for path in folder.iterdir() if path.is_file())
    if not uploaded:
        raise UnusableData(_("The uploaded file is not there any more."), _("Upload it again."))
    place = context.folder / "input"
    place.mkdir(exist_ok=True)
    return read_rows(uploaded, opened, place)[0]


def read_rows(files: list[Path], opened: bundle.Bundle, place: Path) -> tuple[pd.DataFrame, int]:
    """Rows to be scored, and how many lines could not be read.

    A short file may leave it open whether its first line names the columns; the model knows their names.
    """
    options = ReadOptions(layouts=opened.manifest.layouts, refuse=True)
    reading = read_files(files, options, place)
    needed = {need.name for need in opened.manifest.columns}
    if not reading.header and not needed <= set(pq.read_schema(place / "table.parquet").names):
        reading = read_files(files, options.model_copy(update={"header": True}), place)
    return table.load(place), reading.n_rejected
