"""``compare`` and ``fit``: what the Compare page does, with the same result for the same plan."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pyarrow.parquet as pq

from core.access.consent import A_FILE, on_behalf_of
from core.bundles.manifest import Manifest
from core.catalog.defaults import usual_candidates
from core.cli import joining, places, tables
from core.cli.plans import plan_of
from core.cli.printed import leaderboard
from core.cli.reading import read_options
from core.cli.tables import Table
from core.cli.terminal import Terminal
from core.compare import comparison as fuse_compare
from core.compare.estimator import usual_budget
from core.compare.prepare import with_roles
from core.compare.runner import INTERNAL_ERROR, Keep
from core.data import table as data_table
from core.data.schema import read_model
from core.files import unfinished
from core.fuse.clock import Clock, ends_with
from core.jobs import limits
from core.jobs.context import Context
from core.jobs.housekeeping import delete_dataset
from core.messages import Cancelled, Message, UnusableData, _, say
from core.names import parse
from core.plan import Plan
from core.results.comparison import CandidateResult, Comparison, Detail, candidate_folder
from core.run_jobs import keeper
from core.workspace import COMMAND_LINE, RunRow, Workspace, new_id, now

OVERRUN, OVERRUN_SECONDS = 0.1, 5.0  # of a time budget that need no mention
DONE, OUR_FAULT, YOUR_FAULT, CANCELLED = 0, 1, 2, 130


def compare(options: argparse.Namespace, terminal: Terminal) -> int:
    """Compare candidates on a table."""
    plan = plan_of(options)
    if options.dump_plan:
        terminal.document(plan.model_dump(mode="json"))
        return DONE
    _check(options, plan)
    workspace = Workspace()
    owner = options.owner or COMMAND_LINE
    with _run_folder(workspace, options) as (run, folder):
        context = _context(workspace, owner, run, folder, terminal, options)
        try:
            with (
                _table(options, plan, context, terminal) as table,
                _listed(run, table, plan, options, context, terminal),
                _clock(plan, options, fits=0),
            ):
                kept = keeper(plan.target, plan.seed) if options.register or options.out is not None else None
                result = _work(table, _as_on_the_page(plan, options, table), context, options.began, kept)
        except (KeyboardInterrupt, Cancelled):
            stopped = _stopped(folder)
            if stopped is None:
                raise
            terminal.note(_("This was cancelled."))
            _show(stopped, options, terminal)
            return CANCELLED
    _show(result, options, terminal)
    return _code(result)


def fit(options: argparse.Namespace, terminal: Terminal) -> int:
    """Score one candidate on rows held back, fit it on all rows, keep it."""
    plan = plan_of(options)
    if options.dump_plan:
        terminal.document(plan.model_dump(mode="json"))
        return DONE
    if options.out is None:
        raise UnusableData(_("Say where to write the bundle."), _("Add --out FOLDER."))
    places.check_bundle(options.out)
    _check(options, plan)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        context = _context(Workspace(), COMMAND_LINE, new_id(), Path(place), terminal, options)
        with _table(options, plan, context, terminal) as table, _clock(plan, options, fits=plan.validation.n_fits):
            keep = keeper(plan.target, plan.seed, background=not options.no_background)
            result = _work(table, plan, context, options.began, keep)
        line = result.candidates[0]
        made = candidate_folder(Path(place), line.name)
        if line.status != "ok":
            _explain(line, terminal)
            return _code(result)
        places.put_bundle(made / "bundle", options.out)
        manifest = read_model(Manifest, made / "bundle" / "manifest.json")
        detail = read_model(Detail, made / "detail.json")
    notes: list[Message] = [*([detail.rule] if detail.rule else []), *detail.warnings] if detail else []
    notes += _overrun(plan, time.monotonic() - options.began)
    if options.json:
        told = manifest.model_dump(mode="json") if manifest else {}
        terminal.document({"bundle": str(options.out), **told, "notes": [note.model_dump() for note in notes]})
        return DONE
    leaderboard.show(result, terminal)
    for note in [*notes, say(_("Written to {folder}."), folder=str(options.out))]:
        terminal.show(terminal.t(note))
    return DONE


def _clock(plan: Plan, options: argparse.Namespace, *, fits: int) -> AbstractContextManager[None]:
    """What the plan's budget allows, from the start of the command; `fits` share it, 0: with other work."""
    if plan.budget_seconds is None:
        return nullcontext()
    return ends_with(Clock(plan.budget_seconds, fits, began=options.began))


def _overrun(plan: Plan, seconds: float) -> list[Message]:
    """What to say where a candidate could not be had in the time there was."""
    if plan.budget_seconds is None or seconds <= plan.budget_seconds * (1 + OVERRUN) + OVERRUN_SECONDS:
        return []
    text = _("It took {seconds:,.0f} s in all; the time budget was {budget:,.0f} s, which is not enough for it.")
    return [say(text, seconds=seconds, budget=plan.budget_seconds)]


def _check(options: argparse.Namespace, plan: Plan) -> None:
    """What can be known to be wrong before a large file is read."""
    tables.check_set_aside(options)
    tables.check_files([*options.files, *([options.test] if options.test else [])])
    joining.steps(options)
    for name in plan.candidates:
        parse(name)
    if plan.validation.kind == "test_file" and options.test is None:
        raise UnusableData(_("The plan scores on a test file, and there is none."), _("Add --test FILE."))
    if options.command == "compare" and options.out is not None:
        places.check_new(options.out)


