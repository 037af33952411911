"""What the docstrings show is what comes out."""

from __future__ import annotations

import doctest
import importlib

import pytest

from scripts import house

FILES = [*house.files(), *sorted((house.ROOT / "scripts").rglob("*.py"))]
WITH_EXAMPLES = [house.dotted(path) for path in FILES if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_show_what_comes_out(name):
    found = doctest.testmod(importlib.import_module(name))  # what differs is printed, and pytest shows it
    assert found.attempted > 0
    assert found.failed == 0


def test_a_wrong_example_is_found(monkeypatch):
    module = importlib.import_module("scripts.layers")
    monkeypatch.setattr(module.depths, "__doc__", ">>> depths({})\n{'a': 1}\n")
    assert doctest.testmod(module, report=False).failed == 1


def test_the_engines_examples_are_among_them():
    assert {"core.data.values.numeric.marks", "core.encode.frozen", "core.fuse.columns"} <= set(WITH_EXAMPLES)
