"""What candidates get: roles by the plan, rows with a target, folds, and sentences about what stays out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.compare.prepare import prepare, with_roles
from core.data.schema import Schema
from core.messages import UnusableData
from core.plan import Plan, Rule, Validation
from tests.fuse.tables import column

ROLES = {"text": "text", "size": "number", "day": "date", "kind": "category", "code": "id", "mood": "target"}


def table(n: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "text": [" ".join(map(str, random.integers(10**6, 10**7, 5))) for _row in range(n)],
            "size": random.normal(0, 1, n),
            "day": pd.date_range("2024-01-01", periods=n),
            "kind": np.where(np.arange(n) % 3 == 0, "a", "b"),
            "code": np.arange(n),
            "mood": np.where(np.arange(n) % 2 == 0, "good", "bad"),
        }
    )


def schema() -> Schema:
    return Schema(columns=[column(name, role) for name, role in ROLES.items()], task="binary")


def plan(**settings) -> Plan:
    return Plan(**{"target": "mood", "candidates": ["columns"], **settings})


def laid(frame: pd.DataFrame | None = None, test: pd.DataFrame | None = None, **settings):
    return prepare(table() if frame is None else frame, schema(), plan(**settings), test)


def test_candidates_get_the_source_columns_and_hear_what_stays_out():
    made = laid(drop=["kind"])
    assert list(made.X.columns) == ["text", "size", "day"]
    assert [(one.column, str(one.reason)) for one in made.excluded] == [
        ("kind", "Left out by choice."),
        ("code", "as made"),
    ]
    assert (made.task, made.classes, made.positive) == ("binary", ["bad", "good"], "bad")
    assert made.rows.tolist() == list(range(40))
    assert made.X.index.tolist() == list(range(40))
    assert made.y.tolist() == table()["mood"].tolist()
    assert made.warnings == []
    assert len(made.unlabelled) == 0
    assert made.units.tolist() == list(range(40))


def roles_by(**settings) -> dict[str, str]:
    return {one.name: one.role for one in with_roles(schema(), plan(**settings), list(table().columns)).columns}


def test_the_plan_decides_roles():
    assert roles_by() == ROLES
    assert roles_by(drop=["size"]) == {**ROLES, "size": "ignored"}
    assert roles_by(roles={"kind": "text"}) == {**ROLES, "kind": "text"}
    assert roles_by(drop=["kind"], roles={"kind": "text"})["kind"] == "ignored"
    assert roles_by(keep=["code", "size"]) == {**ROLES, "code": column("code", "id").role_if_kept}
    other = with_roles(schema(), plan(target="kind"), list(table().columns))
    assert {one.name: one.role for one in other.columns} == {**ROLES, "kind": "target", "mood": "ignored"}
    assert str(other.column("mood").reason) == "Another column is predicted."
    assert other.task is None
    assert with_roles(schema(), plan(), list(table().columns)).task == "binary"
    assert with_roles(schema(), plan(target="kind", task="multiclass"), list(table().columns)).task == "multiclass"


def test_columns_are_masked_by_the_plan_but_the_target_is_not():
    made = with_roles(schema(), plan(mask=["text", "mood"]), list(table().columns))
    assert made.column("text").personal.choice == "mask"
    assert made.column("mood").personal is None
    assert made.column("size").personal is None


@pytest.mark.parametrize(
    "settings",
    [{"target": "gone"}, {"drop": ["gone"]}, {"keep": ["gone"]}, {"mask": ["gone"]}, {"roles": {"gone": "text"}},
     {"validation": Validation(group="gone")}, {"validation": Validation(time="gone")}],
)  # fmt: skip
def test_a_column_that_is_not_there_is_named(settings):
    with pytest.raises(UnusableData, match="There is no column “gone”"):
        laid(**settings)


def test_rows_without_a_target_are_kept_apart_and_counted():
    frame = table()
    frame.loc[[3, 5], "mood"] = None
    made = laid(frame)
    assert 3 not in made.rows
    assert made.unlabelled["size"].tolist() == frame["size"][[3, 5]].tolist()
    assert made.unlabelled.index.tolist() == [0, 1]
    assert [str(one) for one in made.warnings] == ["2 rows have no value in “mood” and were left out."]
    learns = laid(frame, candidates=["assisted-weak"])
    assert "some candidates learn from them" in str(learns.warnings[0])
    places = np.array([0, 4])
    X, y, bound = made.given(places, unlabelled=True)
    assert X.index.tolist() == [0, 1, 2, 3]
    assert y.tolist() == [made.y[0], made.y[4], None, None]
    assert bound.groups is None
    assert made.training(places, unlabelled=False)[1].tolist() == [made.y[0], made.y[4]]
    assert len(laid().training(places, unlabelled=True)[0]) == 2


def test_a_sample_is_drawn_of_rows_with_and_of_rows_without_a_target():
    frame = table(60)
    frame.loc[40:, "mood"] = None
    made = laid(frame, rows=15)
    assert len(made.X) == len(made.unlabelled) == 15
    assert made.rows.tolist() == sorted(made.rows)
    assert made.rows.max() < 40
    assert "Only a random sample of 15 rows was used." in [str(one) for one in made.warnings]
    assert len(laid(frame, rows=20).unlabelled) == 20
    exact = laid(frame, rows=40)
    assert len(exact.X) == 40
    assert not any("sample" in str(one) for one in exact.warnings)
    assert laid(frame, rows=15).rows.tolist() == made.rows.tolist() != laid(frame, rows=15, seed=1).rows.tolist()


def test_numbers_as_target_have_no_classes_and_gaps_are_numbers():
    frame = table()
    frame.loc[2, "size"] = np.nan
    made = laid(frame, target="size", task="regression")
    assert (made.task, made.classes, made.positive) == ("regression", [], "")
    assert made.y.dtype == np.float64
    y = made.training(np.array([0]), unlabelled=True)[1]
    assert np.isnan(y[1])
    assert y.dtype == np.float64


def test_cells_of_another_kind_are_named_by_row_of_table_or_test_file():
    frame = table().astype({"size": object})
    frame.loc[7, "size"] = "x"
    with pytest.raises(UnusableData, match="Column “size” holds numbers, but row 8 says “x”"):
        laid(frame)
    held = {"validation": Validation(kind="test_file")}
    with pytest.raises(UnusableData, match="row 8 of the test file says “x”"):
        laid(table(), frame, **held)
    with pytest.raises(UnusableData, match="Column “day” holds dates, but row 3 says “soon”"):
        laid(table().astype({"day": str}).replace({"day": {"2024-01-03": "soon"}}))
    with pytest.raises(UnusableData, match="no test file"):
        laid(**held)


def test_rows_of_a_test_file_are_scored_on_and_counted_backwards():
    test = table(8)
    test.loc[2, "mood"] = None
    made = laid(table(20), test, validation=Validation(kind="test_file"))
    ((train, held),) = made.folds
    assert train.tolist() == list(range(20))
    assert held.tolist() == list(range(20, 27))
    assert made.rows.tolist() == [*range(20), -1, -2, -4, -5, -6, -7, -8]
    assert made.y[20:].tolist() == test["mood"].dropna().tolist()
    assert made.units.tolist() == list(range(27))


def test_units_of_a_test_file_are_its_own_groups_and_copies():
    train, test = table(20).assign(kind="one"), table(9)
    test["kind"] = ["x", "x", "y", "y", "y", "z", "z", "z", "z"]
    made = laid(train, test, validation=Validation(kind="test_file", group="kind"))
    units = made.units
    assert units[:20].tolist() == list(range(20))
    assert units.min() == 0
    assert units[20:].min() >= 20
    assert [len(set(units[20 + first : 20 + last])) for first, last in ((0, 2), (2, 5), (5, 9), (0, 9))] == [1, 1, 1, 3]


def test_groups_and_times_of_the_plan_bind_rows():
    frame = table()
    frame.loc[4, "day"] = pd.NaT
    by_time = laid(frame, validation=Validation(time="day"))
    assert np.isnan(by_time.dependence.times[4])
    assert by_time.dependence.times[[0, 3, 5]].tolist() == [1, 4, 5]
    frame = table().assign(kind=np.arange(40) // 4)
    frame["kind"] = frame["kind"].astype(object)
    frame.loc[36:, "kind"] = None
    made = laid(frame, validation=Validation(group="kind"))
    assert made.dependence.groups.tolist() == (np.arange(40) // 4).tolist()  # a gap is a group, too
    assert made.units.tolist() == made.dependence.groups.tolist()
    for train, test in made.folds:
        assert not set(made.dependence.groups[train]) & set(made.dependence.groups[test])
    assert laid().dependence.groups is None
    assert laid().dependence.times is None


def repeated(n_copies: int, n: int = 40) -> pd.DataFrame:
    """The first rows' texts stand once more further down."""
    frame = table(n)
    frame.loc[n - n_copies :, "text"] = frame["text"][:n_copies].tolist()
    return frame


