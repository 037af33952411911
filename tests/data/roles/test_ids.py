"""Which columns are ids: evidence in values, never a name alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.roles import columns, ids

N = 200


@pytest.fixture
def dice():
    return np.random.default_rng(0)


def role(name: str, values: object) -> str:
    sample = pa.Table.from_pandas(pd.DataFrame({name: values}), preserve_index=False)
    return columns.guess_column(columns.look(sample, name)).role


@pytest.mark.parametrize(
    "name", ["heat index", "air_quality_index", "uv index", "hr", "code", "paid", "serial", "AMOUNT_PAID"]
)
@pytest.mark.parametrize("decimals", [0, 1])
def test_a_measurement_is_no_id_whatever_its_name(dice, name, decimals):
    assert role(name, dice.normal(80, 15, N).round(decimals)) in {"number", "category"}


@pytest.mark.parametrize("name", ["heat index", "hr", "population"])
def test_a_measurement_that_never_repeats_is_no_id(dice, name):
    assert role(name, dice.choice(10_000_000, 60, replace=False)) == "number"


@pytest.mark.parametrize("name", ["Unnamed: 0", "index", "x1", "Obs", "编号", "Schüler-Nr"])
@pytest.mark.parametrize("first", [0, 1, 500])
def test_what_counts_the_rows_is_an_id(name, first):
    assert role(name, np.arange(N) + first) == "id"


def test_an_index_that_starts_again_is_an_id(dice):
    assert role("index", np.tile(np.arange(50), 4)) == "id"
    assert role("index", dice.integers(80, 120, N)) == "number"


def test_the_index_of_shuffled_rows_is_an_id(dice):
    assert role("Unnamed: 0", dice.permutation(N)) == "id"


@pytest.mark.parametrize("name", ["year", "Jahr", "FISCAL", "t", "week", "time_step", "建成年份", "ordinal_date"])
def test_years_and_steps_are_no_ids(name):
    assert role(name, np.arange(1900, 1900 + 60)) == "number"


def test_steps_that_count_from_zero_are_no_ids_by_their_name():
    assert role("t", np.arange(N)) == role("Time (s)", np.arange(N)) == "number"


@pytest.mark.parametrize("name", ["customer_id", "customerID", "RESPID", "pidnum", "id_объявления", "userid"])
def test_numbers_that_never_repeat_are_ids_if_their_name_says_so(dice, name):
    assert role(name, dice.choice(90_000, N, replace=False)) == "id"


@pytest.mark.parametrize("name", ["EmployeeNumber", "order no", "docno", "record"])
def test_a_name_that_may_say_so_needs_values_that_show_it(dice, name):
    assert role(name, dice.choice(3000, N, replace=False)) == "id"  # drawn at random, some would have come twice
    assert role(name, dice.integers(1, 3000, N)) == "number"


@pytest.mark.parametrize(
    "name", ["patient_id", "sensor_id", "zip_code", "code postal", "店舗コード", "subject", "SITEID"]
)
def test_numbers_that_tell_groups_apart_are_categories(dice, name):
    assert role(name, dice.choice([101, 102, 205, 11_301], N)) == "category"


def test_numbers_of_one_width_under_a_name_like_no_are_categories(dice):
    agents = dice.choice([224_466, 118_201, 551_020], N)
    assert (role("Agent No", agents), role("visitors", agents)) == ("category", "number")
    assert role("Agent No", dice.integers(80, 3000, N)) == "number"


def test_ids_that_excel_rounded_are_ids(dice):
    assert role("tweet_id", dice.integers(0, 60, N) * 1e12 + 5.7e17) == "id"


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"T-{n * 7 + 1000}",
        lambda n: f"#{1001 + n}",
        lambda n: f"{n * 7919:032x}",
        lambda n: f"2023-{n + 123456}",
        lambda n: f"activities/{n + 7}.fit.gz",
        lambda n: f"10.0.{n}.7",
        lambda n: f"{n:05d}",
        lambda n: f"a{n}@example.org",
    ],
    ids=["ticket", "order", "hex", "case", "file", "address", "zeros", "mail"],
)
def test_codes_that_never_repeat_are_ids(make):
    assert role("x", [make(n) for n in range(N)]) == "id"


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"${n * 13 + 1000:,}.50",
        lambda n: f"{n / 7:.2f}%",
        lambda n: f"{n / 3 + 40:.1f}kg",
        lambda n: f"{n // 60:02d}:{n % 60:02d}",
        lambda n: f"{n % 28 + 1}.{n // 28 + 1}.2021",
        lambda n: f"{1900 + n}-07",
        lambda n: f"{n + 100},{n % 9}",
    ],
    ids=["money", "percent", "weight", "clock", "day", "month", "comma"],
)
def test_amounts_times_and_dates_that_never_repeat_are_no_ids(make):
    assert role("x", [make(n) for n in range(N)]) != "id"


@pytest.mark.parametrize(
    "text",
    [
        "等了{}个小时，实在送的太久了，味道还行。",
        "รออาหารนาน {}ชั่วโมงและอาหารเย็นแล้วไม่อร่อยเลย",
        "{}時間待ちましたが料理は冷めていました",
    ],
)
def test_sentences_without_blanks_are_no_ids(text):
    assert role("review", [text.format(row) for row in range(N)]) == "text"


@pytest.mark.parametrize("text", ["京A{:05}", "客户编号{:04}"])
def test_codes_with_a_few_characters_before_them_are_ids(text):
    assert role("客户", [text.format(row) for row in range(N)]) == "id"


def test_a_code_that_repeats_is_no_id(dice):
    assert role("patient_id", [f"P{n:03d}" for n in np.repeat(np.arange(50), 4)]) == "category"


def test_one_word_a_row_names_the_row():
    states = [f"{a}{b}land" for a in "NSWEO" for b in "aeiou"]
    assert role("state", states) == "id"
    assert role("state", states * 2) == "category"


@given(st.text(max_size=30))
def test_no_name_makes_an_id_of_a_measurement(name):
    values = np.random.default_rng(0).normal(20, 5, 80).round(1)
    sample = pa.table({name: values})
    assert columns.guess_column(columns.look(sample, name)).role == "number"


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=40), st.sampled_from(["id", "code", "index", "x"]))
def test_any_whole_numbers_have_a_role(values, name):
    assert role(name, values) in {"id", "number", "category", "ignored"}


def test_words_of_a_name():
    assert ids.words_of("customerID") == ["customer", "id"]
    assert ids.words_of("Zip/Postal code 2") == ["zip", "postal", "code"]
    assert ids.words_of("'OBS'") == ["obs"]


def test_a_word_and_a_number_of_its_own_in_every_row_is_an_id():
    assert role("plant", [f"Nordwind {n}" for n in range(40)]) == "id"
    assert role("who", [f"{['Patient', 'Control'][n % 2]} {n:03}" for n in range(40)]) == "id"
    assert role("turbine", [f"Süd-West Park #{n}" for n in range(40)]) == "id"


def test_words_and_numbers_that_repeat_or_say_more_are_none():
    assert role("plant", [f"Nordwind {n % 7}" for n in range(40)]) != "id"
    assert not ids.are_numbered(pd.Series([f"Week {n}" for n in range(40)]), 1.0)
    notes = ["see you at lunch", "win a free prize", "the report is here"]
    assert not ids.are_numbered(pd.Series([f"{notes[n % 3]} {n}" for n in range(40)]), 1.0)
    towns = ["Ulm", "Bonn", "Köln", "Trier", "Essen", "Jena", "Gera", "Hof", "Kiel", "Lahr"]
    roads = ["Am Markt", "Ring", "Allee", "Weg"]
    assert not ids.are_numbered(pd.Series([f"{towns[n % 10]} {roads[n // 10]} {n}" for n in range(40)]), 1.0)
