"""Planted faults: which ones there are, that each changes the code, and which tests they are tried on."""

from __future__ import annotations

import ast

import pytest

from scripts.faults import Fault, Finder, faults, importers
from scripts.mutants import MOST_SECONDS, ROOT, Reach

SOURCE = '''"""A docstring with 1 < 2."""
LIMIT: int = 7


def found(rows: int = 3, *, sure: bool = True) -> str | None:
    """Another 4."""
    ä = "é"; kept = rows >= LIMIT and not sure
    if kept:
        tell(5)
        rows += 200
        run(rows)
    for _row in range(rows * 2):
        continue
    if rows == 0:
        raise ValueError(f"{rows + 1}")
    return _("words {n}", 9) if -rows < 1.5 else None
'''


def planted(fault: Fault) -> str:
    return SOURCE[: fault.start] + fault.text + SOURCE[fault.end :]


@pytest.fixture(scope="module")
def all_faults():
    finder = Finder("core/fuse/x.py", SOURCE)
    finder.visit(ast.parse(SOURCE))
    return finder.found


def test_every_kind_of_fault_is_found_and_no_words_are_touched(all_faults):
    changed = {(one.operator, SOURCE[one.start : one.end], one.text) for one in all_faults}
    assert changed == {
        ("constant", "7", "8"),
        ("constant", "3", "4"),
        ("constant", "True", "False"),
        ("boolean", "rows >= LIMIT and not sure", "(rows >= LIMIT or not sure)"),
        ("comparison", "rows >= LIMIT", "(rows > LIMIT)"),
        ("comparison", "rows >= LIMIT", "(rows < LIMIT)"),
        ("sign or not", "not sure", "(sure)"),
        ("condition", "kept", "(not kept)"),
        ("statement", "rows += 200", "pass"),
        ("constant", "200", "400"),
        ("statement", "run(rows)", "pass"),
        ("arithmetic", "rows * 2", "(rows / 2)"),
        ("constant", "2", "3"),
        ("statement", "continue", "pass"),
        ("comparison", "rows == 0", "(rows != 0)"),
        ("constant", "0", "1"),
        ("statement", 'raise ValueError(f"{rows + 1}")', "pass"),
        ("return", SOURCE.splitlines()[-1].strip(), "return None"),
        ("comparison", "-rows < 1.5", "(-rows <= 1.5)"),
        ("comparison", "-rows < 1.5", "(-rows >= 1.5)"),
        ("sign or not", "-rows", "(rows)"),
        ("constant", "1.5", "2.5"),
    }


def test_each_fault_makes_other_code_of_the_same_language(all_faults):
    plain = ast.dump(ast.parse(SOURCE))
    assert len({planted(one) for one in all_faults}) == len(all_faults) == len({one.id for one in all_faults})
    assert all(ast.dump(ast.parse(planted(one))) != plain for one in all_faults)
    assert {one.function for one in all_faults} == {0, 5}


def test_a_fault_is_tried_on_the_tests_that_call_its_function_near_and_quick_ones_first(all_faults):
    inside, outside = (next(one for one in all_faults if one.function == line) for line in (5, 0))
    here, other = "core/fuse/x.py:5", "core/fuse/x.py:99"
    reach = Reach(
        seconds={
            "tests/fuse/a.py::slow": 9, "tests/explain/b.py::far": 1, "tests/fuse/a.py::quick": 2,
            "tests/fuse/c.py::other": 1, "tests/fuse/d.py::fixture": 3, "tests/fuse/a.py::longest": MOST_SECONDS,
        },
        called={
            "tests/fuse/a.py::slow": [here], "tests/explain/b.py::far": [here], "tests/fuse/a.py::quick": [other, here],
            "tests/fuse/c.py::other": [other], "tests/fuse/d.py": [here], "tests/fuse/a.py::longest": [here],
        },
        failed=[],
    )  # fmt: skip
    near = ["tests/fuse/a.py::quick", "tests/fuse/d.py::fixture", "tests/fuse/a.py::slow"]
    assert reach.tests(inside) == near  # the longest would take too long, and what comes after it
    assert reach.tests(outside)[0] == "tests/fuse/c.py::other"


def test_a_file_is_near_those_that_import_it():
    near = importers(ROOT, "core/evaluate/ranking.py")
    assert {"core/evaluate/ranking.py", "core/evaluate/metrics.py", "tests/evaluate/test_ranking.py"} <= near
    assert "core/evaluate/intervals/wilson.py" not in near
    assert "core/evaluate/detail.py" in importers(ROOT, "core/evaluate/curves.py")  # from core.evaluate import curves


def test_every_place_has_faults_to_plant():
    assert len(faults(ROOT, ("core/evaluate",))) > 1000
