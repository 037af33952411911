"""Maps are the same for the same seed, keep known structure, and name clusters by their own words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from core.explain.embedding_map.projection import clustered, clusters, condensed, keywords, plane
from core.job_params import MapParams
from core.jobs import client
from core.messages import UnusableData
from core.results.embedding_map import APART, EmbeddingMap
from tests.pages import trained


def blobs(n: int = 30) -> np.ndarray:
    """Two groups, n and 2n rows, far apart along the first of five axes."""
    random = np.random.default_rng(0)
    rows = random.normal(0, 0.1, (3 * n, 5))
    rows[n:, 0] += 10
    return rows


def test_the_first_axis_is_where_rows_differ_most():
    rows = blobs()
    places, shares = plane(rows, "pca", 0)
    centred = rows[:, 0] - rows[:, 0].mean()
    assert abs(np.corrcoef(places[:, 0], centred)[0, 1]) == pytest.approx(1, abs=1e-3)
    assert shares[0] == pytest.approx(
        np.linalg.svd(rows - rows.mean(0))[1][0] ** 2 / ((rows - rows.mean(0)) ** 2).sum()
    )


@pytest.mark.parametrize("n_clusters", [2, 0])
def test_clusters_are_found_and_numbered_by_size(n_clusters):
    found = clustered(blobs(), n_clusters, 0)
    small, large = found[:30], found[30:]
    assert set(large) - {APART} == {0}
    assert set(small) - {APART} == {1}


def test_a_cluster_is_named_by_what_is_rare_elsewhere():
    texts = ["the late flight", "the late crew", "the late bag", "the warm soup", "the warm bread", "the warm cup"]
    told = keywords(texts, np.array([0, 0, 0, 1, 1, 1]), "en")
    assert told[0][0] == "late"
    assert told[1][0] == "warm"
    assert keywords(["", ""], np.array([0, 0]), "en") == {}


def test_errors_are_those_of_scored_rows():
    found = clusters(np.array([0, 0, 0, APART]), ["a b"] * 4, np.array([1.0, 0.0, np.nan, np.nan]), "en")
    assert [one.error for one in found] == [0.5, None]
    assert [one.number for one in found] == [0, APART]


def test_words_are_weighed_by_how_frequent_they_are_here_and_rare_elsewhere():
    texts = ["red red red blue", "green green", "blue blue blue pink pink", "pink pink"]
    told = keywords(texts, np.array([0, 0, 5, 5]), "de")
    # 6.5 words a cluster: red 3 · ln(1 + 6.5 / 3), green 2 · ln(1 + 6.5 / 2), blue 1 · ln(1 + 6.5 / 4)
    assert told == {0: ["red", "green", "blue"], 5: ["pink", "blue"]}
    many = " ".join(f"word{place} " * (9 - place) for place in range(8))
    assert keywords([many, "other"], np.array([0, 1]), "de")[0] == [f"word{place}" for place in range(6)]
    assert keywords(["the cat", "the dog"], np.array([0, 1]), "en") == {0: ["cat"], 1: ["dog"]}  # no stop words
    assert keywords(["the cat", "the dog"], np.array([0, 1]), "de")[0] == ["cat", "the"]


def test_clusters_stand_by_size_and_those_of_none_at_last():
    numbers = np.array([1, 0, 0, APART, 0, 1, 7])
    found = clusters(numbers, ["aa bb"] * 7, np.array([1.0, 0, 1, 1, np.nan, np.nan, np.nan]), "de")
    assert [(one.number, one.n_rows, one.error) for one in found] == [
        (0, 3, 0.5), (1, 2, 1.0), (7, 1, None), (APART, 1, 1.0),
    ]  # fmt: skip
    assert found[0].words == ["aa", "bb"]


def test_no_more_clusters_than_different_rows_and_the_largest_is_the_first():
    rows = np.repeat([[0.0, 0.0], [5.0, 0.0], [0.0, 9.0]], [2, 4, 3], axis=0)
    assert clustered(rows, 8, 0).tolist() == [2, 2, 0, 0, 0, 0, 1, 1, 1]
    assert clustered(rows, 1, 0).tolist() == [0] * 9


def test_word_counts_are_condensed_to_unit_rows_and_embeddings_stay():
    random = np.random.default_rng(0)
    counts = sparse.csr_matrix(random.poisson(0.5, (80, 70)) + np.eye(80, 70))
    found = condensed(counts, 0)
    assert found.shape == (80, 50)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(80))
    assert condensed(counts[:6], 0).shape == (6, 5)
    assert condensed(counts[:, :4], 0).shape == (80, 3)
    assert condensed(counts[:1], 0).shape == (1, 1)
    dense = random.normal(size=(3, 2)).astype(np.float32)
    assert condensed(dense, 0).tolist() == dense.astype(float).tolist()


def test_rows_along_one_line_have_one_axis():
    places, shares = plane(np.array([[1.0], [2.0], [6.0]]), "pca", 0)
    assert np.abs(places[:, 0]) == pytest.approx([2, 1, 3])
    assert places[:, 1].tolist() == [0, 0, 0]
    assert shares == [1.0]
    assert plane(np.ones((3, 2)), "pca", 0)[1] == [0, 0]  # nothing varies


@pytest.mark.slow
def test_umap_keeps_groups_apart_and_the_seed():
    places, _shares = plane(blobs(), "umap", 3)
    again, _shares = plane(blobs(), "umap", 3)
    assert np.array_equal(places, again)
    centres = places[:30].mean(axis=0), places[30:].mean(axis=0)
    assert np.linalg.norm(centres[0] - centres[1]) > places[:30].std()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return trained.moods(tmp_path_factory.mktemp("map"), 100, ["text-tfidf", "columns"])


def mapped(home, **params) -> tuple[EmbeddingMap, pd.DataFrame]:
    workspace, dataset, run = home
    wanted = MapParams(**{"run": run, "candidate": "text-tfidf", "clusters": 3} | params)
    folder = client.folder(workspace, trained.work(workspace, "embedding-map", wanted, dataset))
    return EmbeddingMap.model_validate_json((folder / "map.json").read_text()), pd.read_parquet(folder / "map.parquet")


def test_every_row_has_a_place_and_scored_ones_an_error(home):
    found, points = mapped(home)
    assert len(points) == found.n_rows == 100
    assert points["error"].notna().sum() == 25  # a quarter was held out
    scored = points[points["error"].notna()]
    assert (scored["error"] == (scored["truth"] != scored["prediction"])).all()
    assert sum(one.n_rows for one in found.clusters) == 100
    again = mapped(home)[1]
    pd.testing.assert_frame_equal(points, again)


def test_a_sample_is_said_to_be_one(home):
    found, points = mapped(home, rows=40)
    assert (found.n_rows, found.n_all) == (40, 100)
    assert points["row"].is_monotonic_increasing


def test_without_a_text_it_says_why(home):
    with pytest.raises(UnusableData, match="reads no text"):
        mapped(home, candidate="columns")
