"""What a task reads: empty cells are left out, and what a task needs first is found first."""

from __future__ import annotations

import pandas as pd

from core.catalog.text_tasks.every import TEXT_TASKS
from core.data.texts.tagged_text import Marked, written
from core.results.text_tasks.labels import RelationOptions
from core.text_tasks.base import Tools
from core.text_tasks.inputs import from_frame, from_sample
from core.text_tasks.labels import relations
from core.text_tasks.marking import reference

TEXT = "Ada Lovelace met Charles Babbage in London."
GOLD = [Marked(0, 12, "person"), Marked(17, 32, "person"), Marked(36, 42, "place")]


def test_a_new_text_has_its_names_found_before_its_relations(tmp_path):
    sample = from_sample(TEXT_TASKS["relations"], 120)
    references = [*sample.references[:-1], None]
    answers = list(
        relations.classical(sample.texts, RelationOptions(), Tools(tmp_path, None, 1, references=references))
    )
    assert len(answers) == len(sample.texts)
    assert all(one["label"] != "none" for one in answers[-1].data.extra["relations"])


def test_spans_stay_where_they_are_in_a_text_that_begins_with_white_space():
    text = f"  {TEXT} "
    spans = [Marked(one.start + 2, one.end + 2, one.label) for one in GOLD]
    found = from_frame(pd.DataFrame({"text": [text], "spans": [written(spans)]}), "table", "text", "spans")
    (own,) = (reference(found.references[0], found.texts[0]),)
    assert [found.texts[0][one.start : one.end] for one in own] == ["Ada Lovelace", "Charles Babbage", "London"]
