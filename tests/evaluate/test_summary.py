"""A run summed up by rules: advice follows from the verdict, doubts are the run's own warnings."""

from __future__ import annotations

import pytest

from core.evaluate.summary import of_run
from core.evaluate.verdict.verdict import verdict
from core.messages import say, translate
from core.results.comparison import CandidateResult, Comparison, Detail, Difference, Interval

DOUBT = say("“{label}” was never predicted.", label="high")


def line(name, score, **more):
    interval = Interval(mean=score, low=score - 0.02, high=score + 0.02)
    return CandidateResult(name=name, mode=name, status="ok", scores={"accuracy": interval}, **more)


def compared(gain=None, *more):
    """A language model beside its rival with this gain, or without one."""
    lines = [line("dummy", 0.4), line("classical", 0.7, model="linear")]
    if gain is not None:
        low, high = gain - 0.03, gain + 0.03
        lines.append(
            line(
                "cooperative", 0.7 + gain, encoder="minilm", model="linear",
                difference=Difference(mean=gain, low=low, high=high, to="classical", p=0.5),
            )
        )  # fmt: skip
    result = Comparison(
        task="binary", target="mood", metric="accuracy", classes=["low", "high"], n_rows=730, folds=5, seed=0,
        candidates=[*lines, *more], best="classical",
    )  # fmt: skip
    result.verdict = verdict(result)
    return result


def shown(messages, language="en"):
    return " ".join(translate(message, language) for message in messages)


def detail(*warnings):
    return Detail(name="classical", scores={}, warnings=list(warnings))


@pytest.mark.parametrize(
    ("gain", "headline", "advice"),
    [
        (0.1, "The language model is worth it here.", "Use Cooperative"),
        (-0.1, "The language model is not worth it here.", "Use Classical"),
        (0.0, "too close to call", "Compare again with more rows. Until then, Classical"),
        (None, "No language model took part, so its worth was not judged.", "Use Classical"),
    ],
)
def test_the_advice_follows_from_the_verdict(gain, headline, advice):
    told = of_run(compared(gain), "classical")
    assert headline in translate(told.headline, "en")
    assert advice in shown(told.to_do)


def test_what_was_left_out_and_could_change_the_verdict_is_to_be_trained():
    left = CandidateResult(name="joint", mode="joint", encoder="minilm", status="cancelled", reason=say("No time."))
    assert "this could change the verdict" in shown(of_run(compared(-0.1, left), "classical").to_do)
    assert "this could change the verdict" not in shown(of_run(compared(-0.1), "classical").to_do)


def test_a_run_has_up_to_three_findings():
    assert len(of_run(compared(0.1), "cooperative").findings) == 3
    assert "0.700" in shown(of_run(compared(0.1), "classical").findings)


def test_nothing_is_said_twice():
    told = of_run(compared(), "classical")
    assert len(told.findings) == 2
    assert len(of_run(compared(), "dummy").findings) == 2  # the verdict is of another candidate, and says more


def test_without_a_verdict_nothing_is_advised():
    result = compared(0.1)
    result.verdict = None
    told = of_run(result, "classical")
    assert told.headline is None
    assert told.to_do == []


def test_doubts_are_the_warnings_of_the_candidate_and_of_the_run():
    result = compared(0.1)
    assert of_run(result, "classical").to_doubt == []  # nothing is known of it
    assert "found nothing to doubt" in shown(of_run(result, "classical", detail()).to_doubt)
    result.warnings = [DOUBT, say("Few rows.")]
    assert shown(of_run(result, "classical", detail(DOUBT)).to_doubt) == "“high” was never predicted. Few rows."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("gain", [0.1, -0.1, 0.0, None])
def test_the_text_has_every_sentence_in_both_languages(gain, language):
    told = of_run(compared(gain), "classical", detail(DOUBT))
    text = told.text(language)
    for message in told.everything:
        assert translate(message, language) in text
    if language != "en":
        for message in [told.headline, *told.to_do]:
            assert translate(message, "en") not in text
