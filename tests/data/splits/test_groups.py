"""A column that says whose rows these are is offered as the group; an ordinary category never is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data import jobs, overrides
from core.data.schema import Grouping, Report, Schema, read_model
from core.data.splits import groups
from core.jobs.context import Context
from core.workspace import Workspace, new_id
from tests.data.grouped import schema_of, sensors, visits


def offered(table: pd.DataFrame, target: str, tmp_path) -> list[str]:
    return [one.column for one in groups.find(table, schema_of(table, target, tmp_path))]


def invoices(seed: int = 0) -> pd.DataFrame:
    """Uneven numbers of invoices per customer, whose number is a whole one."""
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 12, 90)
    owner = np.repeat(np.arange(90), sizes)
    late = random.random(90)
    return pd.DataFrame(
        {
            "Rechnung": np.arange(len(owner)) + 70_000,
            "Kunden-Nr": random.permutation(90_000)[:90][owner] + 10_000,
            "Kunde seit": random.integers(1990, 2024, 90)[owner],
            "Betrag": random.lognormal(5, 1, len(owner)),
            "bezahlt": np.where(random.random(len(owner)) < late[owner], "spät", "pünktlich"),
        }
    )


def answers(seed: int = 0) -> pd.DataFrame:
    """A Chinese course: students by number, several answers each."""
    random = np.random.default_rng(seed)
    able = random.normal(0, 2, 50)
    owner = np.repeat(np.arange(50), 8)
    return pd.DataFrame(
        {
            "学号": [f"S{2_000_000 + number}" for number in owner],
            "年龄": random.integers(17, 23, 50)[owner],
            "题目": np.tile(np.arange(8), 50),
            "结果": np.where(able[owner] + random.normal(0, 1, len(owner)) > 0, "对", "错"),
        }
    )


@pytest.mark.parametrize(
    ("table", "target", "column"),
    [
        (visits(), "sick", "patient_id"),
        (sensors(), "Messwert", "Gerät-ID"),
        (invoices(), "bezahlt", "Kunden-Nr"),
        (answers(), "结果", "学号"),
        (visits(40, 20).rename(columns={"patient_id": "case"}), "sick", "case"),  # by its values and its rows
    ],
    ids=["patients", "sensors", "invoices", "students", "codes"],
)
def test_a_repeating_id_is_offered(table, target, column, tmp_path):
    assert offered(table, target, tmp_path) == [column]


def passengers(n: int = 800, seed: int = 0) -> pd.DataFrame:
    """As on a ship: ports and classes repeat, tickets and cabins hardly do."""
    random = np.random.default_rng(seed)
    sex, rank = random.choice(["male", "female"], n), random.choice([1, 2, 3], n)
    alive = random.random(n) < np.where(sex == "female", 0.74, 0.19) - 0.1 * (rank - 2)
    return pd.DataFrame(
        {
            "pclass": rank,
            "sex": sex,
            "age": random.normal(30, 12, n).round(),
            "fare": random.lognormal(3, 1, n) / rank,
            "embarked": random.choice(["S", "C", "Q"], n, p=[0.7, 0.2, 0.1]),
            "ticket": [f"PC {number}" for number in random.integers(1000, 1000 + 5 * n, n)],
            "home": random.choice([f"town of {letter}" for letter in "abcdefghijklmnop"], n),
            "survived": np.where(alive, "yes", "no"),
        }
    )


def flights(n: int = 900, seed: int = 0) -> pd.DataFrame:
    """Cities with what belongs to a city, and a number that the city says something about."""
    random = np.random.default_rng(seed)
    city = random.integers(0, 25, n)
    names = ["Rome Oslo Lima Bonn Cork Lyon Nice Bari Graz Kiel Linz Metz Pisa Riga Sofia Turin Ulm Vaduz Wien Ypres"]
    towns = [*names[0].split(), "Zagreb", "Arles", "Basel", "Delft", "Essen"]
    return pd.DataFrame(
        {
            "city": np.asarray(towns)[city],
            "latitude": random.normal(50, 5, 25)[city],
            "population": random.lognormal(12, 1, 25)[city],
            "month": [f"2024-{number:02}" for number in random.integers(1, 13, n)],
            "quarter": [f"Q{number}" for number in random.integers(1, 5, n)],
            "gender": random.choice(["f", "m"], n),
            "size": random.choice([f"A{number}" for number in range(12)], n),
            "zip_code": random.choice([f"{number}" for number in range(10115, 10135)], n),
            "delay": random.normal(0, 10, n) + random.normal(0, 4, 25)[city],
        }
    )


@pytest.mark.parametrize(("table", "target"), [(passengers(), "survived"), (flights(), "delay")], ids=["ship", "city"])
def test_an_ordinary_category_is_not_offered(table, target, tmp_path):
    assert offered(table, target, tmp_path) == []


def test_ids_whose_rows_have_nothing_in_common_are_not_offered(tmp_path):
    table = visits()
    table["patient_id"] = np.random.default_rng(1).permutation(table["patient_id"])
    assert offered(table, "sick", tmp_path) == []


def test_a_patient_of_one_label_is_no_leak(tmp_path):
    """Each value goes with one answer, since all its rows are one person's: nobody filled it in afterwards."""
    column = schema_of(visits(40, 20), "sick", tmp_path).column("patient_id")
    assert (column.role, column.code) == ("id", "id")
    assert "all rows of one have the same answer" in str(column.reason)


