"""What is said of a reading shows no cell of a masked column."""

from __future__ import annotations

import json

from core.data.personal import masking
from core.data.personal.masked_reading import HIDDEN, masked_layout, masked_reading
from core.data.schema import Column, Layout, Personal, Reading, RejectedLine, Schema
from core.data.values.shown.notes import notes
from core.messages import say

KEY = "k"
LAYOUT = Layout(kind="number", n_unread=2, unread=["ann@web.de", "call +49 30 901820"])


def column(*, alone: bool = False, choice: str = "mask") -> Column:
    personal = Personal(cells={"email": 1, "phone": 1}, alone=alone, key=KEY, choice=choice)
    return Column(name="contact", role="text", guessed="text", reason=say("x"), layout=LAYOUT, personal=personal)


def reading() -> Reading:
    said = [*notes("contact", LAYOUT), say("left out: {cells}", cells="“Report of ann@web.de”")]
    line = RejectedLine(line=3, reason=say("x"), start="7,ann@web.de")
    return Reading(
        files=["a.csv"], format="csv", n_rows=3, n_columns=2, bytes=1, seconds=1, notes=said, rejected=[line],
        layouts={"contact": LAYOUT},
    )  # fmt: skip


def test_no_note_line_or_layout_shows_a_masked_cell():
    shown = masked_reading(reading(), Schema(columns=[column()]))
    written = shown.model_dump_json()
    assert "ann@web.de" not in written
    assert "901820" not in written
    made = masking.pseudonym("email", "ann@web.de", KEY)
    assert made in str(shown.notes[0])
    assert "2 cells that hold something else" in str(shown.notes[0])
    assert made in str(shown.notes[1])
    assert shown.rejected[0].start == f"7,{made}"


def test_a_line_is_hidden_where_a_masked_column_is_nothing_but_personal():
    shown = masked_reading(reading(), Schema(columns=[column(alone=True)]))
    assert shown.rejected[0].start == HIDDEN
    assert shown.layouts["contact"].unread[0] == masking.pseudonym("email", "ann@web.de", KEY)


def test_what_may_stay_stays():
    assert masked_reading(reading(), Schema(columns=[column(choice="stay")])) == reading()


def test_a_masked_column_keeps_no_raw_cell_in_its_layout_for_bundles():
    assert "ann@web.de" not in json.dumps(masked_layout(column()).model_dump(mode="json"))
    assert masked_layout(column(choice="")).layout == LAYOUT
