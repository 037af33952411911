"""Small messy tables like those people have: rows, roles and answers are what a person reads in them.

They lie beside the real tables: AMALGAM_TRIAL_DATA names that folder, `cases` is the one beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.bundles import bundle
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions

CASES = Path(os.environ.get("AMALGAM_TRIAL_DATA", "")).parent / "cases"
pytestmark = pytest.mark.skipif(
    not os.environ.get("AMALGAM_TRIAL_DATA"), reason="AMALGAM_TRIAL_DATA names no folder with the real tables"
)
OUT = "id ignored"  # of an address, a name, a constant: either way it takes no part
# file → rows, target, and the role of each column
EXPECTED: dict[str, tuple[int, str | None, dict[str, str]]] = {
    "01-loans-percent-dollar.csv": (300, "loan_status", {
        "loan_amnt": "number", "int_rate": "number", "annual_inc": "number", "term": "number category",
        "emp_length": "category", "grade": "category", "loan_status": "target",
    }),
    "03-qualtrics.csv": (200, None, {
        "StartDate": "date", "EndDate": "date", "Status": OUT, "IPAddress": OUT, "Progress": OUT,
        "Duration (in seconds)": "number", "Finished": OUT, "ResponseId": OUT, "Q1": "number category",
        "Q2": "category target", "Q3_TEXT": "text",
    }),
    "05-dayfirst-train.csv": (300, "answer", {"visit_date": "date", "guests": "number", "answer": "target"}),
    "08-semicolon-eu.csv": (300, "Umsatz", {
        "Menge": "number", "Temperatur": "number", "Rabatt": "number", "Umsatz": "target",
    }),
    "09-stars-unrated.csv": (300, "stars", {"flavour": "category", "brand": "category", "stars": "target"}),
    "10-apps-dates.csv": (300, "Rating", {
        "Size": "number", "Installs": "number", "Price": "number", "Last Updated": "date", "Updated US": "date",
        "Updated DE": "date", "Month": "date", "YM": "date", "Compact": "date", "ISOtz": "date", "clock": "number",
        "ampm": "date", "epoch": "date", "Quarter": "date", "Rating": "target",
    }),
    "13-google-form.csv": (220, "Would you recommend us to a friend?", {
        "Timestamp": "date",
        "How satisfied are you with your manager? [1 = not at all, 5 = very much]": "number category",
        "Which of these do you use? (tick all that apply)": "category",
        "How many years have you worked here?": "category", "What would you improve?": "text category",
        "Would you recommend us to a friend?": "target",
    }),
    "14-merged-header.xlsx": (150, "Order / Returned", {
        "Region": "category", "Customer / Name": "category", "Customer / Segment": "category",
        "Order / Date": "date", "Order / Amount": "number", "Order / Returned": "target",
    }),
    "16-patients-groups.csv": (400, "sick", {
        "patient_id": OUT, "visit": "number", "hr": "number", "bp": "number", "sick": "target",
    }),
    "18-views-skewed.csv": (300, "views", {"pages": "number", "lang": "category", "views": "target"}),
    "19-units-mixed.csv": (300, "label", {
        "active": "category", "flag": "category", "bit": "category", "height": "number", "weight": "number",
        "ram": "number category", "mixed": "number", "neg_paren": "number", "sci": "number", "empty": OUT,
        "label": "target",
    }),
    "21-grouped-train.csv": (300, "price", {"area": "number", "rooms": "number", "price": "target"}),
    "22-comma-train.csv": (300, "ok", {"wert": "number", "ok": "target", "art": "category"}),
    "24-sensor-log.csv": (400, "load_next", {
        "timestamp": "date", "sensor_id": "number category", "temp": "number", "status": "category",
        "load_next": "target",
    }),
    "25-label-variants.csv": (300, "Severity", {"x": "number", "y": "number", "Severity": "target"}),
    "26-trailing-total.csv": (120, "Returned", {
        "Item": "text category id", "Qty": "number", "Cat": "category", "Returned": "target",
    }),
    "28-german-short-reviews.csv": (240, "Urteil", {"Bewertung": "text", "Urteil": "target"}),
}  # fmt: skip


def read(name: str, folder: Path, **options: object):
    reading = read_files([CASES / name], ReadOptions(**options), folder)
    return reading, pq.read_table(folder / "table.parquet").to_pandas()


@pytest.mark.parametrize("name", EXPECTED)
def test_rows_and_roles(tmp_path, name):
    n_rows, target, expected = EXPECTED[name]
    reading, _frame = read(name, tmp_path)
    schema = columns.guess(tmp_path / "table.parquet", target)
    found = {column.name: column.role for column in schema.columns if column.name in expected}
    assert reading.n_rows == n_rows
    assert {name: role for name, role in found.items() if role not in expected[name].split()} == {}
    assert set(expected) <= {column.name for column in schema.columns}


def test_a_bank_statement_with_a_preamble(tmp_path):
    reading, frame = read("02-bank-de-preamble.csv", tmp_path)
    assert list(frame.columns[:5]) == [
        "Buchungstag",
        "Wertstellung",
        "Buchungstext",
        "Verwendungszweck",
        "Betrag (EUR)",
    ]
    assert str(frame["Buchungstag"].dtype).startswith("datetime")
    assert frame["Betrag (EUR)"].dtype == float
    assert -12.91 in frame["Betrag (EUR)"].to_numpy()
    assert any("Grüße" in text for text in frame["Verwendungszweck"])
    assert reading.n_rows == len(frame) == 240


def test_the_answers_to_a_google_form(tmp_path):
    reading, frame = read("13-google-form.csv", tmp_path)
    when, satisfied, uses, years, improve, recommend = frame.columns
    kinds = [reading.layouts[name].kind for name in frame.columns]
    assert kinds == ["date", "number", "list", "ordered", "text", "text"]
    assert [str(one) for one in frame[when][:2]] == ["2024-03-12 22:46:58", "2024-06-23 09:41:57"]
    assert frame[satisfied].value_counts().to_dict() == {5: 53, 2: 49, 3: 47, 4: 45, 1: 26}
    assert reading.layouts[uses].separator == ","
    assert sum("Wiki" in [item.strip() for item in cell.split(",")] for cell in frame[uses]) == wikis()
    assert reading.layouts[years].levels == ["less than 1", "1", "2", "2 years", "3", "5", "ten", "10+"]
    assert (frame[improve] == "more pay").sum() == 34
    assert (frame[improve] == "None").sum() == 36, "somebody who would improve nothing has answered"
    assert frame[recommend].value_counts().to_dict() == {"Yes": 119, "Maybe": 51, "No": 50}
    assert frame.notna().all().all()


def wikis() -> int:
    """Answers of the form that name the wiki, counted in its lines of text."""
    return sum("Wiki" in line for line in (CASES / "13-google-form.csv").read_text("utf-8").splitlines())


def test_a_sheet_with_merged_headers_regions_that_stand_once_and_a_total(tmp_path):
    _reading, frame = read("14-merged-header.xlsx", tmp_path)
    assert list(frame.columns) == [
        "Region", "Customer / Name", "Customer / Segment", "Order / Date", "Order / Amount", "Order / Returned",
    ]  # fmt: skip
    assert list(frame.iloc[0]) == ["South", "Client 58", "SMB", pd.Timestamp("2023-08-05"), 499.48, "N"]
    assert list(frame["Region"][:6]) == ["South"] * 5 + ["North"], "each stands for the rows below it"
    assert list(frame.iloc[-1]) == ["South", "Client 12", "SMB", pd.Timestamp("2023-03-18"), 203.31, "N"]
    assert frame["Order / Amount"].sum() == pytest.approx(69158.04), "the sheet's own total"
    assert frame["Order / Returned"].value_counts().to_dict() == {"N": 104, "Y": 46}
    assert frame.notna().all().all()


@pytest.mark.parametrize(
    ("trained", "new", "column", "expected"),
    [
        ("05-dayfirst-train.csv", "05-dayfirst-new.csv", "visit_date", [
            "2022-01-07", "2022-02-08", "2022-07-01", "2022-08-02", "2022-12-06", "2022-06-12",
        ]),
        ("21-grouped-train.csv", "21-grouped-new.csv", "area", [1250, 3900]),
        ("22-comma-train.csv", "22-comma-new.csv", "wert", [1.25, 8.375, 7.125]),
    ],
)  # fmt: skip
def test_new_files_are_read_by_the_layout_that_was_trained_on(tmp_path, trained, new, column, expected):
    reading, _frame = read(trained, tmp_path / "a")
    _reading, frame = read(new, tmp_path / "b", layouts=reading.layouts, refuse=True)
    found = [str(value.date()) if hasattr(value, "date") else value for value in frame[column]]
    assert found == expected


def loans() -> tuple[pd.DataFrame, pd.Series]:
    raw = pd.read_csv(CASES / "01-loans-percent-dollar.csv", keep_default_na=False)
    money = raw[["loan_amnt", "annual_inc"]].apply(lambda one: one.str.replace(r"[$,]", "", regex=True).astype(float))
    level = raw["emp_length"].map({"< 1 year": 0, "1 year": 1 / 3, "2 years": 2 / 3, "10+ years": 1}).fillna(0.5)
    return pd.DataFrame({
        "loan_amnt": money["loan_amnt"], "int_rate": raw["int_rate"].str.rstrip("%").astype(float),
        "annual_inc": money["annual_inc"], "term": raw["term"].str.strip(), "emp_length": raw["emp_length"],
        "grade": raw["grade"], "level": level,
        "grade_level": raw["grade"].map({one: place / 6 for place, one in enumerate("GFEDCBA")}),
    }), raw["loan_status"]  # fmt: skip


def sales() -> tuple[pd.DataFrame, pd.Series]:
    raw = pd.read_csv(CASES / "08-semicolon-eu.csv", sep=";", decimal=",", thousands=".")
    raw["Rabatt"] = raw["Rabatt"].str.rstrip("%").astype(float)
    return raw[["Menge", "Temperatur", "Rabatt"]], raw["Umsatz"]


def houses() -> tuple[pd.DataFrame, pd.Series]:
    raw = pd.read_csv(CASES / "21-grouped-train.csv", thousands=",")
    return raw[["area", "rooms"]], raw["price"]


@pytest.mark.parametrize(
    ("name", "target", "make", "model", "numbers", "words", "plain"),
    [
        ("01-loans-percent-dollar.csv", "loan_status", loans, LogisticRegression(max_iter=2000),
         ["loan_amnt", "int_rate", "annual_inc"], ["term", "emp_length", "grade"], ["level", "grade_level"]),
        ("08-semicolon-eu.csv", "Umsatz", sales, Ridge(alpha=10), ["Menge", "Temperatur", "Rabatt"], [], []),
        ("21-grouped-train.csv", "price", houses, Ridge(alpha=10), ["area", "rooms"], [], []),
    ],
)  # fmt: skip
def test_an_independent_pipeline_gives_the_same_answers(tmp_path, name, target, make, model, numbers, words, plain):
    command = ["fit", CASES / name, "--target", target, "--candidate", "columns", "--out", tmp_path / "kept"]
    subprocess.run([sys.executable, "-m", "core", *map(str, command), "--quiet"], check=True, stdout=subprocess.PIPE)
    opened = bundle.load(tmp_path / "kept")
    _reading, frame = read(name, tmp_path / "read")
    X, y = make()
    makers = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(), words), ("passthrough", plain))
    independent = make_pipeline(makers, model).fit(X, y)
    ours = opened.predict(frame)
    if hasattr(model, "predict_proba"):
        found, expected = ours["probability_Fully Paid"], independent.predict_proba(X)[:, 1]
    else:
        found, expected = ours["prediction"], independent.predict(X)
    np.testing.assert_allclose(found.to_numpy(), expected, rtol=1e-6, atol=1e-6)


def test_percent_and_dollars_count(tmp_path):
    command = ["compare", CASES / "01-loans-percent-dollar.csv", "--target", "loan_status", "--json", "--quiet"]
    called = [sys.executable, "-m", "core", *map(str, command), "--candidates", "dummy,columns"]
    done = subprocess.run(called, stdout=subprocess.PIPE, check=True)
    scores = {one["name"]: one["scores"]["accuracy"]["mean"] for one in json.loads(done.stdout)["candidates"]}
    assert scores["columns"] >= 0.83
