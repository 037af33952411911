"""The report stands alone, says everything, and shows words from the data as words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from core.evaluate.detail import detail
from core.evaluate.report import html
from core.evaluate.result import Candidate, Comparison, Excluded, Verdict
from core.messages import say
from core.plan import Plan

HOSTILE = "<script>alert(1)</script>"
CLASSES = ["<b>a</b>", '" onload="x', "{{ 7*7 }}"]


@pytest.fixture(scope="module")
def page():
    random = np.random.default_rng(0)
    truth = random.choice(CLASSES, 120)
    likely = random.dirichlet([1, 1, 1], 120) + (truth[:, None] == np.array(CLASSES))
    likely /= likely.sum(axis=1, keepdims=True)
    shown = detail(
        HOSTILE, "multiclass", CLASSES, truth, np.array(CLASSES)[likely.argmax(axis=1)], likely, dummy_scores={}
    )
    shown.warnings = [say("“{label}” is odd.", label=HOSTILE)]
    failed = Candidate(name="text-llm", mode="text-llm", status="failed", reason=say("No {name}.", name=HOSTILE))
    result = Comparison(
        task="multiclass", target=HOSTILE, metric="accuracy", classes=CLASSES, n_rows=120, folds=3, seed=7,
        excluded=[Excluded(column=HOSTILE, reason=say("Left out."))], best=HOSTILE,
        candidates=[Candidate(name=HOSTILE, mode="columns", status="ok", scores=shown.scores), failed],
        verdict=Verdict(code="no_llm", text=say("The best is {name}.", name=HOSTILE)),
    )  # fmt: skip
    return html(result, {HOSTILE: shown}, "zh_CN", title=HOSTILE, plan=Plan(target=HOSTILE, candidates=["columns"]))


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
