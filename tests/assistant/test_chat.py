"""What is said of a table and a run says only numbers that are theirs: over twenty runs with different numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.assistant import chat, facts
from core.assistant.grounded import checked
from core.data.schema import Column, ColumnReport, Report, Schema
from core.evaluate.verdict.verdict import verdict
from core.jobs.context import Context
from core.messages import say, translate
from core.providers.bundled import ready, writer
from core.results.comparison import CandidateResult, Comparison, Difference, Interval
from core.results.language.laboratory import Decoding

RUNS = range(20)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def made(seed: int) -> chat.Known:
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
    return chat.Known("table", report, schema, result)


def values(known: chat.Known) -> list[float]:
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


def stray(text: str, known: chat.Known) -> list[str]:
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
    for topic in chat.TOPICS:
        for fact in topic.answer(known):
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
    expected = [fact for one in chat.TOPICS if one.name == topic for fact in one.answer(known)]
    assert expected
    assert all(fact in chat.by_rules(question, known) for fact in expected)


def test_an_unknown_question_has_no_rule():
    assert chat.by_rules("Why is the sky blue?", made(0)) == []


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
