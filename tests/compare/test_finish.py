"""Differences of finished candidates: those of the scores that are shown, drawn in units of rows that hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.compare.files.folds import FoldResult
from core.compare.finish import Scored, difference_between, differences, joint_between
from core.compare.prepare import prepare
from core.data.schema import Schema
from core.evaluate.scores import score
from core.plan import Plan, Validation
from core.results.comparison import CandidateResult, Comparison
from tests.fuse.tables import column

NAMES = ["dummy", "classical", "cooperative:minilm", "joint"]


def table(n, groups=None, copies=1):
    """Texts of their own, each `copies` times, a number, and a target."""
    random = np.random.default_rng(0)
    words = [f"{random.integers(10**12)} {random.integers(10**12)}" for _row in range(n // copies)]
    frame = pd.DataFrame({"text": words * copies, "size": random.normal(size=n), "y": random.normal(size=n)})
    frame["patient"] = np.arange(n) % (groups or n)
    roles = {"text": "text", "size": "number", "y": "target", "patient": "ignored"}
    return frame, Schema(columns=[column(name, role) for name, role in roles.items()], task="regression")


def finished(prepared, errors, seed=0):
    """A comparison whose candidates miss each row's truth by noise of these sizes."""
    random = np.random.default_rng(seed)
    noise = {name: random.normal(0, size, len(prepared.y)) for name, size in errors.items()}
    folds = {
        name: [FoldResult(test, (prepared.y + off)[test], None, 0.0, {}, []) for _train, test in prepared.folds]
        for name, off in noise.items()
    }
    places = np.concatenate([test for _train, test in prepared.folds])
    lines = []
    for name, off in noise.items():
        scores = score("regression", prepared.y[places], (prepared.y + off)[places], None, [])
        encoder = "minilm" if name in NAMES[2:] else ""
        mode = name.split(":")[0]
        lines.append(CandidateResult(name=name, mode=mode, encoder=encoder, status="ok", scores=scores))
    result = Comparison(
        task="regression", target="y", metric="r2", n_rows=len(prepared.y), folds=len(prepared.folds), seed=0,
        candidates=lines,
    )  # fmt: skip
    return result, folds


def prepared_for(n=100, groups=None, copies=1, **validation):
    frame, schema = table(n, groups, copies)
    chosen = Validation(folds=5, group="patient" if groups else None, **validation)
    return prepare(frame, schema, Plan(target="y", candidates=["dummy"], validation=chosen))


ERRORS = {"dummy": 1.0, "classical": 0.6, "cooperative:minilm": 0.4, "joint": 0.5}


def test_a_difference_is_that_of_the_two_scores_that_are_shown():
    # one fold's R² may be -17 and pull a mean of folds anywhere; the scores are those of all rows together
    result, folds = finished(prepared_for(), ERRORS)
    differences(result, prepared_for(), folds)
    shown = {line.name: line.scores["r2"].mean for line in result.candidates}
    for line in result.candidates[1:]:
        assert line.difference.mean == shown[line.name] - shown[line.difference.to]
    assert [line.difference and line.difference.to for line in result.candidates] == [
        None,
        "dummy",
        "classical",
        "classical",
    ]


def test_those_with_a_language_model_hold_jointly_and_all_over_guessing():
    result, folds = finished(prepared_for(), ERRORS)
    differences(result, prepared_for(), folds)
    dummy, columns, *llms = result.candidates
    for line in llms:
        gain = line.difference
        assert gain.joint_low < gain.low < gain.mean < gain.high < gain.joint_high
    assert columns.difference.joint_low is None
    assert dummy.over_guessing is None
    assert all(line.over_guessing.joint_low < line.over_guessing.low for line in (columns, *llms))


def test_any_two_candidates_can_be_compared_alone_or_jointly():
    prepared = prepared_for()
    result, folds = finished(prepared, ERRORS)
    scored = Scored(result, prepared, folds)
    _dummy, columns, cooperative, joint = result.candidates
    alone = difference_between(joint, cooperative, scored)
    assert (alone.to, alone.joint_low) == ("cooperative:minilm", None)
    assert alone.mean == joint.scores["r2"].mean - cooperative.scores["r2"].mean
    jointly = joint_between([columns, joint], cooperative, scored)["joint"]
    assert jointly.low == pytest.approx(alone.low)
    assert jointly.joint_low < jointly.low


