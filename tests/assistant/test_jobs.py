"""The bundled model writes: reproducibly, stoppably, and about results only what the data say."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from core.access import audit, consent
from core.assistant.grounded import grounded
from core.assistant.jobs import generate
from core.data.schema import read_model, write_model
from core.evaluate import summary
from core.evaluate.verdict.verdict import verdict
from core.job_params import ExplainParams, GenerateParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled, UnusableData, say
from core.providers import door
from core.providers.base import Written
from core.providers.bundled import Writer, ready
from core.results.comparison import Answer, CandidateResult, Comparison, Interval
from core.results.explanations.rows import ColumnEffect, Explanation, Part, RowExplanation
from core.results.kept_texts import About, fingerprint, read
from core.results.language.laboratory import Decoding
from core.workspace import DatasetRow, RunRow, Workspace, new_id
from tests.fuse.tables import tickets


@pytest.fixture(scope="module")
def home(tmp_path_factory, unpacked_models):
    """One home for all, with the model ready."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "models").symlink_to(unpacked_models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMALGAM_HOME", str(folder))
        yield Workspace(folder)


@pytest.fixture(scope="module")
def model(home):
    return Writer(*ready(home.models_folder))


@pytest.fixture
def context(home, tmp_path):
    return Context(home, "owner", new_id(), tmp_path, threads=2)


@pytest.fixture
def run(home):
    """A finished comparison of the owner's."""
    name = new_id()
    lines = [
        CandidateResult(
            name="dummy", mode="dummy", status="ok", scores={"accuracy": Interval(mean=0.631, low=0.61, high=0.65)}
        ),
        CandidateResult(
            name="cooperative:minilm+linear", mode="cooperative", status="ok",
            scores={"accuracy": Interval(mean=0.787, low=0.772, high=0.803)},
        ),
    ]  # fmt: skip
    home.run_folder(name).mkdir(parents=True)
    write_model(
        Comparison(
            task="multiclass", target="airline_sentiment", metric="accuracy", n_rows=3000,
            classes=["negative", "neutral", "positive"], folds=5, seed=0, candidates=lines,
            best="cooperative:minilm+linear",
        ),
        home.run_folder(name) / "result.json",
    )  # fmt: skip
    home.add_run(RunRow(name, "owner", "", "compare", "tweets", 0.0))
    return name


def answered(context, **params) -> Answer:
    generate(GenerateParams(**params).model_dump(), context)
    return Answer.model_validate_json((context.folder / "answer.json").read_text())


def texts(model, **settings):
    wanted = {"temperature": 0.9, "top_p": 0.9, "repetition_penalty": 1.1, "max_tokens": 12, "seed": 1} | settings
    return [step.text for step in model.write_all(["Tell me about the sea."], Decoding(**wanted))][-1]


def test_a_seed_decides_the_text(model):
    first = texts(model)
    assert texts(model) == first
    assert len({texts(model, seed=seed) for seed in range(5)}) > 1
    assert texts(model, temperature=0, seed=1) == texts(model, temperature=0, seed=2)


def test_several_texts_are_written_side_by_side(model):
    settings = Decoding(temperature=0, max_tokens=8, repetition_penalty=1.1)
    prompts = ["Name a fruit.", "Tell me about the sea."]
    last = {(one.prompt, one.sample): one for one in model.write_all(prompts, settings, n=2)}
    assert sorted(last) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert last[1, 0].text == last[1, 1].text == texts(model, temperature=0, max_tokens=8)
    assert last[0, 0].text != last[1, 0].text
    assert last[1, 0].ended == "length"
    drawn = {one.sample: one.text for one in model.write_all(prompts[1:], Decoding(max_tokens=8), n=3)}
    assert len(set(drawn.values())) > 1


def test_four_texts_of_one_seed_differ_from_each_other_and_not_from_a_second_time(model):
    settings = Decoding(temperature=1.0, max_tokens=8, seed=3)

    def written():
        return {one.sample: one.text for one in model.write_all(["Tell me about the sea."], settings, n=4)}

    first = written()
    assert len(set(first.values())) == 4
    assert written() == first


def test_leaving_early_and_asking_for_nothing_leave_a_model_that_writes(model):
    with closing(model.write_all(["Tell me about the sea."], Decoding(max_tokens=400), n=3)) as steps:
        assert next(steps).tokens == 1
    assert list(model.write_all([], Decoding(max_tokens=8))) == []
    assert texts(model)


