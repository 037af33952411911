"""Roles of columns, leaks and targets on small tables whose answer is plain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.data import overrides, reading, samples
from core.data.profile import describe
from core.data.roles import columns
from core.data.roles.language_id import guess as language
from core.data.schema import ReadOptions, write_model
from core.data.targets import target
from core.messages import UnusableData
from tests.data.failures import machine

WORDS = ["train", "late", "again", "nobody", "desk", "could", "say", "why", "stood", "there", "an", "hour"]


@pytest.fixture
def dice():
    return np.random.default_rng(0)


def as_set(folder, frame: pd.DataFrame, target_name: str | None = None):
    frame.to_csv(folder / "a.csv", index=False)
    reading.read_files([folder / "a.csv"], ReadOptions(), folder)
    schema = columns.guess(folder / "table.parquet", target_name)
    write_model(schema, folder / "schema.json")
    write_model(describe(folder / "table.parquet", schema), folder / "report.json")
    return schema


def sentences(dice, n: int) -> list[str]:
    return [" ".join(dice.choice(WORDS, 9)) for _row in range(n)]


def test_every_role_is_recognised(tmp_path, dice):
    n = 200
    frame = pd.DataFrame(
        {
            "ticket_id": [f"T-{place * 7 + 1000}" for place in range(n)],
            "row": np.arange(n),
            "message": sentences(dice, n),
            "plan": dice.choice(["free", "team"], n),
            "amount": dice.normal(size=n).round(3),
            "visits": dice.integers(0, 40, n),
            "opened": pd.date_range("2024-01-01", periods=n).strftime("%Y-%m-%d"),
            "zip": dice.choice(["01234", "99999", "00501"], n),
            "page": [f"https://example.org/{place}" for place in range(n)],
            "same": "x",
            "nothing": "",
            "rounded_id": (dice.integers(0, 60, n) * 1e12 + 5.7e17),
            "label": dice.choice(["good", "bad"], n),
        }
    )
    schema = as_set(tmp_path, frame)
    assert {column.name: column.role for column in schema.columns} == {
        "ticket_id": "id",
        "row": "id",
        "message": "text",
        "plan": "category",
        "amount": "number",
        "visits": "number",
        "opened": "date",
        "zip": "category",
        "page": "ignored",  # all of one site
        "same": "ignored",
        "nothing": "ignored",
        "rounded_id": "id",
        "label": "target",
    }
    assert schema.task == "binary"
    assert schema.column("same").code == "constant"
    assert schema.column("nothing").code == "empty"
    assert schema.column("message").language == "en"
    assert all(str(column.reason) for column in schema.columns)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["The weather is nice today and we go out.", "I have not seen it"], "en"),
        (["今天天气很好", "我们出去走走吧"], "zh"),
        (["Das Wetter ist heute schön und wir gehen aus", "nicht mit der Bahn"], "de"),
        (["今日はとても良い天気ですね", "でかけましょう"], "ja"),
        (["Сегодня хорошая погода"], "ru"),
        (["Toy Story", "Braund, Mr. Owen"], "en"),
        ([], ""),
    ],
)
def test_the_language_is_guessed(texts, expected):
    assert language(texts) == expected


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([None, None, None], "empty in every row"),
        (["a", "a", None], "same value in every row"),
        (["a|b", "b|c", "a|c", "a", "b|a|c"] * 5, "several labels"),
        ([f"sentence number {n} of many" for n in range(100)], "free text"),
        ([f"class {n}" for n in range(300)] * 3, "at most 200"),
        (pd.to_datetime(["2024-01-01", "2024-01-02"]), "dates"),
    ],
)
def test_what_cannot_be_a_target_is_refused(values, said):
    with pytest.raises(UnusableData, match=said):
        target.check_target(pd.Series(values), "y")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["3.5", "3.5", "low", "4"], "holds words such as “low”"),
        (["007", "012", "099"], "numbers in “y”, such as “007”, were read as text"),
        (["1,234", "2,345", " 12 "], "such as “1,234”, were read as text"),
        (["3.5", "4 %", "-1e5", "1'000"], "were read as text"),
        (["3.5.2024a", "3.5"], "holds words such as “3.5.2024a”"),
    ],
)
def test_a_number_is_never_called_a_word(values, said):
    with pytest.raises(UnusableData, match=said):
        target.check_target(pd.Series(values), "y", "regression")


def test_ratings_may_be_numbers_whatever_their_counts():
    ratings = pd.Series([1, 2, *[3, 4, 5, 6, 7, 8, 9, 10] * 9])
    assert target.check_target(ratings, "y") == "multiclass"
    assert target.check_target(ratings, "y", "regression") == "regression"


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b", None], "binary"),
        (["a", "b", "c"] * 9, "multiclass"),
        ([0, 1, 0, 1], "binary"),
        ([1, 2, 3, 4, 5] * 20, "multiclass"),
        (np.arange(100), "regression"),
        ([1.5, 2.5, 3.5], "regression"),
        (["Rome, Italy", "Oslo, Norway"] * 5, "binary"),
    ],
)
def test_the_task_follows_from_the_target(values, task):
    assert target.check_target(pd.Series(values), "y") == task


def test_choosing_another_target_looks_for_leaks_again_and_keeps_the_users_word(tmp_path, dice):
    frame = machine(dice, 3000)
    as_set(tmp_path, frame, "kind")
    overrides.change(tmp_path, "heat", "ignored")
    schema = overrides.set_target(tmp_path, "failed")
    assert schema.target == "failed"
    assert schema.task == "binary"
    assert schema.column("heat").role == "ignored"
    assert schema.column("kind").role == "category"
    assert schema.column("cause_b").code == "leak"
    kept = overrides.change(tmp_path, "cause_b", "category")
    assert kept.column("cause_b").role == "category"
    assert overrides.set_target(tmp_path, None).target is None


def test_findings_are_named(tmp_path, dice):
    frame = machine(dice, 3000)
    frame["same"] = 1
    frame["gaps"] = np.where(dice.random(3000) < 0.7, None, 3.5 * dice.random(3000))
    frame = pd.concat([frame, frame.head(5)])
    frame["failed"] = frame["failed"].astype(object)
    frame.iloc[:4, frame.columns.get_loc("failed")] = None
    as_set(tmp_path, frame, "failed")
    report = describe(tmp_path / "table.parquet", columns.guess(tmp_path / "table.parquet", "failed"))
    codes = {finding.code for finding in report.findings}
    assert {"constant", "gaps", "duplicates", "imbalance", "missing_target", "leak"} <= codes
    assert report.n_duplicate_rows == frame.duplicated().sum()


@pytest.mark.parametrize("sample", samples.SAMPLES, ids=lambda sample: sample.name)
def test_samples_are_understood(sample, tmp_path):
    reading.read_files([sample.path], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet")
    assert sample.path.stat().st_size < 300_000
    assert columns.guess(tmp_path / "table.parquet", sample.target).target == sample.target
    assert len(schema.names("text")) == 1
    assert schema.column(schema.names("text")[0]).language == ("zh" if sample.name == "meals_zh" else "en")


def test_the_ticket_sample_has_what_it_teaches(tmp_path):
    reading.read_files([samples.sample("tickets").path], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet", "priority")
    assert schema.column("on_call_paged").code == "leak"
    assert schema.column("ticket_id").role == "id"
    assert schema.column("region").code == "constant"
    report = describe(tmp_path / "table.parquet", schema)
    assert report.n_duplicate_rows >= 10
    assert any(finding.code == "missing_target" for finding in report.findings)


def test_a_last_column_of_few_values_is_taken_for_the_target(tmp_path, dice):
    frame = pd.DataFrame(
        {
            "Größe": dice.normal(size=60).round(2),
            "Werkstoff": dice.choice(["Stahl", "Holz", "Kupfer"], 60),
            "Zufrieden": dice.choice(["ja", "nein"], 60),
        }
    )
    assert as_set(tmp_path, frame).target == "Zufrieden"


@pytest.mark.parametrize("last", ["number", "many"])
def test_a_last_column_that_is_no_label_is_not(tmp_path, dice, last):
    values = dice.normal(size=60).round(2) if last == "number" else [f"place {n % 30}" for n in range(60)]
    frame = pd.DataFrame({"a": dice.normal(size=60), "b": dice.choice(["x", "y", "z"], 60), "end": values})
    assert as_set(tmp_path, frame).target is None


def test_a_column_that_is_left_out_remembers_what_it_looks_like(tmp_path, dice):
    n = 100
    rating = dice.integers(0, 5, n)
    frame = pd.DataFrame(
        {
            "row": np.arange(n),
            "customer_id": dice.choice(90_000, n, replace=False) + 10_000,
            "ticket": [f"T-{place * 7 + 1000}" for place in range(n)],
            "same": "x",
            "nothing": "",
            "echo": rating * 2.0,
            "amount": dice.normal(size=n).round(3),
            "rating": rating,
        }
    )
    schema = as_set(tmp_path, frame, "rating")
    left_out = {column.name: column.role_if_kept for column in schema.columns if column.role in {"id", "ignored"}}
    assert left_out == {
        "row": "number", "customer_id": "number", "ticket": "category", "same": "category", "nothing": "category",
        "echo": "number",
    }  # fmt: skip
    assert {column.name: column.kept_as for column in overrides.keep(tmp_path, "customer_id").columns}["amount"] is None
    changed = overrides.keep(tmp_path, "echo")
    assert {name: changed.column(name).role for name in ("customer_id", "echo", "row")} == {
        "customer_id": "number", "echo": "number", "row": "id",
    }  # fmt: skip


def test_a_schema_that_has_forgotten_is_looked_up_in_the_table(tmp_path, dice):
    frame = pd.DataFrame({"order_id": dice.choice(90_000, 60, replace=False), "words": sentences(dice, 60)})
    schema = as_set(tmp_path, frame)
    older = schema.model_copy(deep=True)
    for column in older.columns:
        column.kept_as = None
    assert older.column("order_id").role_if_kept == "category"
    assert columns.recalled(older, tmp_path / "table.parquet") == schema
    write_model(older, tmp_path / "schema.json")
    assert overrides.keep(tmp_path, "order_id").column("order_id").role == "number"


def fixed_sentences(n_different: int, n_rows: int) -> pa.Table:
    random = np.random.default_rng(0)
    texts = [
        f"The customer asked about matter {random.integers(10**6)} and was told to wait" for _one in range(n_different)
    ]
    return pa.table({"note": [texts[place] for place in random.integers(0, n_different, n_rows)]})


@pytest.mark.parametrize(
    ("n_different", "n_rows", "role"), [(30, 900, "category"), (30, 150, "text"), (400, 4000, "text")]
)
def test_a_few_fixed_sentences_over_many_rows_are_a_category(n_different, n_rows, role):
    found = columns.guess_column(columns.look(fixed_sentences(n_different, n_rows), "note"))
    assert found.role == role
    assert ("fixed texts" in str(found.reason)) == (role == "category")


def test_a_statement_of_mobile_money_is_read_as_a_person_reads_it(tmp_path, dice):
    """A Kenyan export: receipt codes, gaps, a counter name that is a quantity, fixed sentences that are no texts."""
    n = 150
    frame = pd.DataFrame(
        {
            "Receipt No.": ["R" + "".join(dice.choice(list("ABCDEFGH0123456789"), 8)) + "7" for _row in range(n)],
            "Completion Time": pd.date_range("2024-03-01", periods=n, freq="5h").strftime("%Y-%m-%d %H:%M:%S"),
            "Details": dice.choice(["Customer Transfer to 2547*****", "Pay Bill Charge", "Airtime Purchase"], n),
            "Transaction Status": "Completed",
            "Paid In": pd.Series(dice.integers(50, 9000, n)).where(dice.random(n) < 0.4, None),
            "Agent No": dice.choice([224_466, 118_201, 551_020], n),
            "Linked Transaction ID": [None] * n,
            "Balance": (dice.normal(8000, 900, n)).round(2),
            "Flagged": dice.choice(["no", "yes"], n, p=[0.8, 0.2]),
        }
    )
    schema = as_set(tmp_path, frame, "Flagged")
    assert {column.name: column.role for column in schema.columns if column.role != "target"} == {
        "Receipt No.": "id",
        "Completion Time": "date",
        "Details": "category",
        "Transaction Status": "ignored",
        "Paid In": "number",
        "Agent No": "category",
        "Linked Transaction ID": "ignored",
        "Balance": "number",
    }
    assert not [column.name for column in schema.columns if column.code in ("leak", "suspicious")]


def test_a_list_of_hikes_is_read_as_a_person_reads_it(tmp_path, dice):
    """A Polish table: its own words for number, year and duration, and names of which every row has another one."""
    n = 60
    walks = [f"{a}{b}" for a in ("Rysy", "Giewont", "Babia", "Turbacz", "Tarnica", "Sokolica") for b in "abcdefghij"]
    frame = pd.DataFrame(
        {
            "Lp.": np.arange(1, n + 1),
            "szczyt": dice.permutation(walks),
            "wysokość": dice.choice(2000, n, replace=False) + 500,
            "rok": dice.integers(1990, 2024, n),
            "index trudności": dice.choice(400, n, replace=False),
            "czas_h": dice.gamma(4, 1, n).round(2),
            "uwagi": [" ".join(dice.choice(WORDS, 8)) if dice.random() < 0.8 else None for _row in range(n)],
            "zdobyty": dice.choice(["tak", "nie"], n),
        }
    )
    found = {column.name: column.role for column in as_set(tmp_path, frame, "zdobyty").columns}
    assert found == {
        "Lp.": "id",
        "szczyt": "id",
        "wysokość": "number",
        "rok": "number",
        "index trudności": "number",
        "czas_h": "number",
        "uwagi": "text",
        "zdobyty": "target",
    }


@pytest.mark.parametrize("place", [0, 2])
def test_a_column_that_stands_several_times_is_no_likely_target(tmp_path, dice, place):
    tags = [dice.choice(["ui", "infra", ""], 60).tolist() for _times in range(3)]
    other = [["Summary", *sentences(dice, 60)], ["Points", *dice.integers(1, 9, 60).astype(str)]]
    rows = [list(row) for row in zip(*other[:place], *(["Labels", *tag] for tag in tags), *other[place:], strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)) + "\n")
    reading.read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path)
    assert columns.guess(tmp_path / "table.parquet").target is None


def test_a_column_of_lists_is_no_likely_target(tmp_path, dice):
    kinds = ["ui", "infra", "mail", "shop"]
    tags = ["|".join(dice.choice(kinds, dice.integers(1, 4), replace=False)) for _row in range(80)]
    frame = pd.DataFrame({"text": sentences(dice, 80), "points": dice.integers(1, 9, 80), "labels": tags})
    assert as_set(tmp_path, frame).target is None
