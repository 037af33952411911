"""Different values with their counts, tidied as a person reads them."""

import pyarrow as pa

from core.data.values.counted import RAISED, Counted, groups, tidied


def test_values_are_counted_without_what_means_nothing():
    counted = Counted.of(pa.chunked_array([["a", " a ", "NA", None], ["b", "", "a"]]))
    assert dict(zip(counted.values.to_pylist(), counted.counts.tolist(), strict=True)) == {"a": 3, "b": 1}
    assert counted.total == 4
    assert counted.share(counted.matches("^a$")) == 0.75


def test_words_for_no_value_are_told_by_the_column():
    counted = Counted.of(pa.array(["Unrated", "5", "-"]))
    assert counted.stands_for_nothing.tolist() == [True, False, True]
    assert counted.where(~counted.stands_for_nothing).values.to_pylist() == ["5"]


def test_signs_as_on_a_keyboard_and_footnotes_apart():
    assert tidied(pa.array(["１２％", "5 000", "−3", "9㎡", "12¹"])).to_pylist() == [
        "12%",
        "5 000",
        "-3",
        "9m2",
        f"12{RAISED}",
    ]


def test_groups_of_a_pattern_that_does_not_match_are_missing():
    found = groups(pa.array(["a1", "b", "a"]), r"^a(?P<digit>\d?)$")
    assert found["digit"].to_pylist() == ["1", None, ""]


def test_digits_of_other_scripts_are_read():
    assert tidied(pa.array(["٣٫٥", "۱۲", "१२", "٪١٢", "١٬٢٣٤"])).to_pylist() == ["3.5", "12", "12", "%12", "1'234"]


def test_few_values_stand_for_many():
    counted = Counted.of(pa.array([str(place) for place in range(10_000)]))
    assert 500 < len(counted.few().values) < 2000
    assert counted.few().few().total == counted.few().total
