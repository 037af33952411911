"""What was made of a target's cells, in sentences."""

from __future__ import annotations

from core.data.targets.notes import notes_of, rare_note, target_note
from core.plan import TargetAs


def test_what_was_done_is_said():
    assert notes_of(TargetAs(), "y") == []
    both = [str(note) for note in notes_of(TargetAs(way="bins", edges=[2], rare="drop"), "y")]
    assert both == [
        "“y” is predicted as ranges: below 2, 2 and more.",
        "Classes of “y” with fewer than 5 rows are left out.",
    ]


def test_merging_into_a_class_that_is_there_already_says_so():
    how = TargetAs(rare="merge", other="b")
    assert str(rare_note(how, "y", 2, 3, 40)) == (
        "2 classes of “y” have fewer than 5 rows each and join “b”, a class that 40 rows are of already; 3 rows in all."
    )
    assert "join the class “b”, which is there already" in str(notes_of(how, "y", ["a", "b"])[0])
    assert "are one class, “b”" in str(notes_of(how, "y", ["a"])[0])


def test_a_logarithm_and_a_label_are_said_and_nothing_where_nothing_was_done():
    assert "by its logarithm" in str(target_note(TargetAs(way="log"), "y"))
    assert "holds “Chat”" in str(target_note(TargetAs(way="label", label="Chat", separator=","), "y"))
    assert target_note(TargetAs(), "y") is None
    assert rare_note(TargetAs(), "y", 3, 9) is None
