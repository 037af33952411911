"""“The command that does the same” cleans as the page did: the same rows in the same folds, so the same scores."""

from __future__ import annotations

import shlex

import pandas as pd
import pytest

from core.__main__ import main
from core.compare.files.run_key import KEY_FILE, RunKey
from core.data import overrides
from core.data.duplicates import cleaning as clean
from core.data.schema import Cleaning, Schema, read_model
from core.job_params import CleanParams
from core.plan import Plan, Validation
from core.results.comparison import Comparison, candidate_folder
from pages.shared.terminal import command, flags
from tests.fuse.tables import tickets
from tests.pages import trained
from tests.pages.conftest import OWNER, words

PLAN = Plan(target="mood", task="binary", candidates=["dummy", "columns"], validation=Validation(kind="holdout"))


@pytest.fixture
def repeating(workspace, tmp_path):
    """A table with rows that repeat others, exactly, but for a number, and but for some words.  →  data set, file"""
    table, _schema = tickets(120)
    nearly = table[table["text"].notna()].head(40).assign(hours=9.5)
    loosely = nearly.assign(text=nearly["text"] + " with a note", hours=8.5)
    table = pd.concat([table, table.head(15), nearly, loosely], ignore_index=True)
    table.insert(0, "ticket", [f"T{place}" for place in range(len(table))])
    table["shift"] = [place % 7 for place in range(len(table))]
    table.to_csv(tmp_path / "tickets.csv", index=False)
    text = (tmp_path / "tickets.csv").read_text()
    return trained.read(workspace, tmp_path, paste=text, name="Tickets", target="mood"), tmp_path / "tickets.csv"


def both(workspace, dataset, file, tmp_path) -> tuple[Comparison, Comparison, RunKey, RunKey]:
    """The page's run and the command's: results, and the fingerprints of their rows."""
    folder = workspace.dataset_folder(dataset)
    schema, cleaning = read_model(Schema, folder / "schema.json"), read_model(Cleaning, folder / "cleaning.json")
    line = shlex.split(command.compare([str(file)], schema, PLAN, cleaning).split("\n")[-1])
    assert main([*line[3:], "--out", str(tmp_path / "out"), "--quiet", "--json"]) == 0
    page = workspace.run_folder(trained.train(workspace, dataset, PLAN, "page"))
    results = [read_model(Comparison, place / "result.json") for place in (page, tmp_path / "out")]
    keys = [read_model(RunKey, candidate_folder(place, "columns") / KEY_FILE) for place in (page, tmp_path / "out")]
    return *results, *keys


@pytest.mark.parametrize(
    ("near", "similarity"), [(False, 0.9), (True, 0.9), (True, 0.6)], ids=["exact", "near", "loosely near"]
)
@pytest.mark.parametrize("roles", [{}, {"shift": "id"}, {"text": "category"}], ids=["as guessed", "an id", "no text"])
def test_the_command_sets_the_same_rows_aside(workspace, repeating, tmp_path, capfd, near, similarity, roles):
    dataset, file = repeating
    folder = workspace.dataset_folder(dataset)
    for column, role in roles.items():
        overrides.change(folder, column, role)
    params = CleanParams(dataset=dataset, near=near, similarity=similarity)
    trained.work(workspace, "clean", params, dataset)
    page, typed, ours, theirs = both(workspace, dataset, file, tmp_path)
    assert page.n_rows == typed.n_rows == 215 - len(read_model(Cleaning, folder / "cleaning.json").dropped)
    assert ours == theirs
    assert [line.scores for line in page.candidates] == [line.scores for line in typed.candidates]
    if "shift" in roles:  # the ticket's number and this are all that tells the repeated rows apart
        assert page.n_rows <= 200


def test_without_cleaning_the_command_cleans_nothing(workspace, repeating, tmp_path, capfd):
    page, typed, ours, theirs = both(workspace, *repeating, tmp_path)
    assert page.n_rows == typed.n_rows == 215
    assert ours == theirs


def test_the_pages_show_the_flags_and_say_what_they_can_not_repeat(workspace, repeating, open_page):
    dataset, _file = repeating
    folder = workspace.dataset_folder(dataset)
    trained.work(workspace, "clean", CleanParams(dataset=dataset, similarity=0.75), dataset)
    for name in ("data", "compare"):
        page = open_page(name)
        assert not page.exception
        assert any("--set-aside near --alike 0.75" in code.value for code in page.code)
        assert "columns had other roles" not in words(page)
    overrides.change(folder, "shift", "id")
    assert "columns had other roles" in words(open_page("compare"))
    clean.undo(folder)
    page = open_page("compare")
    assert not any("--set-aside" in code.value for code in page.code)
    assert "columns had other roles" not in words(page)


def test_cleaning_of_an_earlier_version_is_taken_as_the_usual_one(workspace, repeating):
    folder = workspace.dataset_folder(repeating[0])
    (folder / "cleaning.json").write_text('{"dropped": [3], "exact": 1, "near": 0, "pairs": []}')
    cleaning, schema = read_model(Cleaning, folder / "cleaning.json"), read_model(Schema, folder / "schema.json")
    assert cleaning.found_with(schema)
    assert flags.of_table(schema, cleaning) == ["--set-aside", "near", "--alike", "0.9"]


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--alike", "0.8"], "Add --set-aside near."),
        (["--set-aside", "exact", "--alike", "0.8"], "Add --set-aside near."),
        (["--set-aside", "near", "--alike", "0.2"], "from 0.5 to 1"),
    ],
)
def test_what_can_not_be_asked_of_duplicates_is_said(repeating, capfd, flags, why):
    assert main(["compare", str(repeating[1]), "--target", "mood", *flags]) == 2
    assert why in capfd.readouterr().err


def test_a_registered_table_shows_what_was_set_aside(workspace, repeating, capfd):
    base = ["compare", str(repeating[1]), "--target", "mood", "--candidates", "dummy", "--holdout", "0.3"]
    assert main([*base, "--set-aside", "exact", "--register", "--owner", OWNER, "--quiet"]) == 0
    dataset = workspace.datasets(OWNER)[0].id
    cleaning = read_model(Cleaning, workspace.dataset_folder(dataset) / "cleaning.json")
    assert (cleaning.near_too, cleaning.near) == (False, 0)