def test_likeness_is_the_share_of_spread_between_groups():
    """An intraclass correlation of .5 by construction; by chance, groups of two share nothing."""
    random = np.random.default_rng(0)
    codes = np.repeat(np.arange(1000), 5)
    values = pd.Series(random.normal(size=1000)[codes] + random.normal(size=5000))
    assert groups._likeness(values, codes) == pytest.approx(0.5, abs=0.05)
    assert groups._likeness(pd.Series(random.normal(size=2000)), np.repeat(np.arange(1000), 2)) < 0.08
    assert groups._likeness(pd.Series(codes % 7).astype(str), codes) == 1


def test_reading_a_table_measures_it_and_another_target_asks_again(tmp_path):
    context = Context(Workspace(tmp_path / "home"), "ada", "job", tmp_path / "run")
    dataset = new_id()
    pasted = visits().to_csv(index=False)
    jobs.read({"dataset": dataset, "name": "visits", "paste": pasted, "target": "sick"}, context)
    folder = context.workspace.dataset_folder(dataset)
    report = read_model(Report, folder / "report.json")
    assert [(one.column, one.clear) for one in report.groupings] == [("patient_id", True)]
    assert report.findings[0].code == "grouping"
    overrides.set_target(folder, "hr")
    again = read_model(Report, folder / "report.json")
    assert [(one.column, one.new_score) for one in again.groupings] == [("patient_id", None)]
    assert len([finding for finding in again.findings if finding.code == "grouping"]) == 1
    jobs.group({"dataset": dataset}, context)
    assert read_model(Report, folder / "report.json").groupings[0].measure == "r2"


def read_in(tmp_path, table: pd.DataFrame, target: str | None):
    """A table read as the job does it.  →  its folder, its id, the job's context"""
    context = Context(Workspace(tmp_path / "home"), "ada", "job", tmp_path / "run")
    dataset = new_id()
    pasted = {"dataset": dataset, "name": "table", "paste": table.to_csv(index=False), "target": target}
    jobs.read(pasted, context)
    return context.workspace.dataset_folder(dataset), dataset, context


def groupings(folder) -> list:
    return read_model(Report, folder / "report.json").groupings


def told_visits() -> pd.DataFrame:
    """Each visit with a text of its own, a day, and a second id that the first goes with."""
    random = np.random.default_rng(3)
    table = visits()
    table["note"] = [" ".join(f"word{number}" for number in random.integers(0, 500, 12)) for _row in table.index]
    table["day"] = [f"2024-{month:02}-{day:02}" for month, day in random.integers(1, 13, (len(table), 2))]
    return table


