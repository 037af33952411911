"""The drawing of the rooms: what uses others stands above them, boxes stand apart, arrows pass beside boxes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import layers, picture


@st.composite
def graphs(draw):
    """Arrows from later letters to earlier ones."""
    pairs = list(itertools.combinations("abcdefgh", 2))
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    arrows = {}
    for earlier, later in chosen:
        arrows.setdefault(later, set()).add(earlier)
    return arrows


def check(arrows):
    made = layers.drawing(arrows)
    assert set(made.ways) == {(name, other) for name, used in arrows.items() for other in used}
    for stations in made.ways.values():
        heights = [made.middles[station][1] for station in stations]
        step = layers.BOX[1] + layers.GAP[1]
        assert heights == pytest.approx([heights[0] + step * number for number in range(len(heights))])
    for layer in made.layers:
        for left, right in itertools.pairwise(layer):
            apart = made.middles[right][0] - made.middles[left][0]
            wide = {name: layers.EMPTY if " " in name else layers.BOX[0] for name in (left, right)}
            assert apart >= sum(wide.values()) / 2 + layers.GAP[0] - 1e-6
    xs = [x for x, _y in made.middles.values()]
    assert min(xs) > 0
    assert max(xs) < made.width


@settings(deadline=None)
@given(graphs())
def test_any_drawing_can_be_read(arrows):
    check(arrows)


def test_the_rooms_can_be_read():
    check(picture.reduced(picture.rooms()))


def test_crossings_that_need_not_be_are_taken_out():
    made = layers.drawing({"a": {"z"}, "b": {"y"}, "c": {"x"}})
    places = [{name: place for place, name in enumerate(layer)} for layer in made.layers]
    order = sorted("abc", key=places[0].__getitem__)
    assert sorted("xyz", key=places[1].__getitem__) == [{"a": "z", "b": "y", "c": "x"}[name] for name in order]


def test_the_same_arrows_are_drawn_the_same():
    arrows = {"c": {"a", "b"}, "b": {"a"}}
    other = {"b": {"a"}, "c": {"b", "a"}}
    assert layers.svg(arrows, "Rooms") == layers.svg(other, "Rooms")
