"""A row changed by hand: the answer is the model's own, the bars add up, and only its owner may ask."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from core.data.schema import Schema
from core.explain.counterfactual.answer import counterfactual
from core.explain.model_pool import held
from core.explain.open_candidate import open_candidate
from core.explain.row import rows
from core.explain.row.estimate import EXACT_PLAYERS, WORD_TEXTS
from core.explain.row.rows import explain_frame, open_texts
from core.explain.row.what_if import edited, what_if
from core.explain.shapley.values import never
from core.job_params import ExplainParams
from core.jobs.resident.pool import Held
from core.jobs.resident.server import Question
from core.messages import AmalgamError, Cancelled
from core.results.explanations.rows import ColumnEffect, RowExplanation
from core.results.explanations.what_if import Counterfactuals, WhatIf
from tests.fuse.tables import column
from tests.pages import trained

NAME = "cooperative:tfidf"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A small trained model.  →  ask(args, …) → parts and answer, with models held between questions"""
    workspace, _dataset, run = trained.moods(tmp_path_factory.mktemp("what-if"), 160, [NAME])
    models = Held(2)

    def ask(owner=trained.OWNER, stop=lambda: False, **args):
        parts = []
        question = Question(
            workspace,
            owner,
            "q",
            Path(os.devnull),
            stop=stop,
            threads=1,
            held=models,
            sink=lambda _event, data: parts.append(WhatIf.model_validate(data)),
        )
        wanted = {"run": run, "candidate": NAME, "row": 1, "output": "probability"} | args
        return parts, WhatIf.model_validate(what_if(wanted, question)), question

    return ask


def run_of(question):
    return question.workspace.runs(trained.OWNER)[0].id


def flips(question, **args):
    """The counterfactual rows of a row."""
    run = run_of(question)
    question.sink = lambda _event, data: Counterfactuals.model_validate(data)
    wanted = {"run": run, "candidate": NAME, "row": 1} | args
    return Counterfactuals.model_validate(counterfactual(wanted, question))


def model_of(question):
    return held(question, run_of(question), NAME, "probability")


def test_an_unchanged_row_is_said_as_the_model_says_it(asked):
    parts, whole, question = asked()
    with model_of(question) as kept:
        expected = kept.model.pipeline.predict_proba(kept.model.rows.loc[[1]])[0]
    assert list(whole.probabilities.values()) == pytest.approx(expected)
    bars = whole.explanation
    assert bars.base + sum(column.value for column in bars.columns) == pytest.approx(bars.output)
    assert [column.parts for part in parts for column in part.explanation.columns if column.parts] == []
    text = next(column for column in bars.columns if column.name == "text")
    assert sum(part.value for part in text.parts) == pytest.approx(text.value)


def test_a_row_that_is_sampled_has_the_bars_that_its_explanation_has(asked):
    text = {"text": "the parcel was awful and the office was lovely, but it came late with a note about an order"}
    _parts, whole, question = asked(changes=text)
    wanted = ExplainParams(run=run_of(question), candidate=NAME, output="probability")
    model = open_candidate(question, wanted.run, wanted.candidate, output=wanted.output, seed=wanted.seed)
    row, game = explain_frame(model, edited(model, 1, text), None, position=1, exact=EXACT_PLAYERS, enough=never)
    open_texts(model, row, game, texts=WORD_TEXTS, enough=never)
    assert any(part.high > part.low for column in row.columns for part in column.parts)  # the seed has a say
    assert whole.explanation.columns == row.columns


def test_a_changed_word_turns_the_answer(asked):
    answers = {
        word: asked(changes={"text": f"the parcel was {word}", "hours": 2.5}, label="good", words=False)[1]
        for word in ("awful", "lovely")
    }
    assert {word: answer.prediction for word, answer in answers.items()} == {"awful": "bad", "lovely": "good"}
    shown = {word: {c.name: c for c in answer.explanation.columns} for word, answer in answers.items()}
    assert shown["awful"]["text"].value < 0 < shown["lovely"]["text"].value
    assert shown["awful"]["hours"].shown == "2.5"


