"""What a task reads: empty cells are left out, and what a task needs first is found first."""

from __future__ import annotations

import pandas as pd
import pytest

from core.access.consent import A_FILE, NO_TABLE
from core.catalog.text_tasks.every import TEXT_TASKS
from core.data.texts.tagged_text import Marked, written
from core.jobs.context import Context
from core.results.text_tasks.labels import RelationOptions
from core.results.text_tasks.options import TaskParams
from core.text_tasks.base import Tools
from core.text_tasks.inputs import from_frame, from_params, from_sample
from core.text_tasks.labels import relations
from core.text_tasks.marking import reference
from core.workspace import DatasetRow, new_id

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


@pytest.fixture
def tables(workspace):
    """Two data sets of the owner's."""
    made = [DatasetRow(new_id(), "ann", "table", "hash", 2, 1, 0.0) for _table in range(2)]
    for row in made:
        workspace.dataset_folder(row.id).mkdir()
        pd.DataFrame({"text": [TEXT, "Where is the station?"]}).to_parquet(
            workspace.dataset_folder(row.id) / "table.parquet"
        )
        workspace.add_dataset(row)
    return [row.id for row in made]


def test_whose_texts_are_sent_is_known_of_every_source(workspace, tmp_path, tables):
    context, task = Context(workspace, "ann", "job", tmp_path), TEXT_TASKS["answer"]

    def sender(**params):
        return from_params(task, TaskParams(task="answer", **params), context).sender(context)

    first, second = tables
    own = sender(dataset=first, column="text", documents=["A text."])
    assert (own.owner, own.dataset, own.beside) == ("ann", first, ())
    both = sender(dataset=first, column="text", documents_dataset=second, documents_column="text")
    assert (both.dataset, both.beside) == (first, (second,))
    typed = sender(texts=["Who?"], documents_dataset=second, documents_column="text")
    assert (typed.dataset, typed.beside) == (NO_TABLE, (second,))
    assert sender(texts=["Who?"], documents=["A text."]).beside == ()
    assert sender(sample=True).dataset == NO_TABLE
    of_a_file = from_frame(pd.DataFrame({"text": [TEXT]}), "sample", "text").sender(context)
    assert of_a_file.dataset == A_FILE
