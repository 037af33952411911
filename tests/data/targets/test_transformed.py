"""The target as ranges, as one label, without rare classes; and what is offered of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.schema import Column, Layout, Schema
from core.data.targets.class_names import ranges
from core.data.targets.findings import find, with_target_as
from core.data.targets.notes import rare_note
from core.data.targets.transformed import known_labels, recast, settled, staying, without_rare
from core.messages import UnknownChoice, UnusableData, say
from core.plan import Plan, TargetAs

LABELS = pd.Series(["Mail, Chat", "Phone", "Mail", "Chat, Phone", "Mail, Phone", "Chat", None] * 4)
TAIL = pd.Series(np.expm1(np.random.default_rng(0).normal(4, 1.5, 200)).clip(0))


def schema_of(task: str, how: TargetAs | None = None, layout: Layout | None = None) -> Schema:
    column = Column(name="y", role="target", guessed="target", reason=say("as made"), layout=layout)
    return Schema(columns=[column], task=task, target_as=how or TargetAs())


# Ranges


def test_ranges_hold_about_as_many_rows_each_and_have_round_borders():
    how = settled(TargetAs(way="bins", bins=4), TAIL, "y")
    counts = recast(TAIL, how).value_counts()
    assert len(counts) == 4
    assert counts.min() >= 0.5 * len(TAIL) / 4
    assert all(float(f"{edge:.2g}") == edge for edge in how.edges)
    assert list(counts.index.sort_values()) == sorted(ranges(how.edges))


def test_a_number_on_a_border_is_in_the_upper_range_and_a_gap_stays_one():
    made = recast(pd.Series([9.99, 10, 49.9, 50, np.nan]), TargetAs(way="bins", edges=[10, 50]))
    assert made.tolist() == ["below 10", "10 to 50", "10 to 50", "50 and more", None]


def test_borders_that_are_said_are_kept_and_none_may_be_empty():
    assert settled(TargetAs(way="bins", edges=[20, 90]), TAIL, "y").edges == [20, 90]
    with pytest.raises(UnusableData, match=r"No row has a “y” in the range “1000000 and more”"):
        settled(TargetAs(way="bins", edges=[20, 1e6]), TAIL, "y")


def test_ranges_need_numbers_that_differ():
    with pytest.raises(UnusableData, match="holds no numbers"):
        settled(TargetAs(way="bins"), pd.Series(["a", "b"]), "y")
    with pytest.raises(UnusableData, match=r"same “y” \(0\)"):
        settled(TargetAs(way="bins"), pd.Series([0.0] * 99 + [5.0]), "y")


def test_many_equal_numbers_make_fewer_ranges():
    values = pd.Series([0.0] * 60 + [*range(1, 41)])
    how = settled(TargetAs(way="bins", bins=4), values, "y")
    assert len(how.edges) < 3
    assert set(recast(values, how)) == set(ranges(how.edges))


@pytest.mark.parametrize("edges", [[5, 5], [9, 3], [float("nan")]])
def test_borders_of_a_plan_must_rise(edges):
    with pytest.raises(ValueError, match="borders"):
        TargetAs(way="bins", edges=edges)


# The logarithm


def test_the_logarithm_is_for_numbers_from_0():
    assert recast(TAIL, settled(TargetAs(way="log"), TAIL, "y")) is TAIL
    with pytest.raises(UnusableData, match=r"“y” goes down to -3;"):
        settled(TargetAs(way="log"), pd.Series([1.0, -3.0]), "y")


# One label


def test_whether_a_cell_holds_a_label():
    how = settled(TargetAs(way="label", label="Chat"), LABELS, "y")
    assert how.separator == ","
    assert recast(LABELS, how).tolist()[:7] == [
        "Chat", "not Chat", "not Chat", "Chat", "not Chat", "Chat", None,
    ]  # fmt: skip
    assert known_labels(LABELS) == ["Mail", "Chat", "Phone"]


def test_the_layout_says_what_parts_labels():
    layout = Layout(kind="list", separator="/")
    values = pd.Series(["a/b", "a", "b"])
    assert settled(TargetAs(way="label", label="b"), values, "y", layout).separator == "/"
    assert known_labels(values) == []


def test_a_label_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UnknownChoice, match=r"holds the label “Fax”.*Mail"):
        settled(TargetAs(way="label", label="Fax"), LABELS, "y")
    with pytest.raises(UnusableData, match="do not hold several labels"):
        settled(TargetAs(way="label", label="a"), pd.Series(["a", "b"]), "y")


# Rare classes


def test_rare_classes_are_merged_or_left_out():
    labels = pd.Series(["a"] * 6 + ["b"] * 5 + ["c"] * 4 + [None], dtype=object)
    merge = TargetAs(rare="merge", other="Rest")
    kept = staying(labels, merge)
    assert kept == ["a", "b"]
    assert without_rare(labels, merge, kept).tolist() == ["a"] * 6 + ["b"] * 5 + ["Rest"] * 4 + [None]
    assert without_rare(labels, TargetAs(rare="drop"), kept).isna().sum() == 5
    assert "“Rest” now, 4 rows" in str(rare_note(merge, "y", 1, 4))
    assert rare_note(merge, "y", 0, 0) is None


# What is offered


def test_a_long_tail_is_offered_a_logarithm_and_ranges():
    (found,) = find(TAIL, schema_of("regression"))
    assert (found.code, found.choices) == ("skewed", ["log", "bins"])
    (found,) = find(TAIL - 5, schema_of("regression"))
    assert found.choices == ["bins"]
    assert find(np.log1p(TAIL), schema_of("regression")) == []
    assert find(TAIL, schema_of("regression", TargetAs(way="log"))) == []


def test_classes_too_small_for_the_folds_are_named():
    labels = pd.Series(["a"] * 30 + ["b"] * 20 + ["c"] * 4 + ["d"])
    (found,) = find(labels, schema_of("multiclass"))
    assert found.code == "rare_classes"
    assert "2 classes of “y” have fewer than 5 rows each: c (4), d (1)" in str(found.message)
    assert find(labels, schema_of("multiclass", TargetAs(rare="drop"))) == []
    assert find(labels[:50], schema_of("multiclass")) == []


def test_free_text_is_not_offered_a_merge():
    assert find(pd.Series([f"text {n}" for n in range(60)] + ["a"] * 9), schema_of("multiclass")) == []


def test_several_labels_are_offered_one_by_one():
    (found,) = find(LABELS, schema_of("multiclass"))
    assert (found.code, found.choices) == ("several_labels", ["Mail", "Chat", "Phone"])


@pytest.mark.parametrize(
    ("values", "task", "how", "made"),
    [
        (TAIL, "regression", TargetAs(way="bins", bins=3), "multiclass"),
        (TAIL, "regression", TargetAs(way="bins", bins=2), "binary"),
        (TAIL, "regression", TargetAs(way="log"), "regression"),
        (LABELS, "multiclass", TargetAs(way="label", label="Mail"), "binary"),
        (pd.Series(list("aaaaaabbbbbbc")), "multiclass", TargetAs(rare="drop"), "binary"),
    ],
    ids=["ranges", "two ranges", "log", "label", "rare"],
)
def test_a_choice_makes_its_task_and_undone_it_is_as_before(values, task, how, made):
    chosen = with_target_as(schema_of(task), values, how)
    assert chosen.task == made
    assert with_target_as(chosen, values, TargetAs()) == schema_of(task)


def test_nothing_is_left_where_all_classes_are_rare():
    with pytest.raises(UnusableData, match="Every class of “y” has fewer than 9 rows"):
        with_target_as(schema_of("multiclass"), pd.Series(list("aabbcc")), TargetAs(rare="drop", rare_below=9))


def test_a_plan_without_a_choice_has_the_digest_of_earlier_versions():
    assert Plan(target="y").digest() == Plan(target="y", target_as=TargetAs()).digest()
    assert Plan(target="y").digest() != Plan(target="y", target_as=TargetAs(way="log")).digest()


def test_the_page_says_what_to_do_with_several_labels_and_the_terminal_its_flag():
    schema = Schema(columns=[Column(name="y", role="target", guessed="category", reason=say(""))])
    cells = pd.Series(["Mail, Chat", "Chat", "Mail, Phone", "Phone", "Mail", "Chat, Phone"] * 5)
    (found,) = find(cells, schema)
    assert "--" not in f"{found.message} {found.action}"
    assert found.flags == ["--target-as label:NAME"]