@pytest.mark.parametrize("changes", [{"text": None}, {"hours": None}, {"city": None}, {"day": None}, {"text": ""}])
def test_a_cell_may_be_emptied(asked, changes):
    assert sum(asked(changes=changes, words=False)[1].probabilities.values()) == pytest.approx(1)


def test_cells_keep_the_kinds_of_their_columns(asked):
    _parts, _whole, question = asked(words=False)
    changes = {"text": "x", "hours": 3, "city": "Bern", "day": "2025-02-03", "unknown": 1}
    with model_of(question) as kept:
        before = kept.model.rows.loc[[1], kept.model.pipeline.columns_]
        after = edited(kept.model, 1, changes)
    assert dict(after.dtypes) == dict(before.dtypes)
    assert after["day"].iloc[0].isoformat() == "2025-02-03T00:00:00"


def test_what_training_never_saw_is_said(asked):
    notes = asked(changes={"city": "Atlantis"}, words=False)[1].notes
    assert "Atlantis" in str(notes[0])


def test_what_does_not_fit_a_column_is_said(asked):
    with pytest.raises(AmalgamError, match="does not fit the column “hours”"):
        asked(changes={"hours": "many"})
    with pytest.raises(AmalgamError, match="10001"):
        asked(row=10_000)


def test_only_the_owner_of_a_run_may_ask(asked):
    with pytest.raises(AmalgamError, match="was not kept"):
        asked(owner="somebody else")


def test_a_question_that_was_cancelled_does_not_stop_the_next(asked):
    with pytest.raises(Cancelled):
        asked(stop=lambda: True)
    assert asked(words=False)[1].prediction


def test_small_changes_that_turn_the_answer_do_so_in_the_form_too(asked):
    _parts, before, question = asked(words=False)
    result = flips(question)
    assert result.before == before.prediction
    assert result.found
    assert [len(one.changes) for one in result.found] == sorted(len(one.changes) for one in result.found)
    for one in result.found:
        again = asked(changes=one.values, words=False)[1]
        assert again.prediction == one.prediction != before.prediction
        assert again.probabilities[one.prediction] == pytest.approx(one.probability)
        assert {change.column for change in one.changes} == set(one.values)
        assert 0 <= one.unusual <= 1


def test_only_chosen_columns_change_and_a_class_can_be_asked_for(asked):
    _parts, before, question = asked(words=False)
    other = next(label for label in ("good", "bad") if label != before.prediction)
    result = flips(question, columns=["text"], wanted=other)
    assert result.found
    assert {change.column for one in result.found for change in one.changes} == {"text"}
    assert {one.prediction for one in result.found} == {other}
    none = flips(question, columns=["city"])
    assert (none.found, none.complete) == ([], True)
    with pytest.raises(AmalgamError, match="already"):
        flips(question, wanted=before.prediction)
    with pytest.raises(AmalgamError, match="“neither” is not one of the classes"):
        flips(question, wanted="neither")


def test_the_time_that_each_text_takes_is_added(monkeypatch):
    clock = iter([10.0, 13.0, 20.0, 25.0, 40.0])
    monkeypatch.setattr(rows, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    texts = Schema(columns=[column("note", "text"), column("hours", "number"), column("title", "text")])
    model = SimpleNamespace(
        schema=texts, context=SimpleNamespace(check=lambda: None), learned=lambda _name: None, not_cached=nullcontext,
        seed=0,
    )  # fmt: skip
    bars = [ColumnEffect(name=one.name, value=0.5, low=0.5, high=0.5) for one in texts.columns]
    row = RowExplanation(row=0, base=0.0, output=1.5, columns=bars, error=0.0, evaluations=1, seconds=1.0)
    cells = pd.DataFrame({"note": ["late"], "hours": [2.0], "title": ["office"]})
    opened = []
    game = SimpleNamespace(row=cells, evaluations=7)
    open_texts(model, row, game, texts=20, enough=never, opened=lambda: opened.append(row.seconds))
    assert opened == [4.0, 9.0]  # 1 for the columns, 3 for the first text and 5 for the second
    assert [len(bar.parts) for bar in row.columns] == [1, 0, 1]
    assert row.evaluations == 7
