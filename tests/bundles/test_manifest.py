"""What a bundle says of itself: which texts a language model reads, how cells were written, which model it is."""

from __future__ import annotations

import pytest

from core.bundles.manifest import ColumnNeed, Manifest
from core.data.schema import Column, Layout
from core.messages import say


def column(name: str, role: str, layout: Layout | None = None, source: str = "") -> Column:
    return Column(name=name, role=role, guessed=role, reason=say("-"), layout=layout, source=source)


COLUMNS = [
    column("note", "text"),
    column("title (2)", "text"),
    column("price", "number", Layout(kind="number", decimal=",")),
    column("low", "number", Layout(kind="pair"), "pressure"),
    column("unused", "number", Layout(kind="number")),
]


def manifest(**more) -> Manifest:
    needs = [ColumnNeed(name=column.name, role=column.role) for column in COLUMNS if column.name != "unused"]
    return Manifest(
        candidate="text", task="binary", target="y", classes=[], columns=needs, column_schema=COLUMNS, **more
    )


@pytest.mark.parametrize(
    ("keys", "texts"),
    [
        ([], []),
        (["note"], ["note"]),
        (["2: note"], ["note"]),  # of the second member of a mixture
        (["note (2)"], ["note"]),  # by a second encoder
        (["title (2)"], ["title (2)"]),  # a column may be called so itself
        (["2: title (2) (2)"], ["title (2)"]),
        ([""], ["note", "title (2)"]),  # all are read as one text
    ],
)
def test_the_texts_that_a_language_model_reads(keys, texts):
    assert manifest(encoders=dict.fromkeys(keys, "minilm@0")).read == texts


def test_layouts_are_those_of_the_columns_it_needs_by_their_names_in_the_file():
    assert set(manifest().layouts) == {"price", "pressure"}


def test_half_a_cell_has_no_layout_of_its_own():
    assert manifest().layout_of("price") is not None
    assert manifest().layout_of("low") is None
    assert manifest().layout_of("elsewhere") is None


def test_a_fingerprint_hangs_on_the_files_and_not_on_their_order():
    one, other = {"a": "1", "b": "2"}, {"b": "2", "a": "1"}
    assert manifest(files=one).fingerprint == manifest(files=other).fingerprint
    assert manifest(files=one).fingerprint != manifest(files={"a": "1", "b": "3"}).fingerprint