def test_a_text_ends_before_its_stop_string(model):
    free = texts(model, temperature=0)
    stop = free.split()[3]
    settings = Decoding(temperature=0, repetition_penalty=1.1, max_tokens=12)
    shown = [step.text for step in model.write_all(["Tell me about the sea."], settings, stop=[stop])]
    assert shown[-1] == free[: free.index(stop)].rstrip()
    assert all(free.startswith(text) and stop not in text for text in shown)


def test_a_top_k_of_one_is_greedy_and_min_p_is_declined(model):
    assert texts(model, top_k=1) == texts(model, temperature=0)
    with pytest.raises(UnusableData, match="min-p"):
        next(model.write_all(["x"], Decoding(min_p=0.1)))


def test_a_prompt_is_answered_as_it_grows(context, model):
    grown = []

    def look(stage, share, finding):
        if (context.folder / "answer.txt").exists():
            grown.append((context.folder / "answer.txt").read_text())

    context.report = look
    answer = answered(context, task="prompt", prompt="What is a decision tree?", max_tokens=24)
    assert "tree" in answer.text
    assert answer.tokens <= 24
    assert len(set(grown)) > 3
    assert all(answer.text.startswith(text) for text in grown)


def test_a_cancelled_text_stops_at_once(context, model):
    stops = iter([False] * 6)
    context.stop = lambda: next(stops, True)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        answered(context, task="prompt", prompt="Write a very long story.", max_tokens=1024)
    assert time.monotonic() - began < 10
    kept = read_model(Answer, context.folder / "answer.json")
    assert kept.stopped == "cancelled"
    assert kept.text == (context.folder / "answer.txt").read_text() != ""


def test_a_summary_says_only_what_the_run_says(context, model, run):
    grown = []

    def look(stage, share, finding):
        if (context.folder / "answer.txt").exists():
            grown.append((context.folder / "answer.txt").read_text())

    context.report = look
    answer = answered(context, task="summary", run=run, max_tokens=120)
    assert "0.787" in grown[0]  # the facts are there before the model writes
    assert all(answer.text.startswith(text) for text in grown)
    lead, _gap, prose = answer.text.partition("\n\n")
    assert "0.787" in lead
    assert "0.631" in lead
    assert grounded(prose, lead) is not None
    assert "airline_sentiment" in lead


def test_a_summary_is_kept_in_the_folder_of_its_run(context, home, run):
    answer = answered(context, task="summary", run=run, max_tokens=40)
    about = About(task="summary", candidate="cooperative:minilm+linear", language="en")
    kept = read(home.run_folder(run), about)
    assert kept.text == answer.text
    assert kept.written.answer.model == "SmolLM2-135M-Instruct"
    assert abs(kept.written.moment - time.time()) < 60
    result = read_model(Comparison, home.run_folder(run) / "result.json")
    assert not kept.outdated(fingerprint(summary.of_run(result, result.best).text("en")))


def test_a_summary_says_what_to_do_and_what_to_doubt(context, home, run):
    result = read_model(Comparison, home.run_folder(run) / "result.json")
    result.verdict = verdict(result)
    result.warnings = [say("Few rows.")]
    write_model(result, home.run_folder(run) / "result.json")
    text = answered(context, task="summary", run=run, max_tokens=20).text
    assert "What to do: Train a candidate without a language model" in text
    assert "What to doubt: Few rows." in text


def test_a_cancelled_summary_is_not_kept(context, home, run):
    stops = iter([False] * 6)
    context.stop = lambda: next(stops, True)
    with pytest.raises(Cancelled):
        answered(context, task="summary", run=run, max_tokens=200)
    assert not (home.run_folder(run) / "texts").exists()


def test_a_summary_in_chinese_is_written_by_rules(context, home, run):
    answer = answered(context, task="summary", run=run, language="zh_CN")
    about = About(task="summary", candidate="cooperative:minilm+linear", language="zh_CN")
    assert read(home.run_folder(run), about).text == answer.text
    assert answer.tokens == 0
    assert answer.by_rules
    assert "0.787" in answer.text
    assert len(answer.warnings) == 1


