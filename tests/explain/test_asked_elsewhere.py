"""Explanations of a candidate that asks an endpoint: for the owner of its run, as far as they allow it.

Behind a server that writes down what it is asked stands llama.cpp's own, with the bundled model and a key.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core import catalog
from core.access import consent
from core.access.consent import current_sender
from core.bundles.manifest import ColumnNeed, Manifest
from core.explain import asked_elsewhere
from core.job_params import CompareParams, ExplainParams, PredictParams, WhatIfParams
from core.jobs import client
from core.jobs.context import Context
from core.jobs.resident.pool import Held
from core.jobs.resident.server import Question
from core.messages import ModelUnavailable, UnusableData
from core.plan import Plan, Validation
from core.results.explanations.rows import Explanation
from tests.fuse.tables import tickets
from tests.pages import trained
from tests.providers.llama_server import KEY, recording, serving

NAME = "zero-shot:llm"
MAIL = "ann.miller@example.com"
N_ROWS = 24
JOBS = [kind for kind in catalog.JOB_KINDS.values() if kind.run.startswith("core.explain.")]
OPS = [op for op in catalog.RESIDENT_OPS.values() if op.run.startswith("core.explain.")]


@pytest.fixture(scope="module")
def model():
    with serving() as address:
        yield address


@pytest.fixture
def recorder(model, monkeypatch):
    with recording(model) as server:
        for name, value in {"URL": server.url, "MODEL": "small", "KEY": KEY}.items():
            monkeypatch.setenv(f"AMALGAM_LLM_{name}", value)
        yield server


@pytest.fixture
def asking(recorder, tmp_path, monkeypatch):
    """A candidate that was trained by asking.  →  workspace, data set, run"""
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    workspace = trained.Workspace(tmp_path / "home")
    table = tickets(N_ROWS)[0][["text", "mood"]]
    moods = table["text"].fillna("a b " * 4).str.split().str[6]
    table["text"] = [f"{mood} {number} {MAIL}" for number, mood in enumerate(moods)]
    dataset = trained.read(workspace, tmp_path, paste=table.to_csv(index=False), name="Tickets", target="mood")
    consent.give(workspace, dataset, recorder.host, trained.OWNER)
    plan = Plan(target="mood", candidates=[NAME], validation=Validation(kind="holdout"), language_model="openai")
    run = trained.work(workspace, "compare", CompareParams(dataset=dataset, name="Moods", plan=plan), dataset)
    prompts = [json.dumps(one["messages"]) for one in recorder.asked]
    assert 1 < len(prompts) < N_ROWS  # of a hold-out, and no text at all
    assert len(set(prompts)) == len(prompts)  # not even to take the time
    recorder.asked.clear()
    recorder.connected.clear()
    return workspace, dataset, run


def explain(workspace, run, row):
    params = ExplainParams(run=run, candidate=NAME, rows=[row], output="probability")
    job = trained.work(workspace, "explain", params)
    return Explanation.model_validate_json((client.folder(workspace, job) / "explanation.json").read_text())


def question(workspace, owner=trained.OWNER):
    return Question(workspace, owner, "q", Path(os.devnull), threads=1, held=Held(2), sink=lambda _event, data: None)


def what_if(workspace, run, text, owner=trained.OWNER):
    params = WhatIfParams(run=run, candidate=NAME, row=1, changes={"text": text}, words=False)
    return catalog.load(catalog.RESIDENT_OPS["what-if"].run)(params.model_dump(), question(workspace, owner))


def manifest_of(workspace, run):
    [file] = workspace.run_folder(run).rglob("manifest.json")
    return Manifest.model_validate_json(file.read_text())


def test_with_consent_it_is_asked_masked_within_what_was_said_and_only_once(asking, recorder):
    workspace, _dataset, run = asking
    manifest = manifest_of(workspace, run)
    assert manifest.asked == {"text": 1}
    before = (workspace.home / "logs" / "audit.jsonl").read_text().count("sent-out")
    found = explain(workspace, run, 3)
    [column] = found.rows[0].columns
    assert [part.level for part in column.parts].count("word") >= 3
    n_asked = len(recorder.asked)
    most = asked_elsewhere.opening_answers(manifest, N_ROWS) + asked_elsewhere.row_answers(manifest)
    assert 4 <= n_asked <= most
    said = json.dumps(recorder.asked)
    assert "example.com" not in said
    assert (workspace.home / "logs" / "audit.jsonl").read_text().count("sent-out") > before
    explain(workspace, run, 3)
    assert len(recorder.asked) == n_asked  # what was paid for is kept, masked texts too


def test_consent_taken_back_lets_nothing_out(asking, recorder):
    workspace, dataset, run = asking
    consent.take_back(workspace, dataset, recorder.host, trained.OWNER)
    with pytest.raises(ModelUnavailable, match="nobody has allowed") as told:
        explain(workspace, run, 3)
    assert "Data page" in str(told.value.hint)
    with pytest.raises(ModelUnavailable, match="nobody has allowed"):
        what_if(workspace, run, "an altogether new text")
    params = PredictParams(run=run, candidate=NAME, rows=[{"text": "one that nobody has seen"}])
    with pytest.raises(ModelUnavailable, match="nobody has allowed"):
        trained.work(workspace, "predict", params)
    assert recorder.asked == []
    assert recorder.connected == []


def test_a_held_model_asks_no_longer_than_it_may(asking, recorder):
    workspace, dataset, run = asking
    held = question(workspace)
    params = WhatIfParams(run=run, candidate=NAME, row=1, changes={"text": "a new text"}, words=False)
    ask = catalog.load(catalog.RESIDENT_OPS["what-if"].run)
    ask(params.model_dump(), held)
    n_asked = len(recorder.asked)
    assert n_asked > 0
    assert current_sender() is None  # the thread's next question is perhaps another owner's
    consent.take_back(workspace, dataset, recorder.host, trained.OWNER)
    with pytest.raises(ModelUnavailable, match="nobody has allowed"):
        ask(params.model_copy(update={"changes": {"text": "another new text"}}).model_dump(), held)
    assert len(recorder.asked) == n_asked


def test_somebody_elses_run_asks_nothing(asking, recorder):
    workspace, _dataset, run = asking
    with pytest.raises(UnusableData):
        what_if(workspace, run, "a new text", owner="somebody else")
    assert recorder.connected == []


def test_rows_scored_twice_are_asked_about_once(asking, recorder):
    workspace, _dataset, run = asking
    params = PredictParams(run=run, candidate=NAME, rows=[{"text": "one that nobody has seen"}])
    for _time in range(2):
        trained.work(workspace, "predict", params)
    assert len(recorder.asked) == 1


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return trained.tickets_home(tmp_path_factory.mktemp("kept") / "home")


class Opened(Exception):
    """A kept candidate was about to be opened."""


@pytest.mark.parametrize("one", [*JOBS, *OPS], ids=lambda one: one.name)
def test_whatever_opens_a_kept_candidate_asks_for_the_owner_of_its_run(one, kept, tmp_path, monkeypatch):
    [run] = kept.runs(trained.OWNER, kind="compare")
    named = {"run": run.id, "candidate": "text-tfidf"}
    extras = {
        "explain": {"rows": [0]},
        "shap-check": {"explanation": "f" * 24, "row": 0},
        "explain-cohort": {"where": {"column": "priority", "how": "is", "value": "high"}},
        "what-if": {"row": 0},
        "counterfactual": {"row": 0},
    }
    senders = []

    def opened(*_args, **_more):
        senders.append(current_sender())
        raise Opened

    monkeypatch.setattr("core.run_jobs.bundle.load", opened)
    monkeypatch.setattr("core.explain.against_shap.jobs._explanation", opened)
    context = question(kept) if one in OPS else Context(kept, trained.OWNER, "job", tmp_path)
    with pytest.raises(Opened):
        catalog.load(one.run)(named | extras.get(one.name, {}), context)
    [sender] = senders
    assert sender is not None
    assert (sender.owner, sender.dataset) == (trained.OWNER, run.dataset)


def described(asked, *roles):
    needs = [ColumnNeed(name=f"c{number}", role=role) for number, role in enumerate(roles)]
    return Manifest(
        candidate=NAME, task="binary", target="y", classes=["a", "b"], columns=needs, column_schema=[], asked=asked
    )


@pytest.mark.parametrize(
    ("asked", "roles", "n_columns", "n_words"),
    [
        ({}, ("text",), 0, 0),
        ({"c0": 1}, ("text", "number"), 1, 400),  # its own text; texts with words left out
        ({"c0": 3, "c1": 3}, ("text", "text"), 6, 2400),  # three questions about each of two
        ({"": 1}, ("text", "text", "number"), 4 * 12, 2 * 400),  # two texts read as one, each beside 12 others
        ({"": 1}, ("number", "number", "date"), 8 * 12, 0),  # sentences of whole rows, in which no word is opened
    ],
)
def test_answers_are_counted_as_an_explanation_asks(asked, roles, n_columns, n_words):
    manifest = described(asked, *roles)
    assert asked_elsewhere.column_answers(manifest) == n_columns
    assert asked_elsewhere.row_answers(manifest) == n_columns + n_words


def test_no_more_is_counted_than_there_is_time_for():
    manifest = described({"c0": 2}, "text")
    assert asked_elsewhere.whole_answers(manifest, 10, 1.0, 60.0) == 10 * 2 * (1 + 60)
    assert asked_elsewhere.whole_answers(manifest, 10_000, 500.0, 60.0) == 2 * 120  # 120 rows of half a second
    assert asked_elsewhere.cohort_answers(manifest, 1.0, 60.0) == 200 * 2
    assert asked_elsewhere.trust_answers(manifest, 10) == 10 * 2 * (1 + 3 * 128 + 7 * 10)
    assert asked_elsewhere.shap_answers(manifest, [8, 9]) == 2 * (1 + 256 + 900)