def test_a_role_that_decides_nothing_starts_no_search_and_keeps_the_scores(tmp_path, monkeypatch):
    folder, _dataset, _context = read_in(tmp_path, told_visits(), "sick")
    (before,) = groupings(folder)
    assert before.new_score is not None
    monkeypatch.setattr(groups, "find_in_file", lambda *_: pytest.fail("the whole file was searched"))
    overrides.change(folder, "note", "ignored")
    overrides.change(folder, "note", "text")
    overrides.set_target(folder, "sick")
    overrides.set_task(folder, "binary")
    assert groupings(folder) == [before]
    overrides.change(folder, "day", "ignored")  # the forest learned from it
    assert [(one.column, one.new_score) for one in groupings(folder)] == [("patient_id", None)]


def test_another_task_or_fewer_columns_drop_the_scores_of_what_they_were_measured_by(tmp_path):
    folder, dataset, context = read_in(tmp_path, visits(), "sick")
    known = groupings(folder)[0].known_score
    overrides.change(folder, "patient_id", "category")  # its own role is no part of its scores
    assert groupings(folder)[0].known_score == known
    overrides.change(folder, "visit", "ignored")
    assert groupings(folder)[0].known_score is None
    jobs.group({"dataset": dataset}, context)
    assert groupings(folder)[0].known_score is not None
    overrides.set_task(folder, "multiclass")
    assert groupings(folder)[0].known_score is None


def spoil(path, column: str) -> None:
    """Make a column of a Parquet file unreadable."""
    metadata = pq.ParquetFile(path).metadata
    raw = bytearray(path.read_bytes())
    for number in range(metadata.num_row_groups):
        chunk = metadata.row_group(number).column(metadata.schema.names.index(column))
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        raw[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize("role", ["text", "ignored"])
def test_texts_are_not_read_to_find_groups_or_to_score_them(role, tmp_path):
    folder, dataset, context = read_in(tmp_path, told_visits(), "sick")
    overrides.change(folder, "note", role)
    schema = read_model(Schema, folder / "schema.json")
    spoil(folder / "table.parquet", "note")
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(folder / "table.parquet")
    assert [one.column for one in groups.find_in_file(folder / "table.parquet", schema)] == ["patient_id"]
    jobs.group({"dataset": dataset}, context)
    assert groupings(folder)[0].new_score is not None


def test_what_cannot_be_scored_was_tried_once(tmp_path):
    table = told_visits()[["patient_id", "note", "sick"]].assign(
        sick=lambda one: one["patient_id"].str[-1].isin(list("12345"))
    )
    folder, dataset, context = read_in(tmp_path, table, "sick")
    (one,) = groupings(folder)
    assert (one.column, one.new_score, one.tried) == ("patient_id", None, True)
    assert not groups.to_measure([one])
    overrides.set_target(folder, None)
    overrides.set_target(folder, "sick")
    (one,) = groupings(folder)
    assert groups.to_measure([one])
    jobs.group({"dataset": dataset}, context)
    assert not groups.to_measure(groupings(folder))


def test_only_those_that_a_job_measures_are_waited_for():
    known = Grouping(column="a", n_values=20, rows_each=5, likeness=0.9, known_score=0.9, new_score=0.8)
    unknown = known.model_copy(update={"column": "d", "known_score": None, "new_score": None})
    assert not groups.to_measure([known] * 3 + [unknown])
    assert groups.to_measure([known] * 2 + [unknown])


def test_of_a_long_table_whole_groups_are_looked_at(tmp_path):
    """Evenly spread rows would leave one row of each value."""
    table = visits(6000, 5)
    schema = schema_of(table, "sick", tmp_path)
    (one,) = groups.find_in_file(tmp_path / "table.parquet", schema)
    assert (one.column, one.n_values, one.rows_each) == ("patient_id", 6000, 5.0)
    assert one.likeness > 0.9
