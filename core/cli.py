"""The command line: the same engine as the pages, for people who type and for scripts.

Standard output carries the result and nothing else; progress goes to standard error, and only to a terminal. Exit
codes: 0 done, 1 our bug, 2 the user's error, 130 cancelled.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from core import bundle, catalog
from core.data import table
from core.data.columns import guess
from core.data.reading import read_files
from core.data.schema import ReadOptions, Schema
from core.doctor import examine
from core.evaluate.result import Comparison, slug
from core.fuse import compare as fuse_compare
from core.jobs.context import Context
from core.messages import LANGUAGES, AmalgamError, Message, UnknownChoice, UnusableData, _, say, translate
from core.plan import Plan, Search, Validation
from core.runs import keeper, score, write_csv
from core.workspace import RunRow, Workspace, new_id, now

OWNER = "cli"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.  →  exit code"""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AmalgamError as error:
        hint = f" {words(error.hint)}" if error.hint else ""
        print(f"{words(error.message)}{hint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(words(say(_("This was cancelled."))), file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(prog="python -m core", description="Amalgam without a browser.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    compare = commands.add_parser("compare", help="score candidates on the same folds")
    compare.set_defaults(run=run_compare)
    compare.add_argument("--candidates", help="names, separated by commas")
    compare.add_argument("--folds", type=int, help="this many folds")
    compare.add_argument("--holdout", type=float, help="hold this share back instead")
    compare.add_argument("--trials", type=int, help="search this many settings in each fold")
    compare.add_argument("--json", action="store_true", help="print one JSON document")
    compare.add_argument("--plan", type=Path, help="a plan file; other flags overrule it")
    compare.add_argument("--dump-plan", action="store_true", help="print the plan and stop")
    compare.add_argument("--out", type=Path, help="keep the run's files in this folder")
    compare.add_argument("--register", action="store_true", help="list the run on the page of this machine's workspace")
    fit = commands.add_parser("fit", help="fit one candidate on all rows and keep it")
    fit.set_defaults(run=run_fit)
    fit.add_argument("--candidate", default="auto", help="a candidate's name (default: auto)")
    fit.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    fit.add_argument("--no-background", action="store_true", help="keep no training rows in the bundle")
    for command in (compare, fit):
        _table_flags(command)
    predict = commands.add_parser("predict", help="score a file with a bundle")
    predict.set_defaults(run=run_predict)
    predict.add_argument("bundle", type=Path)
    predict.add_argument("file", type=Path)
    predict.add_argument("--out", type=Path, required=True, help="the CSV to write")
    listing = commands.add_parser("catalog", help="list encoders, models and families")
    listing.set_defaults(run=run_catalog)
    listing.add_argument("--json", action="store_true")
    commands.add_parser("doctor", help="say what works on this machine").set_defaults(run=run_doctor)
    return top


def _table_flags(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("--target", help="the column to predict")
    command.add_argument("--role", action="append", default=[], metavar="COL=ROLE", help="take a column as this")
    command.add_argument("--drop", action="append", default=[], metavar="COL", help="leave a column out")
    command.add_argument("--keep", action="append", default=[], metavar="COL", help="keep a column against the advice")
    command.add_argument("--group", metavar="COL", help="rows with the same value stay on one side")
    command.add_argument("--time", metavar="COL", help="predict later rows from earlier ones")
    command.add_argument("--rows", type=int, help="a random sample of this many rows")
    command.add_argument("--seed", type=int)
    command.add_argument("--budget", type=float, metavar="SECONDS")


def run_compare(options: argparse.Namespace) -> int:
    """``compare``: the leaderboard as a table or as JSON."""
    with tempfile.TemporaryDirectory() as scratch:
        read, schema = _read(options.files, Path(scratch), options.target)
        plan = plan_of(options, schema)
        if options.dump_plan:
            print(json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2))
            return 0
        workspace, run = Workspace(), new_id()
        folder = workspace.run_folder(run) if options.register else options.out or Path(scratch) / "run"
        context = Context(workspace, OWNER, run, folder, report=progress)
        kept = options.register or options.out
        result = fuse_compare.compare(
            read, schema, plan, folder, context, keep=keeper(plan.target, plan.seed) if kept else None
        )
        if options.register:
            name = f"{options.files[0].name} · {plan.target}"
            workspace.add_run(RunRow(run, OWNER, "", "compare", name, now()))
    print(json.dumps(document(result), ensure_ascii=False) if options.json else leaderboard(result))
    return 0 if any(line.status == "ok" for line in result.candidates) else 2


def run_fit(options: argparse.Namespace) -> int:
    """``fit``: one candidate on all rows, kept as a bundle."""
    with tempfile.TemporaryDirectory() as scratch:
        read, schema = _read(options.files, Path(scratch), options.target)
        plan = plan_of(options, schema).model_copy(update={"candidates": [options.candidate]})
        plan = plan.model_copy(
            update={"validation": Validation(kind="holdout", group=options.group, time=options.time)}
        )
        context = Context(Workspace(), OWNER, new_id(), Path(scratch) / "run", report=progress)
        keep = keeper(plan.target, plan.seed, background=not options.no_background)
        result = fuse_compare.compare(read, schema, plan, context.folder, context, keep=keep)
        line = result.candidates[0]
        made = context.folder / "candidates" / slug(line.name) / "bundle"
        if line.status != "ok" or not made.exists():
            raise UnusableData(_("{name} could not be fitted: {reason}"), name=line.name, reason=line.reason or "")
        bundle.move(made, options.out)
    print(words(say(_("Written to {folder}."), folder=str(options.out))))
    print(leaderboard(result))
    return 0


def run_predict(options: argparse.Namespace) -> int:
    """``predict``: a file with predictions beside its columns."""
    opened = bundle.load(options.bundle)
    with tempfile.TemporaryDirectory() as scratch:
        read_files([_existing(options.file)], ReadOptions(), Path(scratch))
        rows = table.load(Path(scratch))
    for note in opened.check(rows):
        print(words(note), file=sys.stderr)
    scored, seconds = score(opened, rows)
    write_csv(scored, options.out)
    print(words(say(_("{n:,} rows scored in {seconds:.1f} s."), n=len(scored), seconds=seconds)))
    return 0


def run_catalog(options: argparse.Namespace) -> int:
    """``catalog``: what can be chosen."""
    kinds = {"encoders": catalog.ENCODERS, "models": catalog.MODELS, "fusions": catalog.FUSIONS}
    listed = {
        kind: [{"name": one.name, "label": words(one.label), "about": words(one.about)} for one in entries]  # type: ignore[attr-defined]
        for kind, entries in kinds.items()
    }
    if options.json:
        print(json.dumps(listed, ensure_ascii=False))
        return 0
    for kind, entries in listed.items():
        print(kind)
        for one in entries:
            print(f"  {one['name']:<14} {one['label']}")
    return 0


def run_doctor(_options: argparse.Namespace) -> int:
    """``doctor``: one line per thing that may be missing."""
    findings = examine()
    for finding in findings:
        print(f"{'ok     ' if finding.fine else 'problem'}  {words(finding.what)}")
        if finding.remedy is not None:
            print(f"         {words(finding.remedy)}")
    return 0 if all(finding.fine for finding in findings) else 2


def plan_of(options: argparse.Namespace, schema: Schema) -> Plan:
    """The plan that the flags make, over the plan file if there is one.

    Raises
    ------
    UnknownChoice
    """
    target = options.target or schema.target
    given: dict[str, Any] = {}
    if getattr(options, "plan", None):
        try:
            given = json.loads(_existing(options.plan).read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise UnknownChoice(_("The plan file is not JSON: {error}"), error=str(error)) from None
        target = options.target or given.get("target") or target
    if not target:
        raise UnusableData(_("Say which column to predict."), _("Add --target COLUMN."))
    given["target"] = target
    flags = {"keep": options.keep, "drop": options.drop, "rows": options.rows, "seed": options.seed}
    flags |= {"budget_seconds": options.budget, "roles": dict(_role(text) for text in options.role)}
    if names := getattr(options, "candidates", None):
        flags["candidates"] = [name.strip() for name in names.split(",") if name.strip()]
    given |= {name: value for name, value in flags.items() if value not in (None, [], {})}
    given["validation"] = {**given.get("validation", {}), **_validation(options)}
    if getattr(options, "trials", None):
        given["search"] = Search(trials=options.trials).model_dump()
    try:
        return Plan.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnknownChoice(_("The setting “{where}” can't be that: {why}."), where=where, why=first["msg"]) from None


def _validation(options: argparse.Namespace) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if getattr(options, "folds", None):
        chosen |= {"kind": "kfold", "folds": options.folds}
    if getattr(options, "holdout", None):
        chosen |= {"kind": "holdout", "fraction": options.holdout}
    return chosen | {name: value for name in ("group", "time") if (value := getattr(options, name))}


def _role(text: str) -> tuple[str, str]:
    column, mark, role = text.rpartition("=")
    if not mark or role not in catalog.ROLES:
        raise UnknownChoice(
            _("“{text}” is not COLUMN=ROLE."), _("Roles are: {known}."), text=text, known=list(catalog.ROLES)
        )
    return column, role


def _read(files: list[Path], scratch: Path, target: str | None) -> tuple[pd.DataFrame, Schema]:
    folder = scratch / "table"
    folder.mkdir()
    read_files([_existing(path) for path in files], ReadOptions(), folder)
    read = table.load(folder)
    if target is not None and target not in read.columns:
        raise UnusableData(
            _("There is no column “{column}”."),
            _("The table has: {known}."),
            column=target,
            known=list(read.columns)[:30],
        )
    return read, guess(folder / "table.parquet", target)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UnusableData(_("There is no file “{file}”."), _("Check its name and folder."), file=str(path))
    return path


def document(result: Comparison) -> dict[str, Any]:
    """The JSON document of a comparison: stored messages become sentences."""
    return _spoken(result.model_dump(mode="json"))


def _spoken(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"id", "params"}:
            return words(Message.model_validate(value))
        return {key: _spoken(one) for key, one in value.items()}
    return [_spoken(one) for one in value] if isinstance(value, list) else value


def leaderboard(result: Comparison) -> str:
    """The comparison as lines of text."""
    lines = []
    for line in result.candidates:
        score_of = line.scores.get(result.metric)
        shown = f"{score_of.mean:8.3f} ({score_of.low:.3f} to {score_of.high:.3f})" if score_of else f"{line.status:>8}"
        reason = f"  {words(line.reason)}" if line.reason else ""
        cost = f"{line.fit_seconds:8.1f} s" if line.fit_seconds is not None else ""
        lines.append(f"{line.name:<32} {shown} {cost}{reason}")
    heading = words(catalog.METRICS[result.metric].label)
    verdict = words(result.verdict.text) if result.verdict else ""
    notes = [words(message) for message in [result.metric_reason, *result.warnings] if message]
    excluded = [f"{one.column}: {words(one.reason)}" for one in result.excluded]
    return "\n".join([*notes, *excluded, heading, *lines, verdict])


def progress(stage: Message, share: float | None, finding: Message | None) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        percent = "" if share is None else f"{share:4.0%} "
        print(f"\r\033[K{percent}{words(stage)}", end="", file=sys.stderr, flush=True)


def words(message: Message | str) -> str:
    """A sentence in the language of ``LANG``."""
    wanted = os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    language = next((code for code in LANGUAGES if wanted.startswith(code.split("_", maxsplit=1)[0])), "en")
    return translate(message, language)