@contextmanager
def _run_folder(workspace: Workspace, options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """A run's id and folder: in the workspace to be listed, where it was asked for, or gone afterwards."""
    run = new_id()
    if not options.register:
        with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
            yield run, options.out or Path(place)
        return
    final = workspace.run_folder(run)
    partial = unfinished(final)
    partial.mkdir(parents=True)
    try:
        yield run, partial
    finally:
        if (partial / "result.json").exists():
            if options.out is not None:
                shutil.copytree(partial, options.out, dirs_exist_ok=True)
            partial.replace(final)
        else:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _table(options: argparse.Namespace, plan: Plan, context: Context, terminal: Terminal) -> Iterator[Table]:
    test = options.test if plan.validation.kind == "test_file" else None
    if getattr(options, "register", False):
        table = tables.register(
            options.files, test, plan.target, context, terminal, read_options(options), joining.steps(options)
        )
        _tell_joins(table, terminal)
        tables.set_aside(table, plan, options, terminal)
        tables.mask(table, plan, terminal)
        yield table
        return
    joins = joining.steps(options)
    with tables.read_beside(options.files, test, plan.target, terminal, read_options(options), joins) as table:
        _tell_joins(table, terminal)
        tables.set_aside(table, plan, options, terminal)
        tables.mask(table, plan, terminal)
        yield table


def _tell_joins(table: Table, terminal: Terminal) -> None:
    for join in joining.made(table.folder):
        for message in [*join.notes(), *joining.judged_by_eye(join)]:
            terminal.note(message)


@contextmanager
def _listed(
    run: str, table: Table, plan: Plan, options: argparse.Namespace, context: Context, terminal: Terminal
) -> Iterator[None]:
    """A registered run is on the page once it has a result; without one, its table goes again, too."""
    try:
        yield
    finally:
        if table.dataset and (context.folder / "result.json").exists():
            name = options.name.strip() or f"{options.files[0].name} · {plan.target}"
            context.workspace.add_run(RunRow(run, context.owner, table.dataset, "compare", name[:120], now()))
            if context.owner == COMMAND_LINE:
                text = _("To see it in the browser, give this code on Home: {code}")
                terminal.note(say(text, code=context.workspace.code()))
        elif table.dataset:
            delete_dataset(context.workspace, table.dataset, context.owner)


def _context(
    workspace: Workspace, owner: str, run: str, folder: Path, terminal: Terminal, options: argparse.Namespace
) -> Context:
    return Context(
        workspace,
        owner,
        run,
        folder,
        report=terminal.progress,
        threads=limits.slot_threads("heavy"),
        send_to=options.send_to,
    )


def _as_on_the_page(plan: Plan, options: argparse.Namespace, table: Table) -> Plan:
    """Where no candidates were named, those that the Compare page trains: what the question needs of this table."""
    if options.candidates or options.plan or options.replay:
        return plan
    schema = with_roles(table.schema, plan, [column.name for column in table.schema.columns])
    n_texts, n_columns = len(schema.names("text")), len(schema.names("number", "category", "date"))
    names = usual_candidates(n_texts, n_columns, schema.task)
    n_rows = plan.rows or pq.read_metadata(table.folder / "table.parquet").num_rows
    budget = plan.budget_seconds or usual_budget(names, n_rows, plan.validation.folds, n_texts)
    return plan.model_copy(update={"candidates": names, "budget_seconds": budget})


def _work(table: Table, plan: Plan, context: Context, began: float, keep: Keep | None) -> Comparison:
    """Compare; `keep` is None where nobody asked for a model: then none is fitted on all rows."""
    held_out = plan.validation.kind == "test_file"
    with on_behalf_of(context.sender(A_FILE)):
        return fuse_compare.compare(
            data_table.load(table.folder),
            table.schema,
            plan,
            context.folder,
            context,
            test_table=data_table.load(table.folder, test=True) if held_out else None,
            keep=keep,
            dataset_hash=table.content_hash(),
            began=began,
        )


def _stopped(folder: Path) -> Comparison | None:
    """What was finished when the user stopped the work."""
    result = read_model(Comparison, folder / "result.json")
    for line in result.candidates if result else []:
        if line.status in {"waiting", "running"}:
            line.status = "cancelled"
    return result


def _show(result: Comparison, options: argparse.Namespace, terminal: Terminal) -> None:
    if options.json:
        terminal.document(result.model_dump(mode="json"))
    else:
        leaderboard.show(result, terminal)


def _code(result: Comparison) -> int:
    """0 if any candidate finished; else 1 if one stopped with an error of ours, 2 if it is the user's to mend."""
    if any(line.status == "ok" for line in result.candidates):
        return DONE
    ours = any(line.reason and line.reason.id == INTERNAL_ERROR for line in result.candidates)
    return OUR_FAULT if ours else YOUR_FAULT


def _explain(line: CandidateResult, terminal: Terminal) -> None:
    reason = line.reason or say(_("no reason is known"))
    terminal.problem(UnusableData(_("{name} could not be fitted: {reason}"), name=line.name, reason=reason))
