"""The report stands alone, says everything, and shows words from the data as words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from markupsafe import escape

from core.data.schema import write_model
from core.evaluate import summary
from core.evaluate.detail import detail
from core.evaluate.report import html, interval, line_chart, of_run
from core.messages import say, translate
from core.plan import Plan
from core.results.comparison import (
    Answer,
    CandidateResult,
    Comparison,
    Curve,
    Excluded,
    Interval,
    Verdict,
    candidate_folder,
)
from core.results.endpoint_use import EndpointUse
from core.results.kept_texts import About, Edited, Kept, Written, fingerprint, keep

HOSTILE = "<script>alert(1)</script>"
CLASSES = ["<b>a</b>", '" onload="x', "{{ 7*7 }}"]


@pytest.fixture(scope="module")
def known():
    """A comparison, what is known of its best candidate, and its plan."""
    random = np.random.default_rng(0)
    truth = random.choice(CLASSES, 120)
    likely = random.dirichlet([1, 1, 1], 120) + (truth[:, None] == np.array(CLASSES))
    likely /= likely.sum(axis=1, keepdims=True)
    shown = detail(
        HOSTILE, "multiclass", CLASSES, truth, np.array(CLASSES)[likely.argmax(axis=1)], likely, dummy_scores={}
    )
    shown.warnings = [say("“{label}” is odd.", label=HOSTILE)]
    failed = CandidateResult(name="text-llm", mode="text-llm", status="failed", reason=say("No {name}.", name=HOSTILE))
    result = Comparison(
        task="multiclass", target=HOSTILE, metric="accuracy", classes=CLASSES, n_rows=120, folds=3, seed=7,
        excluded=[Excluded(column=HOSTILE, reason=say("Left out."))], best=HOSTILE,
        candidates=[CandidateResult(name=HOSTILE, mode="columns", status="ok", scores=shown.scores), failed],
        verdict=Verdict(code="no_llm", text=say("The best is {name}.", name=HOSTILE)),
    )  # fmt: skip
    return result, shown, Plan(target=HOSTILE, candidates=["columns"])


def test_what_an_endpoint_took_stands_in_it_and_nothing_where_none_was_asked(known):
    result, shown, plan = known
    use = EndpointUse(host="llm.example", model=HOSTILE, answers=1200, tokens_in=60_000, tokens_out=1200, cost=0.5)
    told = html(result.model_copy(update={"endpoint": use}), {HOSTILE: shown}, "en", title="t", plan=plan)
    assert "at llm.example gave 1,200 answers: 60,000 tokens in, 1,200 out, which cost about 0.50" in told
    assert HOSTILE not in told
    assert "llm.example" not in html(result, {HOSTILE: shown}, "en", title="t", plan=plan)


@pytest.fixture(scope="module")
def page(known):
    result, shown, plan = known
    return html(result, {HOSTILE: shown}, "zh_CN", title=HOSTILE, plan=plan)


def test_words_from_the_data_stay_words(page):
    assert "<script" not in page
    assert "<b>a" not in page
    assert 'onload="x' not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8
    assert "{{ 7*7 }}" in page
    assert "49" not in re.findall(r"<th>(.*?)</th>", page)


def test_it_needs_nothing_from_elsewhere(page):
    assert not re.search(r"https?://|src=|@import|url\(", page.replace("http://www.w3.org", ""))


def test_it_has_three_drawings_that_are_well_formed(page):
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        assert len(ElementTree.fromstring(drawing).findall("polyline")) == 3


def test_headings_are_in_the_chosen_language_and_the_settings_complete(page):
    assert 'lang="zh-CN"' in page
    assert "混淆矩阵" in page
    assert "--plan plan.json" in page
    assert "&#34;seed&#34;: 0" in page


def test_a_drawing_puts_its_points_and_titles_where_they_belong():
    curves = [Curve(label="first", x=[0, 0.5, 1], y=[0, 1, 1], area=0.75), Curve(label="second", x=[0, 1], y=[0, 1])]
    drawing = ElementTree.fromstring(str(line_chart(curves, "across", "up")))
    assert drawing.get("viewBox") == "-40 -10 280 296"  # 220 for the square, 60 and 44 around it, 16 for each name
    lines = drawing.findall("polyline")
    assert [line.get("points") for line in lines] == ["0.0,220.0 110.0,0.0 220.0,0.0", "0.0,220.0 220.0,0.0"]
    assert [line.get("stroke") for line in lines] == ["#0072B2", "#D55E00"]
    assert drawing.find("line").attrib == {"x1": "0", "y1": "220", "x2": "220", "y2": "0", "stroke": "#ccc"}
    names = {text.text: text for text in drawing.findall("text")}
    assert {name: text.get("y") for name, text in names.items()} == {
        "first (0.750)": "260", "second": "276", "across": "242", "up": "110.0",
    }  # fmt: skip
    assert names["across"].get("x") == "110.0"
    assert names["up"].get("transform") == "rotate(-90 -12 110.0)"
    assert ElementTree.fromstring(str(line_chart(curves, "", "", diagonal=False))).find("line") is None
    assert line_chart([], "", "") == ""
    many = ElementTree.fromstring(str(line_chart(curves * 5, "", "")))
    assert len(many.findall("polyline")) == 6  # one for each colour


def test_a_score_stands_there_with_its_interval(page):
    assert interval(Interval(mean=0.81, low=0.7899, high=0.83)) == "0.810 (0.790–0.830)"
    assert interval(None) == ""
    assert re.search(r"0\.\d{3} \(0\.\d{3}–0\.\d{3}\)", page)


def test_the_report_of_a_run_is_made_from_its_folder(known, page, tmp_path):
    result, shown, plan = known
    assert of_run(tmp_path, "zh_CN", title=HOSTILE) is None
    place = candidate_folder(tmp_path, HOSTILE)
    place.mkdir(parents=True)
    write_model(result, tmp_path / "result.json")
    write_model(plan, tmp_path / "plan.json")
    write_model(shown, place / "detail.json")
    assert of_run(tmp_path, "zh_CN", title=HOSTILE) == page


def test_without_a_written_summary_that_of_the_rules_stands(known, page):
    result, shown, _plan = known
    told = summary.of_run(result, HOSTILE, shown)
    assert told.to_do
    for message in told.everything:
        assert str(escape(translate(message, "zh_CN"))) in page
    assert translate("Put together from the results by rules; no model wrote any of it.", "zh_CN") in page


def test_a_written_or_edited_summary_is_shown_as_words_with_who_wrote_it(known):
    result, shown, plan = known
    about = About(task="summary", candidate=HOSTILE, language="en")
    facts = fingerprint(summary.of_run(result, HOSTILE, shown).text("en"))
    answer = Answer(text=f"It works.\n{HOSTILE}", tokens=1, seconds=1.0, stopped="end", model="<i>m</i>")
    kept = Kept(Written(about=about, answer=answer, moment=0.0, facts=facts))

    def page(kept):
        return html(result, {HOSTILE: shown}, "en", title="x", plan=plan, kept=kept)

    assert "It works.\n&lt;script&gt;alert(1)" in page(kept)
    line = "Written by &lt;i&gt;m&lt;/i&gt;, 1970-01-01 00:00 UTC. Every sentence was checked against the facts."
    assert line in page(kept)
    assert "No language model took part" not in page(kept)
    mine = page(Kept(kept.written, Edited(about=about, text=f"Mine {HOSTILE}", moment=0.0, facts="")))
    assert "Mine &lt;script&gt;" in mine
    assert "It works." not in mine
    assert "Edited by a person, 1970-01-01 00:00 UTC, and not checked since." in mine
    assert "Every sentence was checked" not in mine
    assert "The results have changed since this text was made." in mine
    assert "<script" not in mine + page(kept)


def test_the_report_of_a_run_has_the_summary_kept_in_its_folder(known, tmp_path):
    result, _shown, _plan = known
    write_model(result, tmp_path / "result.json")
    about = About(task="summary", candidate=HOSTILE, language="en")
    keep(tmp_path, about, Answer(text="Kept words.", tokens=1, seconds=1.0, stopped="end", model="m"), "")
    assert "Kept words." in of_run(tmp_path, "en", title="x")
    assert "Kept words." not in of_run(tmp_path, "zh_CN", title="x")
