"""A comparison's rows with their target as the plan wants it: for folds, test file, bundle and explanations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.compare.prepare import prepare
from core.compare.target_rows import as_predicted
from core.data.schema import Schema
from core.messages import UnusableData
from core.plan import Plan, TargetAs, Validation
from tests.fuse.tables import column

HELD_OUT = Validation(kind="test_file")


def table(y) -> pd.DataFrame:
    return pd.DataFrame({"x": np.arange(len(y), dtype=float), "y": y})


def schema(task=None) -> Schema:
    return Schema(columns=[column("x", "number"), column("y", "target")], task=task)


def said(prepared) -> str:
    return " ".join(str(note) for note in prepared.warnings)


def test_rows_of_rare_classes_are_left_out():
    prepared = prepare(
        table(list("a" * 20 + "b" * 20 + "ccd")), schema(), Plan(target="y", target_as=TargetAs(rare="drop"))
    )
    assert (prepared.task, prepared.classes, len(prepared.y)) == ("binary", ["a", "b"], 40)
    assert len(prepared.unlabelled) == 0, "a row of a rare class has a label: it must not be learned from without one"
    assert "2 classes of “y” have fewer than 5 rows each and were left out, 3 rows in all." in said(prepared)


def test_rare_classes_are_one_class_and_numbers_are_named_as_ever():
    how = TargetAs(rare="merge", other="Rest", rare_below=6)
    prepared = prepare(
        table([1.0] * 20 + [2.0] * 20 + [3.0] * 5 + [4.0] * 5 + [np.nan]),
        schema("multiclass"),
        Plan(target="y", target_as=how),
    )
    assert prepared.classes == ["1", "2", "Rest"]
    assert (prepared.y == "Rest").sum() == 10
    assert len(prepared.unlabelled) == 1


def test_rare_classes_are_counted_before_a_sample_is_drawn():
    how = TargetAs(rare="merge", rare_below=20)
    plan = Plan(target="y", target_as=how, rows=50, validation=Validation(folds=2))
    prepared = prepare(table(list("a" * 100 + "b" * 100 + "c" * 60)), schema(), plan)
    assert prepared.classes == ["a", "b", "c"]


def test_ranges_are_settled_by_the_training_rows_and_the_test_file_follows():
    how = TargetAs(way="bins", bins=2)
    plan = Plan(target="y", target_as=how, validation=HELD_OUT)
    prepared = prepare(table(np.arange(40.0)), schema("regression"), plan, table(np.arange(1000.0, 1040.0)))
    assert prepared.target_as.edges == [20.0]
    assert prepared.task == "binary"
    assert set(prepared.y[prepared.rows < 0]) == {"20 and more"}


def test_the_test_file_knows_no_classes_but_those_that_stayed():
    plan = Plan(target="y", target_as=TargetAs(rare="merge"), validation=HELD_OUT)
    prepared = prepare(table(list("a" * 20 + "b" * 20 + "cc")), schema(), plan, table(list("abc" * 9 + "zzzzzzzz")))
    assert prepared.classes == ["Other", "a", "b"]
    plan = plan.model_copy(update={"target_as": TargetAs(rare="drop")})
    prepared = prepare(table(list("a" * 20 + "b" * 20 + "cc")), schema(), plan, table(list("abc" * 9)))
    assert (prepared.rows < 0).sum() == 18


def test_a_label_makes_a_yes_or_no():
    how = TargetAs(way="label", label="Chat")
    cells = ["Mail, Chat", "Phone", "Mail", "Chat, Phone", "Mail, Phone"] * 8
    prepared = prepare(table(cells), schema("multiclass"), Plan(target="y", target_as=how))
    assert (prepared.task, prepared.classes) == ("binary", ["Chat", "not Chat"])
    with pytest.raises(UnusableData, match="several labels in one cell"):
        prepare(table(cells), schema("multiclass"), Plan(target="y"))


@pytest.mark.parametrize(
    ("how", "task", "why"),
    [
        (TargetAs(way="log"), "multiclass", "logarithm is for a number"),
        (TargetAs(way="log", rare="drop"), None, "logarithm is for a number"),
        (TargetAs(way="bins"), "regression", "Ranges and labels are classes"),
        (TargetAs(rare="drop"), None, "predicted as a number, so it has no rare classes"),
    ],
)
def test_choices_that_contradict_the_task_are_refused(how, task, why):
    with pytest.raises(UnusableData, match=why):
        prepare(table(np.arange(0.5, 60.0)), schema(), Plan(target="y", target_as=how, task=task))


def test_a_test_file_with_negative_numbers_has_no_logarithm():
    plan = Plan(target="y", target_as=TargetAs(way="log"), validation=HELD_OUT)
    with pytest.raises(UnusableData, match="goes down to -1"):
        prepare(table(np.arange(0.5, 60.0)), schema(), plan, table([3.0, -1.0]))


def test_cells_of_the_data_set_become_the_truth_that_was_learned():
    merged = as_predicted(pd.Series([1.0, 2.0, 9.0, None]), TargetAs(rare="merge"), ["1", "2", "Other"])
    assert merged.tolist() == ["1", "2", "Other", None]
    dropped = as_predicted(pd.Series(["a", "z"]), TargetAs(rare="drop"), ["a", "b"])
    assert dropped.tolist() == ["a", None]
    numbers = pd.Series([1.0, 2.0])
    assert as_predicted(numbers, TargetAs(way="log"), []) is numbers


def test_rare_classes_that_join_a_class_of_their_name_are_said_to():
    how = TargetAs(rare="merge", other="b")
    prepared = prepare(table(list("a" * 20 + "b" * 20 + "ccd")), schema(), Plan(target="y", target_as=how))
    assert "join “b”, a class that 20 rows are of already" in said(prepared)
