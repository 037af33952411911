"""Nested records are flat columns, by rules that lose no row and invent no value."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.data import reading, table
from core.data.formats import nested
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

ORDERS = [
    {"id": 1, "buyer": {"name": "Ada", "address": {"city": "Rome"}}, "tags": ["new", "vip"],
     "items": [{"sku": "a", "price": 2.5}, {"sku": "b", "price": 4}]},
    {"id": 2, "buyer": {"name": "Bob", "address": None}, "tags": [], "items": []},
    {"id": 3, "buyer": {"name": "Cleo", "address": {"city": "Oslo"}}, "items": [{"sku": "c"}]},
]  # fmt: skip


def read(folder, whole, name: str = "a.json", **options):
    (folder / name).write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    result = reading.read_files([folder / name], ReadOptions(**options), folder / "set")
    return result, table.load(folder / "set")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_objects_become_dotted_columns_and_lists_of_objects_their_number(tmp_path, name):
    lines = "\n".join(map(json.dumps, ORDERS)) + "\n"
    result, frame = read(tmp_path, lines if name == "a.jsonl" else ORDERS, name)
    assert frame["buyer.address.city"].tolist()[::2] == ["Rome", "Oslo"]
    assert frame["tags"].tolist()[0] == "new, vip"
    assert frame["items"].tolist() == [2, 0, 1]
    assert result.objects == ["items"]
    assert "became how many there are: items" in str(result.notes[-1])


def test_a_list_of_objects_can_be_a_row_for_each_entry(tmp_path):
    result, frame = read(tmp_path, ORDERS, objects="explode")
    assert frame["id"].tolist() == [1, 1, 2, 3]
    assert frame["items.sku"].isna().tolist() == [False, False, True, False]
    assert frame["items.price"].tolist()[:2] == [2.5, 4.0]
    assert frame["buyer.name"].tolist() == ["Ada", "Ada", "Bob", "Cleo"]
    assert any("Each entry of “items” is a row" in str(note) for note in result.notes)


@pytest.mark.parametrize(
    ("whole", "place"),
    [
        ({"data": [{"a": 1}, {"a": 2}], "meta": {"page": 1, "links": [{"x": 1}]}}, "data"),
        ({"response": {"status": "ok", "result": {"rows": [{"a": 1}, {"a": 2}]}}}, "response.result.rows"),
        ({"schema": {"fields": [{"name": n} for n in "abc"]}, "data": [{"a": 1, "b": 2, "c": 3, "d": 4}] * 2}, "data"),
        ({"count": 2, "rows": [["a", "b"], [1, 2], [3, 4]]}, "rows"),
    ],
    ids=["beside meta", "three deep", "beside its schema", "rows as lists"],
)
def test_the_table_inside_an_object_is_found_and_its_place_is_said(tmp_path, whole, place):
    result, frame = read(tmp_path, whole)
    assert len(frame) == 2
    assert str(result.notes[0]) == f"The table was found in the file under “{place}”."


def test_a_map_is_a_table(tmp_path):
    features = [
        {"type": "Feature", "properties": {"name": name, "people": people},
         "geometry": {"type": "Point", "coordinates": [longitude, 45.5]}}
        for name, people, longitude in (("Here", 10, 1.5), ("There", 20, 2.5))
    ]  # fmt: skip
    result, frame = read(tmp_path, {"type": "FeatureCollection", "features": features}, "a.geojson")
    assert result.format == "json"
    assert frame["properties.people"].tolist() == [10, 20]
    assert frame["geometry.coordinates"].tolist() == ["1.5, 45.5", "2.5, 45.5"]


@pytest.mark.parametrize(
    ("whole", "rows"),
    [
        ({"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}}, [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ({"a": {"0": 1, "1": 2}}, [{"a": 1}, {"a": 2}]),
        ({"a": [1, 2], "b": ["x", None]}, [{"a": 1, "b": "x"}, {"a": 2, "b": None}]),
        ({"Ada": {"age": 36, "city": "Rome"}, "Bob": {"age": 41, "city": "Oslo"}},
         [{"id": "Ada", "age": 36, "city": "Rome"}, {"id": "Bob", "age": 41, "city": "Oslo"}]),
        ({"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]},
         [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ([["a", "b"], [1, 2], [3, 4]], [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        ([[1, 2], [3, 4]], [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]),
        ({"a": 1, "b": {"c": 2}}, [{"a": 1, "b": {"c": 2}}]),
    ],
    ids=["pandas columns", "pandas series", "lists", "records by id", "pandas split", "rows",
         "bare rows", "one record"],
)  # fmt: skip
def test_other_shapes_of_a_table_are_known(whole, rows):
    assert nested.find_records(whole).records == rows


@pytest.mark.parametrize(
    "whole", [42, "text", None, [1, 2], [[1], [2, 3]], {"a": [1, 2, 3], "b": 1}, {}, [1, {"a": 2}]]
)
def test_what_is_no_table_is_none(whole):
    assert nested.find_records(whole) is None


def test_names_that_meet_are_both_kept(tmp_path):
    _result, frame = read(tmp_path, [{"a.b": 1, "a": {"b": 2}}, {"a.b": 3, "a": {"b": 4}}])
    assert frame.to_dict("list") == {"a.b": [1, 3], "a.b_2": [2, 4]}


def test_an_object_here_and_a_word_there_are_two_columns(tmp_path):
    _result, frame = read(tmp_path, [{"to": {"city": "Rome"}, "n": 1}, {"to": "Oslo", "n": 2}])
    assert frame["to.city"].tolist()[0] == "Rome"
    assert frame["to"].tolist()[1] == "Oslo"


def test_too_deep_and_too_wide_are_one_sentence(tmp_path):
    deep: dict = {"a": 1}
    for _level in range(30):
        deep = {"a": deep}
    with pytest.raises(UnreadableFile, match="more than 20 deep"):
        read(tmp_path, [deep])
    with pytest.raises(UnreadableFile, match="more than 5000 different names"):
        read(tmp_path, [{f"day {n}": n} for n in range(6000)])


def test_labels_of_a_text_stay_words(tmp_path):
    """Several topics for each text, as exported for multi-label tasks; they are no spans."""
    lines = '{"text": "Rain in Oslo", "labels": ["weather", "north"]}\n{"text": "A goal", "labels": ["sport"]}\n'
    _result, frame = read(tmp_path, lines, "a.jsonl")
    assert frame["labels"].tolist() == ["weather, north", "sport"]


scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=4))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(st.lists(st.dictionaries(st.text(max_size=3), values, max_size=4), min_size=1, max_size=6), st.booleans())
def test_no_row_is_lost_and_every_value_is_plain(tmp_path_factory, records, explode):
    path = tmp_path_factory.getbasetemp() / "a.json"
    flat = nested.flatten(records, "explode" if explode else None, path)
    assert len(flat.rows) >= len(records) if explode else len(flat.rows) == len(records)
    assert {name for row in flat.rows for name in row} == set(flat.names)
    assert not any(isinstance(value, dict) for row in flat.rows for value in row.values())


@given(values)
def test_whatever_a_document_holds_the_search_ends(whole):
    found = nested.find_records(whole)
    assert found is None or all(isinstance(record, dict) for record in found.records)


def test_a_whole_number_of_too_many_digits_is_a_name(tmp_path):
    (tmp_path / "a.json").write_text('[{"a": ' + "9" * 20_000 + ', "b": 1}, {"a": 2, "b": 3}]', encoding="utf-8")
    result = reading.read_files([tmp_path / "a.json"], ReadOptions(), tmp_path)
    assert (result.n_rows, result.layouts["a"].kind) == (2, "text")