def test_repeated_folds_make_no_difference_surer():
    once, often = prepared_for(), prepared_for(repeats=4)
    assert len(often.folds) == 20
    gains = []
    for prepared in (once, often):
        result, folds = finished(prepared, ERRORS)
        differences(result, prepared, folds)
        gains.append(result.candidate("cooperative:minilm").difference)
    first, then = gains
    assert (then.mean, then.low, then.high) == pytest.approx((first.mean, first.low, first.high))


def test_rows_of_a_group_and_near_duplicates_are_one_unit():
    plain, grouped, copied = prepared_for(), prepared_for(groups=20), prepared_for(copies=2)
    both = prepared_for(groups=20, copies=2)
    assert len(np.unique(plain.units)) == 100
    assert [len(np.unique(grouped.units[grouped.X.index % 20 == group])) for group in range(20)] == [1] * 20
    assert len(np.unique(copied.units)) == 50
    assert (copied.units[:50] == copied.units[50:]).all()
    # rows i and i + 50 repeat each other, so the groups of 20 that they are in are joined: i and i + 10
    assert len(np.unique(both.units)) == 10


@pytest.mark.parametrize("validation", [Validation(), Validation(near_duplicates_together=False)], ids=["few", "split"])
@pytest.mark.parametrize(("copies", "n_units"), [(33, 3), (50, 2)])
def test_copies_are_one_unit_where_folds_do_not_keep_them_together(validation, copies, n_units):
    # three different texts are too few for five folds, which then part their copies; they are three texts all the same
    frame, schema = table(99 if n_units == 3 else 100, copies=copies)
    prepared = prepare(frame, schema, Plan(target="y", candidates=["dummy"], validation=validation))
    parted = prepared.folds[0][1]
    assert set(frame["text"].iloc[parted]) & set(frame["text"].drop(parted))
    assert len(np.unique(prepared.units)) == n_units
    assert (pd.Series(prepared.units).groupby(frame["text"].to_numpy()).nunique() == 1).all()


def test_thirty_sentences_make_no_interval_of_three_hundred_rows():
    # what is missed hangs on the sentence alone
    off = np.random.default_rng(1).normal(size=30)[np.arange(300) % 30]
    widths = []
    for copies in (1, 10):
        prepared = prepared_for(300, copies=copies, near_duplicates_together=False)
        result, folds = finished(prepared, {"dummy": 1.0, "classical": 0.5})
        for name, size in (("dummy", 1.0), ("classical", 0.5)):
            folds[name] = [
                FoldResult(test, (prepared.y + size * off)[test], None, 0.0, {}, []) for _train, test in prepared.folds
            ]
        differences(result, prepared, folds)
        gain = result.candidate("classical").difference
        widths.append(gain.high - gain.low)
    assert widths[1] > 2 * widths[0]


def test_where_all_rows_have_one_text_each_is_drawn_alone():
    frame, schema = table(40, copies=40)
    assert len(np.unique(prepare(frame, schema, Plan(target="y", candidates=["dummy"])).units)) == 40


def test_copies_in_a_test_file_are_one_unit_where_they_may_be_split():
    frame, schema = table(60)
    held, _schema = table(40, copies=4)
    validation = Validation(kind="test_file", near_duplicates_together=False)
    prepared = prepare(frame, schema, Plan(target="y", candidates=["dummy"], validation=validation), held)
    assert len(np.unique(prepared.units[prepared.folds[0][1]])) == 10


def test_units_reach_the_interval_of_a_difference():
    # all rows of a patient are off by as much: twenty numbers, not a hundred
    plain, grouped = prepared_for(), prepared_for(groups=20)
    random = np.random.default_rng(1)
    shared = {name: random.normal(0, size, 20)[np.arange(100) % 20] for name, size in ERRORS.items()}
    widths = []
    for prepared in (plain, grouped):
        result, _folds = finished(prepared, ERRORS)
        folds = {
            name: [FoldResult(test, (prepared.y + off)[test], None, 0.0, {}, []) for _train, test in prepared.folds]
            for name, off in shared.items()
        }
        differences(result, prepared, folds)
        gain = result.candidate("joint").difference
        widths.append(gain.high - gain.low)
    assert widths[1] > 1.3 * widths[0]


def test_the_rows_of_a_test_file_have_units_too():
    frame, schema = table(60)
    held, _schema = table(40, groups=8)
    plan = Plan(target="y", candidates=["dummy"], validation=Validation(kind="test_file", group="patient"))
    prepared = prepare(frame, schema, plan, held)
    test = prepared.folds[0][1]
    assert len(np.unique(prepared.units[test])) == 8
    assert not set(prepared.units[test]) & set(prepared.units[prepared.folds[0][0]])
