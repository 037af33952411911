"""A text about a run is found again in its folder; only its owner edits it, and what was written is never lost."""

from __future__ import annotations

import pytest

from core.messages import UnusableData
from core.results import kept_texts
from core.results.comparison import Answer
from core.results.kept_texts import About
from core.workspace import RunRow, Workspace, new_id

ABOUT = About(task="summary", candidate="cooperative:minilm+linear", language="en")


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def run(workspace):
    name = new_id()
    workspace.run_folder(name).mkdir(parents=True)
    workspace.add_run(RunRow(name, "ann", "", "compare", "Tweets", 0.0))
    return name


@pytest.fixture
def written(workspace, run):
    """A run whose summary a model has written."""
    kept_texts.keep(workspace.run_folder(run), ABOUT, answer("It reaches 0.787."), "then")
    return run


def answer(text, **more):
    return Answer(text=text, tokens=9, seconds=1.0, stopped="end", model="SmolLM2-135M-Instruct", **more)


def found(workspace, run, about=ABOUT):
    return kept_texts.read(workspace.run_folder(run), about)


def test_a_text_is_found_by_what_it_is_about(workspace, written):
    assert found(workspace, written).text == "It reaches 0.787."
    row = {"task": "row", "row": 3}
    others = [{"language": "zh_CN"}, {"candidate": "classical"}, row, row | {"label": "high"}, row | {"unit": "x"}]
    assert len({ABOUT.model_copy(update=other).name for other in [{}, *others]}) == 6
    for other in others:
        assert found(workspace, written, ABOUT.model_copy(update=other)).text == ""


def test_an_edited_text_stands_in_the_place_of_the_written_one_until_it_is_undone(workspace, written):
    kept_texts.edit(workspace, written, "ann", ABOUT, "<b>Mine</b>", "then")
    assert found(workspace, written).text == "<b>Mine</b>"
    kept_texts.keep(workspace.run_folder(written), ABOUT, answer("Written anew."), "then")
    assert found(workspace, written).text == "<b>Mine</b>"  # a model never writes over a person's text
    kept_texts.undo(workspace, written, "ann", ABOUT)
    assert found(workspace, written).text == "Written anew."
    kept_texts.undo(workspace, written, "ann", ABOUT)
    assert found(workspace, written).text == "Written anew."


@pytest.mark.parametrize("owner", ["bob", ""])
def test_nobody_else_edits_or_undoes(workspace, written, owner):
    with pytest.raises(UnusableData):
        kept_texts.edit(workspace, written, owner, ABOUT, "Theirs", "then")
    kept_texts.edit(workspace, written, "ann", ABOUT, "Mine", "then")
    with pytest.raises(UnusableData):
        kept_texts.undo(workspace, written, owner, ABOUT)
    assert found(workspace, written).text == "Mine"


def test_a_run_that_is_no_id_leads_nowhere(workspace):
    with pytest.raises(UnusableData):
        kept_texts.edit(workspace, "../../etc", "ann", ABOUT, "Mine", "")


@pytest.mark.parametrize("text", ["", " \n ", "x" * (kept_texts.MOST_CHARACTERS + 1)])
def test_nothing_and_too_much_are_not_kept(workspace, written, text):
    with pytest.raises(UnusableData):
        kept_texts.edit(workspace, written, "ann", ABOUT, text, "then")
    assert found(workspace, written).edited is None


def test_what_is_written_about_a_deleted_run_makes_no_folder(workspace):
    folder = workspace.run_folder(new_id())
    kept_texts.keep(folder, ABOUT, answer("Late."), "")
    assert not folder.exists()


def told(workspace, run, facts="then", by_you=True):
    return [str(line) for line in kept_texts.origin(found(workspace, run), lambda at: "now", facts, by_you=by_you)]


def test_a_text_says_who_wrote_it_and_whether_it_was_checked(workspace, run):
    assert told(workspace, run) == ["Put together from the results by rules; no model wrote any of it."]
    kept_texts.keep(workspace.run_folder(run), ABOUT, answer("By rules.", by_rules=True), "then")
    assert told(workspace, run) == ["Put together from the results by rules; no model wrote any of it."]
    kept_texts.keep(workspace.run_folder(run), ABOUT, answer("By a model."), "then")
    assert told(workspace, run) == [
        "Written by SmolLM2-135M-Instruct, now. Every sentence was checked against the facts."
    ]
    kept_texts.edit(workspace, run, "ann", ABOUT, "Mine", "then")
    assert told(workspace, run) == [
        "Written by SmolLM2-135M-Instruct, now.", "Edited by you, now, and not checked since.",
    ]  # fmt: skip
    assert told(workspace, run, by_you=False)[1] == "Edited by a person, now, and not checked since."


def test_a_text_about_results_that_have_changed_says_so(workspace, written):
    assert len(told(workspace, written)) == 1
    assert told(workspace, written, facts="now")[-1] == "The results have changed since this text was made."
    kept_texts.edit(workspace, written, "ann", ABOUT, "Mine", "now")
    assert len(told(workspace, written, facts="now")) == 2
