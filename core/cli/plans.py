"""From a plan file and flags to one plan; what a flag says goes over the file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.cli import reading, target
from core.compare.files.replay import plan_of as plan_of_run
from core.messages import UnknownChoice, UnreadableFile, UnusableData, _
from core.plan import Plan
from core.questions import of_lines, written


def plan_of(options: argparse.Namespace) -> Plan:
    """The plan that the flags make, over the plan file if there is one.

    Raises
    ------
    UnknownChoice, UnusableData, UnreadableFile
        A setting can't be what it is, the target is not said, or the file is no plan.
    """
    wanted = _start(options)
    flags = {name: getattr(options, name) for name in ("target", "task", "rows", "seed")}
    flags["budget_seconds"] = options.budget
    wanted |= {name: value for name, value in flags.items() if value is not None}
    if not wanted.get("target"):
        raise UnusableData(_("Say which column to predict."), _("Add --target COLUMN."))
    wanted["target_as"] = target.target_as(wanted.get("target_as", {}), options)
    wanted["roles"] = wanted.get("roles", {}) | reading.roles(options)
    for name in ("keep", "drop", "mask"):
        wanted[name] = list(dict.fromkeys([*wanted.get(name, []), *getattr(options, name)]))
    encoders = dict(wanted.get("encoders", {}))
    for column, encoder in (reading.pair(text) for text in options.encoder):
        encoders[column] = {**encoders.get(column, {}), "name": encoder}
    wanted["encoders"] = encoders
    wanted["descriptions"] = wanted.get("descriptions", {}) | dict(_described(text) for text in options.describe)
    meant = dict(_described(text) for text in options.describe_column)
    wanted["column_descriptions"] = wanted.get("column_descriptions", {}) | meant
    asked = [*(_lines(options.questions) if options.questions is not None else []), *options.question]
    of_lines(asked)
    wanted["questions"] = asked or wanted.get("questions", [])
    if options.provider:
        wanted["language_model"] = options.provider
    wanted["rules"] = [*wanted.get("rules", []), *(_rule(text) for text in options.rule)]
    if options.balanced:
        wanted["balanced"] = True
    if options.trials is not None:
        wanted["search"] = {**wanted.get("search", {}), "trials": options.trials}
    wanted |= _for_fit(wanted, options) if options.command == "fit" else _for_compare(options)
    wanted["validation"] = _validation(wanted.get("validation", {}), options, wanted.get("candidates", []))
    return _checked(wanted)


def _start(options: argparse.Namespace) -> dict[str, Any]:
    """What the flags go over: an earlier run, a plan file, or nothing."""
    if getattr(options, "replay", None):
        return plan_of_run(options.replay).model_dump(mode="json")
    return _from_file(options.plan, options.target) if options.plan else {}


def _for_fit(wanted: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    names = wanted.get("candidates", [])
    name = options.candidate or (names[0] if len(names) == 1 else "auto")
    return {"candidates": [name], "bundles": True, "learning_curve": False}


def _for_compare(options: argparse.Namespace) -> dict[str, Any]:
    made: dict[str, Any] = {"learning_curve": True} if options.learning_curve else {}
    names = [name.strip() for text in options.candidates for name in text.split(",") if name.strip()]
    return made | ({"candidates": names} if names else {})


def _validation(known: dict[str, Any], options: argparse.Namespace, names: list[str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if options.folds is not None:
        chosen = {"kind": "kfold", "folds": options.folds}
    elif options.holdout is not None:
        chosen = {"kind": "holdout", "fraction": options.holdout}
    elif options.test is not None:
        chosen = {"kind": "test_file"}
    elif options.command == "fit" and not known:  # the rows held back only tell how good the bundle is
        chosen = {"kind": "search" if names == ["auto"] else "holdout"}
    if options.split_near_duplicates:
        chosen["near_duplicates_together"] = False
    return known | chosen | {name: value for name in ("group", "time") if (value := getattr(options, name)) is not None}


def _described(text: str) -> tuple[str, str]:
    label, equals, words = text.partition("=")
    if not (label and equals and words):
        raise UnknownChoice(_("“{flag}” is not CLASS=WORDS."), flag=text)
    return label, words


def _lines(path: Path) -> list[str]:
    """The questions of a file, as they are written there."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UnreadableFile(
            _("“{file}” could not be read as questions."), _("Write one question a line, in UTF-8."), file=str(path)
        ) from None
    return written(lines)


def _rule(text: str) -> dict[str, Any]:
    label, words = _described(text)
    found = [word.strip() for word in words.replace("，", ",").split(",") if word.strip()]
    if not found:
        raise UnknownChoice(_("“{flag}” is not CLASS=WORDS."), flag=text)
    return {"label": label, "words": found}


def _from_file(path: Path, target: str | None) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
        if isinstance(read, dict) and target is not None:
            read["target"] = target
        return Plan.model_validate(read).model_dump(mode="json")
    except OSError:
        raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(path)) from None
    except ValidationError as error:
        raise _impossible(error) from None
    except (ValueError, RecursionError) as error:
        raise UnknownChoice(_("The plan file is not JSON: {error}"), error=str(error)) from None


def _checked(wanted: dict[str, Any]) -> Plan:
    try:
        return Plan.model_validate(wanted)
    except ValidationError as error:
        raise _impossible(error) from None


def _impossible(error: ValidationError) -> UnknownChoice:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return UnknownChoice(_("The setting “{where}” can't be that: {why}."), where=where, why=first["msg"])
