"""Misspelled cities find their own, what is no city finds none, and a person sees the doubtful ones first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from core.data.join import similar
from core.data.join.match import match
from core.data.join.similar import alike, nearest
from core.job_params import JoinParams
from core.messages import UnusableData

CITIES = [
    "Hamburg",
    "Berlin",
    "Köln",
    "Frankfurt am Main",
    "Stuttgart",
    "Düsseldorf",
    "New York",
    "San Francisco",
    "NA",
]
MISSPELLED = {
    "Hambrug": "Hamburg", "Berlni": "Berlin", "Stutgart": "Stuttgart", "Duesseldorf": "Düsseldorf",
    "San Fransisco": "San Francisco", "frankfurt am main": "Frankfurt am Main",
}  # fmt: skip


def test_misspelled_cities_find_their_own():
    found, similarity = nearest(list(MISSPELLED), CITIES)
    assert [CITIES[place] for place in found] == list(MISSPELLED.values())
    assert similarity.min() > 0.8


def test_a_city_that_is_not_there_matches_nothing_at_the_usual_threshold():
    left = [*MISSPELLED, "Tokyo", "Hamburg", None]
    table, cities = pa.table({"k": left}), pa.table({"o": CITIES})
    found = match(table, cities, JoinParams(key="k", other_key="o", similarity=0.8))
    assert [None if code < 0 else found.other.shown[code] for code in found.codes] == [
        *MISSPELLED.values(), None, "Hamburg", None,
    ]  # fmt: skip
    report = found.report
    assert (report.n_matched, report.n_similar, report.n_without_key) == (7, 6, 1)
    assert report.unmatched == ["Tokyo"]
    assert [pair.similarity for pair in report.least_similar] == sorted(
        pair.similarity for pair in report.least_similar
    )
    assert ("Hambrug", "Hamburg") in [(pair.key, pair.other_key) for pair in report.least_similar]


def test_a_higher_threshold_matches_less():
    table, cities = pa.table({"k": ["Hambrug", "Stutgart"]}), pa.table({"o": CITIES})
    found = match(table, cities, JoinParams(key="k", other_key="o", similarity=0.9))
    assert found.codes.tolist() == [-1, 4]


@pytest.mark.parametrize("others", [["2020-01", "2020-02"], ["12", "13"], ["x"], ["na", "null"], []])
def test_others_that_are_dates_or_numbers_or_few_break_nothing(others):
    found, similarity = nearest(["2020-1", "Rome"], others)
    assert found.shape == similarity.shape == (2,)
    assert np.all((similarity >= 0) & (similarity <= 1))


def test_more_keys_than_are_taken_at_once_are_all_looked_for(monkeypatch):
    monkeypatch.setattr(similar, "AT_ONCE", 2)
    shares = []
    found, _similarity = nearest(list(MISSPELLED), CITIES, shares.append)
    assert [CITIES[place] for place in found] == list(MISSPELLED.values())
    assert shares == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_too_many_keys_are_refused_before_work_begins(monkeypatch):
    monkeypatch.setattr(similar, "MOST_PAIRS", 10)
    with pytest.raises(UnusableData, match="too many to compare"):
        nearest(["a", "b"], CITIES)


def test_numbers_have_no_similar_keys():
    with pytest.raises(UnusableData, match="among words"):
        match(pa.table({"k": [1]}), pa.table({"o": [1]}), JoinParams(key="k", other_key="o", similarity=0.8))


def test_alike_is_the_share_of_common_letters():
    assert alike("abcd", "abXd") == 0.75  # twice three letters of eight
