"""Where a candidate's files lie: a folder for every name, and the folders of earlier versions are still found."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.results.comparison import Comparison, candidate_folder, earlier_folder, slug

LONG = "cooperative:someone/a-model-whose-name-alone-is-longer-than-most-folders-would-like-to-be-and-then-some"
NAMES = st.text(st.sampled_from("abAB01:+@/.-_ é"), max_size=12) | st.text(max_size=120)


@given(NAMES, NAMES)
@example("joint@top", "joint+top")
@example("cooperative:a/b", "cooperative:a-b")
@example(f"{LONG}+linear", f"{LONG}+tree")
@example("a b", slug("a b"))
@example("Model", "model")
@example("", "candidate")
def test_different_names_have_different_folders(one, other):
    if one != other:
        assert slug(one).lower() != slug(other).lower()
    assert slug(one) == slug(str(one))


@given(NAMES)
@example(".." * 30)
def test_a_folder_name_is_short_and_goes_nowhere_else(name):
    made = slug(name)
    assert made.isascii()
    assert 0 < len(made) <= 120
    assert not set(made) & set("/\\:~ ")
    assert made.strip(".-") == made


@pytest.mark.parametrize("name", ["dummy", "columns", "text-tfidf", "cooperative-tuned", "auto"])
def test_a_plain_name_is_its_own_folder(name):
    assert slug(name) == name


def test_a_run_of_an_earlier_version_is_found_under_the_readable_name_alone(tmp_path):
    earlier = earlier_folder(tmp_path, "joint@top")
    assert earlier.name == "joint-top"
    assert candidate_folder(tmp_path, "joint@top").name == slug("joint@top")
    earlier.mkdir(parents=True)
    (earlier / "detail.json").write_text(json.dumps({"name": "joint@top"}))
    assert candidate_folder(tmp_path, "joint@top") == earlier
    assert candidate_folder(tmp_path, "joint+top") != earlier  # it shared the folder; what lies there is not its own
    (tmp_path / "candidates" / slug("joint@top")).mkdir()
    assert candidate_folder(tmp_path, "joint@top").name == slug("joint@top")


def test_results_say_the_form_that_programs_were_told_of():
    """Who changes the form of ``compare --json`` gives it another number, and says so in the changelog."""
    about = {"task": "binary", "metric": "accuracy", "target": "mood", "n_rows": 9, "folds": 3, "seed": 0}
    assert Comparison(**about, candidates=[]).schema_version == 1
