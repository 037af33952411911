"""Leaks, planted one kind at a time, and honest columns that only look like one."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn import datasets

from core.data.roles import columns, leakage
from core.data.targets import target
from tests.data.failures import machine


@pytest.fixture
def dice():
    return np.random.default_rng(0)


def signs(frame: pd.DataFrame, target_name: str) -> dict[str, leakage.Sign]:
    sample = pa.Table.from_pandas(frame, preserve_index=False)
    task = target.guess_task(frame[target_name])
    return leakage.find(sample, target_name, task, [name for name in frame if name != target_name])


def leaking(frame: pd.DataFrame, target_name: str) -> set[str]:
    return {name for name, sign in signs(frame, target_name).items() if sign.certain}


def suspicious(frame: pd.DataFrame, target_name: str) -> set[str]:
    return {name for name, sign in signs(frame, target_name).items() if not sign.certain}


# Leaks


def test_a_flag_of_a_rare_class_is_a_leak(dice):
    frame = machine(dice)
    assert leaking(frame, "failed") == {"cause_a", "cause_b"}
    said = str(signs(frame, "failed")["cause_a"].reason)
    assert said.startswith("“cause_a” is 1 only where “failed” is 1")
    assert said.endswith("It would be known only after the answer.")


def test_leaks_are_found_within_a_second(dice):
    frame = machine(dice)
    for extra in range(7):
        frame[f"extra_{extra}"] = dice.normal(size=len(frame))
    begun = time.perf_counter()
    leaking(frame, "failed")
    assert time.perf_counter() - begun < 1


def test_a_number_of_many_classes_is_judged_within_a_second(dice):
    frame = pd.DataFrame(dice.normal(size=(20_000, 5)), columns=list("abcde"))
    frame["y"] = dice.integers(0, 150, 20_000).astype(str)
    begun = time.perf_counter()
    assert leaking(frame, "y") == set()
    assert time.perf_counter() - begun < 1


def test_a_renamed_class_is_a_leak(dice):
    label = dice.choice(["good", "bad", "fair"], 500)
    stars = pd.Series(label).map({"good": 5, "bad": 1, "fair": 3})
    assert leaking(pd.DataFrame({"stars": stars, "label": label}), "label") == {"stars"}


@pytest.mark.parametrize(("share", "found"), [(0.02, {"again"}), (0.12, set())])
def test_a_copy_with_a_few_mistakes_is_a_leak_and_a_good_guess_is_not(dice, share, found):
    label = pd.Series(dice.choice(["a", "b", "c"], 900))
    other = dice.permutation(label)
    assert leaking(pd.DataFrame({"again": label.where(dice.random(900) > share, other), "y": label}), "y") == found


def test_a_code_with_a_little_noise_is_a_leak(dice):
    label = dice.integers(0, 3, 90)
    frame = pd.DataFrame(
        {"signal": label + dice.normal(0, 0.02, 90), "y": pd.Series(label).map({0: "a", 1: "b", 2: "c"})}
    )
    assert leaking(frame, "y") == {"signal"}


def test_a_number_that_the_target_was_cut_from_is_a_leak(dice):
    late = dice.random(3000) < 0.1
    days = np.where(late, dice.uniform(30, 90, 3000), dice.uniform(0, 29, 3000))
    assert leaking(pd.DataFrame({"days": days, "late": late.astype(int)}), "late") == {"days"}


@pytest.mark.parametrize("values", ["date", "word", "amount"])
def test_what_is_filled_in_for_one_class_only_is_a_leak(dice, values):
    gone = dice.random(600) < 0.3
    filled = {
        "date": pd.Series(pd.date_range("2024-01-01", periods=600)).where(gone),
        "word": pd.Series(dice.choice(["price", "moved", "other"], 600)).where(gone),
        "amount": np.where(gone, dice.gamma(2, 30, 600), 0.0),
    }[values]
    frame = pd.DataFrame({"extra": filled, "x": dice.normal(size=600), "gone": np.where(gone, "yes", "no")})
    assert leaking(frame, "gone") == {"extra"}
    assert "“extra” is filled in only where “gone” is yes" in str(signs(frame, "gone")["extra"].reason)


def test_ids_of_rows_sorted_by_the_answer_are_left_out(tmp_path, dice):
    label = np.sort(dice.choice(["a", "b", "c"], 400))
    numbers = np.cumsum(dice.integers(1, 4, 400))
    frame = pd.DataFrame({"record_no": numbers, "plain": numbers * 7, "x": dice.normal(size=400), "y": label})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet")
    schema = columns.guess(tmp_path / "a.parquet", "y")
    assert {column.name: column.code for column in schema.columns if column.role in ("id", "ignored")} == {
        "record_no": "id",
        "plain": "leak",
    }


@pytest.mark.parametrize("name", ["with tax", "in feet", "log", "noisy", "rounded"])
def test_a_number_that_is_the_target_in_other_clothes_is_a_leak(dice, name):
    price = dice.gamma(3, 80, 800)
    copy = {
        "with tax": price * 1.19,
        "in feet": 500 - price * 3.28084,
        "log": np.log(price).round(5),
        "noisy": price + dice.normal(0, 0.02 * price.std(), 800),
        "rounded": (price / (price.std() / 15)).round(),
    }[name]
    frame = pd.DataFrame({name: copy, "size": price + dice.normal(0, 0.1 * price.std(), 800), "price": price})
    assert leaking(frame, "price") == {name}


@pytest.mark.parametrize("unit", [1e-250, 1e250])
def test_the_unit_of_a_number_does_not_matter(dice, unit):
    price = dice.uniform(10, 500, 300)
    frame = pd.DataFrame({"copy": price * unit, "x": dice.normal(size=300) * unit, "price": price * unit})
    assert leaking(frame, "price") == {"copy"}


# Honest columns


def test_a_strong_predictor_is_no_leak(dice):
    n = 2000
    sex = dice.choice(["male", "female"], n)
    survived = np.where(sex == "female", dice.random(n) < 0.75, dice.random(n) < 0.19).astype(int)
    score = survived * 2 + dice.normal(size=n)
    assert signs(pd.DataFrame({"sex": sex, "score": score, "survived": survived}), "survived") == {}


def test_noise_is_no_leak(dice):
    n = 1000
    frame = pd.DataFrame({f"c{k}": dice.integers(0, 40, n).astype(str) for k in range(20)})
    frame["y"] = dice.choice(["a", "b", "c"], n)
    assert signs(frame, "y") == {}


def test_a_smell_that_is_pure_for_poison_is_only_suspicious(dice):
    bad = dice.random(2000) < 0.48
    smell = np.where(bad & (dice.random(2000) < 0.95), dice.choice(["foul", "spicy"], 2000), "none")
    frame = pd.DataFrame({"odor": smell, "class": np.where(bad, "poisonous", "edible")})
    assert (leaking(frame, "class"), suspicious(frame, "class")) == (set(), {"odor"})
    said = str(signs(frame, "class")["odor"].reason)
    assert said.endswith("Leave it out if it would be known only after the answer.")


def test_milk_tells_mammals_and_no_other_class(dice):
    kind = dice.choice(["mammal", "bird", "fish"], 200, p=[0.4, 0.3, 0.3])
    frame = pd.DataFrame({"milk": (kind == "mammal").astype(int), "type": kind})
    assert (leaking(frame, "type"), suspicious(frame, "type")) == (set(), {"milk"})


def test_petals_that_are_pure_for_one_iris_are_only_suspicious():
    iris = datasets.load_iris(as_frame=True)
    frame = iris.frame.assign(target=iris.target_names[iris.target])
    assert leaking(frame, "target") == set()
    assert "petal width (cm)" in suspicious(frame, "target")


def test_a_region_that_settles_a_class_is_only_suspicious_but_a_reason_is_a_leak(dice):
    """Several values a class: a town lies in one country, which is known before; a reason is not."""
    town = dice.integers(0, 6, 600)
    frame = pd.DataFrame({"town": town, "closing_reason": town, "country": np.where(town < 3, "IT", "FR")})
    frame[["town", "closing_reason"]] = frame[["town", "closing_reason"]].astype(str)
    assert (leaking(frame, "country"), suspicious(frame, "country")) == ({"closing_reason"}, {"town"})


def test_series_that_grow_together_are_honest(dice):
    gdp = np.cumsum(dice.gamma(4, 20, 200)) + 2000
    spent = np.cumsum(dice.gamma(4, 14, 200)) + 1400
    frame = pd.DataFrame({"year": np.arange(200.0), "spent": spent, "in_euro": gdp * 0.92, "gdp": gdp})
    assert leaking(frame, "gdp") == {"in_euro"}


def test_an_area_that_nearly_gives_the_price_is_honest(dice):
    """Two and a half percent of the spread is what the other columns explain."""
    area, rooms = dice.uniform(1000, 4000, 300), dice.integers(1, 6, 300)
    price = 2 * area + rooms * 30 + dice.normal(0, 35, 300)
    assert leaking(pd.DataFrame({"area": area, "rooms": rooms, "price": price}), "price") == set()


def test_a_country_with_one_figure_is_only_suspicious(dice):
    country = dice.integers(0, 20, 300)
    frame = pd.DataFrame({"country": [f"land {one}" for one in country], "gdp": dice.normal(size=20)[country]})
    assert (leaking(frame, "gdp"), suspicious(frame, "gdp")) == (set(), {"country"})


def test_classes_of_a_row_each_prove_nothing():
    frame = pd.DataFrame({"town": [f"t{n}" for n in range(60)], "y": [f"c{n}" for n in range(60)]})
    assert leaking(frame, "y") == set()


@pytest.mark.parametrize("n", [0, 5, 29])
def test_of_few_rows_nothing_is_said(dice, n):
    label = dice.choice(["a", "b"], n)
    assert signs(pd.DataFrame({"copy": label, "y": label}), "y") == {}


def test_a_suspicious_column_takes_part_and_is_marked(tmp_path, dice):
    kind = dice.choice(["mammal", "bird", "fish"], 200)
    frame = pd.DataFrame({"milk": (kind == "mammal").astype(int), "size": dice.normal(size=200), "type": kind})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet")
    milk = columns.guess(tmp_path / "a.parquet", "type").column("milk")
    assert (milk.role, milk.guessed, milk.code) == ("category", "category", "suspicious")
