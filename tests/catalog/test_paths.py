"""What the catalogue names by import path is there: a worker imports it only when somebody asks for it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

from core import catalog
from core.cli.arguments import COMMANDS

PATH = re.compile(r"core(?:\.\w+)+:\w+")


def paths(declared: Any) -> Iterator[str]:
    """All import paths in declared values, however deep they lie."""
    if isinstance(declared, str):
        if PATH.fullmatch(declared):
            yield declared
    elif isinstance(declared, dict):
        for value in declared.values():
            yield from paths(value)
    elif isinstance(declared, list | tuple | set | frozenset):
        for value in declared:
            yield from paths(value)
    elif dataclasses.is_dataclass(declared) and not isinstance(declared, type):
        for field in dataclasses.fields(declared):
            yield from paths(getattr(declared, field.name))


MODULES = [importlib.import_module(one.name) for one in pkgutil.walk_packages(catalog.__path__, "core.catalog.")]
DECLARED = sorted({path for module in MODULES for path in paths(vars(module))} | set(paths(COMMANDS)))


def test_tasks_jobs_models_and_commands_are_among_them():
    assert {
        "core.text_tasks.labels.entities:combined",
        "core.runs:compare",
        "core.models.linear:linear",
        "core.cli.commands.doctor:doctor",
    } <= set(DECLARED)


@pytest.mark.parametrize("path", DECLARED)
def test_what_is_declared_can_be_imported(path):
    assert callable(catalog.load(path))
