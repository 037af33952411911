"""What is said of a column whose cells left a doubt, and how a layout is called in words."""

import pytest

from core.data.schema import Aside, Layout
from core.data.values.shown.notes import notes, notes_of_table
from core.data.values.shown.words_for import layout_in_words


def test_cells_that_became_missing_are_counted_and_shown():
    said = [str(one) for one in notes("price", Layout(kind="number", n_unread=2, unread=["ask", "soon"]))]
    assert len(said) == 1
    assert "2 cells" in said[0]
    assert "ask" in said[0]


def test_an_assumption_is_said():
    said = str(notes("day", Layout(kind="date", formats=["%m/%d/%Y"], ambiguous=True))[0])
    assert "month first" in said
    said = str(notes("sum", Layout(kind="number", thousands=",", ambiguous=True))[0])
    assert "read as thousands" in said
    assert "could be durations" in str(notes("Time", Layout(kind="time", unit="h", ambiguous=True))[0])


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("mark", "2 numbers have a mark"),
        ("bound", "only a limit"),
        ("first day", "have no day"),
        ("serial", "as spreadsheets count them"),
        ("buddhist", "543 were taken away"),
        ("apostrophe", "an apostrophe before 2 values"),
        ("mixed", "holds times and 2 numbers of another kind"),
    ],
)
def test_what_was_left_aside_is_counted_and_shown(what, words):
    (said,) = notes("v", Layout(kind="number", asides=[Aside(what=what, n=2, examples=["this", "that"])]))
    assert words in str(said)
    assert "this" in str(said)


def test_a_plain_column_needs_no_note():
    assert notes("a", Layout(kind="number")) == notes("b", Layout(kind="date", formats=["%Y-%m-%d"])) == []


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (Layout(kind="number", unit="kg"), "numbers in kg"),
        (Layout(kind="date", formats=["%d.%m.%Y"]), "dates such as 22.09.2017"),
        (Layout(kind="ordered", levels=["a", "b"]), "a scale of 2 levels"),
        (Layout(kind="list", separator=";"), "lists with “;”"),
        (Layout(), "words"),
    ],
)
def test_layouts_in_words(layout, words):
    assert str(layout_in_words(layout)) == words


def test_the_decimal_comma_of_several_columns_is_said_once():
    comma, plain = Layout(kind="number", decimal=","), Layout(kind="number")
    said = notes_of_table({"depth": comma, "ph": comma, "n": plain, "iron": comma})
    assert [str(one) for one in said] == ["In 3 columns the comma is the decimal mark, as in 3,5: depth, ph, iron."]
    assert [str(one) for one in notes_of_table({"depth": comma, "n": plain})] == [
        "In “depth” the comma is the decimal mark, as in 3,5."
    ]
