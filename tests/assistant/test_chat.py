"""What is said of a table and a run says only numbers that are theirs: over twenty runs with different numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from core.assistant import chat, facts, topics
from core.assistant.grounded import checked
from core.data.schema import Column, ColumnReport, Report, Schema, write_model
from core.evaluate.verdict.verdict import verdict
from core.job_params import WholeParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import say, translate
from core.providers.bundled import ready, writer
from core.results.comparison import CandidateResult, Comparison, Difference, Interval
from core.results.explanations.global_explanation import WholeExplanation, WordEffect
from core.results.language.chat import AskChat
from core.results.language.laboratory import Decoding
from core.workspace import Workspace, new_id


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path), "ann", new_id(), tmp_path)


RUNS = range(20)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def made(seed: int) -> topics.Known:
    """A table and a run whose numbers are all drawn anew."""
    random = np.random.default_rng(seed)
    n_rows = int(random.integers(200, 90_000))

    def line(name: str, mode: str, **more) -> CandidateResult:
        folds = (random.uniform(0.3, 0.95) + random.normal(0, 0.01, 5)).round(6).tolist()
        mean = float(np.mean(folds))
        spread = Interval(mean=mean, low=mean - float(random.uniform(0.01, 0.05)), high=mean + 0.02)
        seconds = float(random.uniform(1, 900))
        return CandidateResult(
            name=name, mode=mode, status="ok", scores={"accuracy": spread}, fold_scores=folds,
            fit_seconds=seconds, **more,
        )  # fmt: skip

    plain = line("text-tfidf", "text-tfidf", model="linear")
    llm = line("cooperative", "cooperative", encoder="minilm", model="linear", size_mb=float(random.uniform(60, 120)))
    gain = llm.scores["accuracy"].mean - plain.scores["accuracy"].mean
    llm.difference = Difference(mean=gain, low=gain - 0.02, high=gain + 0.03, to="text-tfidf", p=0.04)
    result = Comparison(
        task="binary", target="mood", metric="accuracy", classes=["good", "bad"], n_rows=n_rows, folds=5, seed=0,
        candidates=[line("dummy", "dummy"), plain, llm], best="cooperative",
    )  # fmt: skip
    result.verdict = verdict(result)
    names = ["text", "mood", "age"]
    schema = Schema(columns=[Column(name=name, role="text", reason=say(""), guessed="text") for name in names])
    gaps = [int(random.integers(0, n_rows)) for _ in names]
    report = Report(
        n_rows=n_rows,
        columns=[
            ColumnReport(name=name, n_missing=gap, n_distinct=9, examples=[], top=[("good", gap // 2), ("bad", 7)])
            for name, gap in zip(names, gaps, strict=True)
        ],
        findings=[],
        n_duplicate_rows=int(random.integers(0, 50)),
    )
    return topics.Known("table", report, schema, result)


def values(known: topics.Known) -> list[float]:
    """Every number of the table and the run, and those that a verdict computes of them."""
    result = known.result
    found = [known.report.n_rows, known.report.n_duplicate_rows, len(known.schema.columns), 95, result.folds]
    for column in known.report.columns:
        found += [column.n_missing, *(n for _value, n in column.top)]
    for line in result.candidates:
        score = line.scores["accuracy"]
        found += [score.mean, score.low, score.high, line.fit_seconds, *divmod(round(line.fit_seconds), 60)]
    judged = [abs(one) for one in result.verdict.numbers.values()]
    return [*found, *judged, *(part for seconds in judged for part in divmod(round(seconds), 60))]


def stray(text: str, known: topics.Known) -> list[str]:
    """Numbers of a text that are no number of the run, at the decimals they are given with, or as a percentage."""
    allowed = values(known)
    found = []
    for token in NUMBER.findall(text):
        value, decimals = float(token.replace(",", "")), len(token.partition(".")[2])
        if not any(abs(value - scale * one) <= 0.5 * 10**-decimals + 1e-9 for one in allowed for scale in (1, 100)):
            found.append(token)
    return found


@pytest.mark.parametrize("seed", RUNS)
def test_every_number_of_an_answer_is_the_tables_or_the_runs(seed):
    known = made(seed)
    for topic in topics.TOPICS:
        for fact in topic.answer(known, ""):
            assert stray(translate(fact, "en").replace("±", ""), known) == [], topic.name


@pytest.mark.parametrize("seed", RUNS)
def test_a_changed_number_never_stays(seed):
    known = made(seed)
    everything = chat.all_facts(known)
    lines = [translate(fact, "en") for fact in everything if NUMBER.search(translate(fact, "en"))]
    random = np.random.default_rng(seed)
    for line in lines:
        token = random.choice(NUMBER.findall(line))
        wrong = line.replace(token, f"{float(token.replace(',', '')) * 1.37 + 3:.3f}", 1)
        reply = chat.grounded(wrong, everything)
        assert stray(reply.words, known) == []


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many rows are there?", "rows"), ("有多少行？", "rows"), ("Which values are missing?", "gaps"),
        ("哪些值缺失？", "gaps"), ("Which model is best?", "best"), ("哪个模型最好？", "best"),
        ("Was the language model worth it?", "worth"), ("用语言模型值得吗？", "worth"),
        ("How long did training take?", "costs"), ("What is predicted?", "target"),
    ],
)  # fmt: skip
def test_common_questions_are_recognised_in_both_languages(question, topic):
    known = made(0)
    expected = [fact for one in topics.TOPICS if one.name == topic for fact in one.answer(known, question)]
    assert expected
    assert all(fact in chat.by_rules(question, known) for fact in expected)


def test_an_unknown_question_has_no_rule():
    assert chat.by_rules("Why is the sky blue?", made(0)) == []


WHOLE = WholeExplanation(
    run="", candidate="cooperative", unit="probability", background_rows=9, n_rows=100, classes=["good", "bad"],
    words=[
        WordEffect(column="text", label="bad", text=word, n_rows=23, value=value)
        for word, value in (("late", 0.3), ("rude", 0.2), ("kind", -0.1))
    ],
)  # fmt: skip
WORDS = "Which words make a mood bad?"


def test_words_are_answered_from_an_explanation_with_numbered_facts(context):
    reply = chat.reply(WORDS, "en", replace(made(0), whole=WHOLE), context)
    (said,) = reply.said
    assert str(said.text) == "Words that push most toward “bad”: late, rude."
    assert said.cites == [1, 2]
    assert ["late" in str(fact) for fact in reply.facts] == [True, False]
    assert [str(source) for source in reply.sources] == [
        "the explanation of Cooperative · MiniLM (English) · Logistic regression"
    ] * 2
    assert reply.offer is None


def test_without_an_explanation_it_is_offered(context):
    reply = chat.reply(WORDS, "en", made(0), context)
    assert reply.facts == []
    assert reply.offer.candidate == "cooperative"
    assert "there is none of this run yet" in str(reply.note)


def test_an_explanation_that_says_nothing_of_it_is_not_offered_again(context):
    reply = chat.reply("Which words make a mood good?", "en", replace(made(0), whole=WHOLE), context)
    assert reply.facts == []
    assert reply.offer is None
    assert "says nothing of this" in str(reply.note)


def test_without_a_run_nothing_is_offered(context):
    reply = chat.reply(WORDS, "en", replace(made(0), result=None), context)
    assert reply.offer is None
    assert "Nothing has been trained" in str(reply.note)


def test_other_questions_get_the_facts_that_share_words_with_them():
    known = made(0)
    found = chat.found_for("What would guessing have reached?", known)
    assert "Guessing" in str(found.facts[0])
    assert 0 < len(found.facts) <= chat.MOST_FOUND
    assert len(found.sources) == len(found.facts)
    unrelated = chat.found_for("Why is the sky blue?", known)
    assert {str(source) for source in unrelated.sources} == {"the table", "the leaderboard", "the verdict"}


def test_each_sentence_of_a_model_cites_the_facts_that_bear_it_out():
    known = [say("The table has {rows} usable rows.", rows=730), say("Guessing reaches {score}.", score=0.384)]
    reply = chat.grounded("Guessing reaches 0.384. The table has 730 usable rows. It is worth 0.9.", known)
    assert [(str(one.text), one.cites) for one in reply.said] == [
        ("Guessing reaches 0.384.", [2]), ("The table has 730 usable rows.", [1]),
    ]  # fmt: skip
    assert reply.removed == 1


def test_an_explanation_of_somebody_else_is_not_read(tmp_path):
    workspace, run, dataset = Workspace(tmp_path), new_id(), new_id()
    params = WholeParams(run=run, candidate="cooperative")
    job = client.submit(workspace, kind="explain-whole", owner="ann", params=params, dataset=dataset)
    workspace.run_folder(job).mkdir(parents=True)
    write_model(WHOLE, workspace.run_folder(job) / "whole.json")
    asked = AskChat(dataset=dataset, run=run, question=WORDS)

    def newest(owner):
        question = SimpleNamespace(workspace=workspace, owner=owner)
        return chat.newest(question, asked, "explain-whole", WholeExplanation, "whole.json")

    assert newest("ann") is None  # not done yet
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (job,))
    assert newest("ann") == WHOLE
    assert newest("bob") is None
    asked.run = new_id()
    assert newest("ann") is None


@pytest.mark.slow
def test_no_number_in_a_generated_summary_differs_from_the_runs(unpacked_models):
    model = writer(ready(unpacked_models)[1].parent)
    kept = 0
    for seed in RUNS:
        known = made(seed)
        found = facts.of_run(known.result, known.result.best)
        lines = "\n".join(translate(fact, "en") for fact in found)
        prompt = f"Facts about how well a prediction model works:\n{lines}\n\nRestate these facts for a manager."
        text = ""
        for step in model.write_all([prompt], Decoding(temperature=0, top_p=1, repetition_penalty=1.1, seed=seed)):
            text = step.text
        words, numbers, _removed = checked(text, lines)
        assert stray(words, known) == []
        kept += len(numbers)
    assert kept  # the check is not passed by saying nothing


def test_a_question_that_no_rule_knows_goes_to_no_endpoint_unallowed(workspace, tmp_path, endpoint, monkeypatch):
    monkeypatch.setenv("AMALGAM_LANGUAGE_MODEL", "openai")
    context = Context(workspace, "owner", "job", tmp_path)
    found = chat.reply("Would a poet like it?", "en", made(0), context)
    assert endpoint.host in str(found.note)
    assert found.facts
    assert endpoint.asked == []
    context.send_to = endpoint.host
    assert chat.reply("Would a poet like it?", "en", made(0), context).model == "large"
    assert "Would a poet" in str(endpoint.asked)