def test_the_run_of_somebody_else_is_not_there(context, run):
    context.owner = "other"
    with pytest.raises(UnusableData):
        answered(context, task="summary", run=run)


def explained(home, owner, run=""):
    name = client.submit(home, kind="explain", owner=owner, params=ExplainParams(run=new_id(), candidate="x"))
    parts = [Part(text="late", start=0, end=4, value=0.2, low=0.1, high=0.3)]
    effect = ColumnEffect(name="text", value=0.31, low=0.2, high=0.4, parts=parts)
    row = RowExplanation(
        row=7, label="negative", base=0.63, output=0.94, columns=[effect], error=0.0, evaluations=9, seconds=0.1
    )
    made = Explanation(run=run, candidate="x", unit="probability", background_rows=9, n_rows=1, rows=[row])
    folder = client.folder(home, name)
    folder.mkdir(parents=True, exist_ok=True)
    write_model(made, folder / "explanation.json")
    return name


def test_one_prediction_is_put_into_words(context, model, home):
    answer = answered(context, task="row", explanation=explained(home, "owner"), row=7, max_tokens=60)
    for fact in ("negative", "0.94", "0.63", "“text” raises the probability by 0.31", "late"):
        assert fact in answer.text


def test_a_row_in_words_is_kept_in_the_folder_of_its_run(context, home, run):
    answer = answered(context, task="row", explanation=explained(home, "owner", run), row=7, max_tokens=20)
    about = About(task="row", candidate="x", language="en", row=7, label="negative", unit="probability")
    assert read(home.run_folder(run), about).text == answer.text


def test_the_explanation_of_somebody_else_is_not_there(context, home):
    with pytest.raises(UnusableData):
        answered(context, task="row", explanation=explained(home, "other"), row=7)


def test_facts_of_a_table_go_to_no_endpoint_unallowed_and_are_there_by_rules(context, home, run, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    for wanted in ({"task": "summary", "run": run}, {"task": "row", "explanation": explained(home, "owner"), "row": 7}):
        answer = answered(context, **wanted)
        assert answer.by_rules
        assert endpoint.host in str(answer.warnings[0])
        assert "0.6" in answer.text
    assert endpoint.asked == []


def test_facts_go_to_an_endpoint_once_it_is_allowed_and_a_persons_own_words_do_unasked(
    context, home, run, endpoint, monkeypatch
):
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    assert answered(context, task="prompt", prompt="Hello?").text == "Yes"
    table = DatasetRow(new_id(), "owner", "table", "hash", 1, 1, 0.0)
    home.dataset_folder(table.id).mkdir()
    home.add_dataset(table)
    with home.database() as database:
        database.execute("UPDATE runs SET dataset = ? WHERE id = ?", (table.id, run))
    consent.give(home, table.id, endpoint.host, "owner")
    answer = answered(context, task="summary", run=run)
    assert answer.model == "large"
    assert "0.787" in endpoint.asked[-1]["messages"][0]["content"]
    assert len([act for act in audit.read(home.home) if act and act.act == "sent-out"]) == 2


def test_questions_are_proposed_from_texts_and_never_from_labels(context, home, monkeypatch):
    rows, schema = tickets(12)
    rows["mood"] = "zebra"
    row = DatasetRow(new_id(), "owner", "tickets", "hash", 12, 5, 0.0)
    home.add_dataset(row)
    folder = home.dataset_folder(row.id)
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(folder / "table.parquet")
    write_model(schema, folder / "schema.json")
    prompts = []

    class Asked:
        name, repetition_penalty, writes = "asked", 1.0, frozenset({"en"})

        def write_all(self, asked, settings, **more):
            prompts.extend(asked)
            yield Written(0, 0, "1. Is it late?\nA remark.\n2. Is it rude?", 9, "end")

    monkeypatch.setattr(door, "chosen", lambda *place, **more: Asked())
    wanted = {"task": "questions", "dataset": row.id, "target": "mood", "classes": ["good", "bad"]}
    answer = answered(context, **wanted)
    assert answer.text == "Is it late?\nIs it rude?"
    assert "parcel" in prompts[0]
    assert "good, bad" in prompts[0]
    assert "zebra" not in prompts[0]
    other = Context(home, "somebody", new_id(), context.folder, threads=2)
    with pytest.raises(UnusableData, match="not there"):
        answered(other, **wanted)
