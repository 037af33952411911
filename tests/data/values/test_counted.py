"""Different values with their counts, tidied as a person reads them."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.values import counted as module
from core.data.values.counted import RAISED, Counted, counted_together, groups, tidied


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


CELLS = st.lists(st.sampled_from(["a", "a ", "A", "1", "１", "NA", "", "n/a", "2,5", None]), max_size=12)


@settings(deadline=None)
@given(columns=st.lists(CELLS, max_size=6), few=st.integers(0, 5), pooled=st.integers(1, 9))
def test_columns_counted_together_are_what_each_is_by_itself(columns, few, pooled):
    arrays = {str(place): pa.array(cells, pa.string()) for place, cells in enumerate(columns)}
    was = module.FEW, module.POOLED
    module.FEW, module.POOLED = few, pooled
    try:
        together = dict(counted_together(arrays))
    finally:
        module.FEW, module.POOLED = was
    assert sorted(together) == sorted(arrays)
    for name, array in arrays.items():
        one, alone = together[name], Counted.of(array)
        assert (one.values.to_pylist(), one.counts.tolist()) == (alone.values.to_pylist(), alone.counts.tolist())
        assert one.stands_for_nothing.tolist() == alone.stands_for_nothing.tolist()
        assert one.gives_no_answer.tolist() == alone.gives_no_answer.tolist()
        for some in (one, one.where(~one.matches("1"))):
            assert some.matches("(?i)A|2").tolist() == Counted.of(some.values).matches("(?i)A|2").tolist()


def test_a_pattern_is_tried_once_on_many_columns():
    found = dict(counted_together({str(place): pa.array([f"{place}", "x"]) for place in range(500)}))
    pool = found["0"].shared[0]
    assert [one.matches(r"^1$").sum() for one in found.values()].count(1) == 1
    assert all(one.shared[0] is pool for one in found.values())
    assert list(pool.known) == [("^1$", False)]