@pytest.mark.parametrize(
    ("n_copies", "told"),
    [(1, "1 row nearly repeats the text of another"), (20, "20 rows nearly repeat the texts of others; they stay")],
)
def test_copies_stay_on_one_side_and_are_counted(n_copies, told):
    made = laid(repeated(n_copies))
    assert [told in str(one) for one in made.warnings] == [True]
    groups = made.dependence.groups
    assert len(set(groups)) == 40 - n_copies
    assert groups[0] == groups[40 - n_copies]
    assert made.units.tolist() == groups.tolist()
    split = laid(repeated(n_copies), validation=Validation(near_duplicates_together=False))
    assert split.dependence.groups is None
    assert split.warnings == []
    assert len(set(split.units)) == 40 - n_copies  # drawn together all the same


def test_where_most_rows_repeat_others_scores_are_of_texts_never_seen():
    frame = table()
    frame["text"] = [frame["text"][place % 19] for place in range(40)]  # 21 of 40
    made = laid(frame)
    assert ["21 of 40 rows nearly repeat" in str(one) for one in made.warnings] == [True]
    assert len(set(made.dependence.groups)) == 19


def test_where_too_few_texts_differ_folds_divide_copies_but_units_do_not():
    frame = table()
    frame["text"] = [frame["text"][place % 2] for place in range(40)]
    made = laid(frame)
    assert ["38 rows repeat the texts of others; there are too few" in str(one) for one in made.warnings] == [True]
    assert made.dependence.groups is None
    assert len(set(made.units)) == 2
    same = laid(frame.assign(text="all the same"))
    assert same.units.tolist() == list(range(40))


def test_a_rule_for_what_is_no_class_is_named():
    rules = [Rule(label="good", words=["x"]), Rule(label="odd", words=["y"])]
    assert [str(one) for one in laid(rules=rules).warnings] == [
        "A rule is for “odd”, which is no class of “mood”; it was left out."
    ]
    assert laid(rules=rules, target="size", task="regression").warnings == []


def test_whole_numbers_as_classes_have_no_decimal_point():
    made = laid(table().assign(mood=np.where(np.arange(40) % 2, 1.0, 0.0)))
    assert made.classes == ["0", "1"]
    assert set(made.y) == {"0", "1"}
