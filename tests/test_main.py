"""The command line: what it prints, where it prints it, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.allowed import models
from core.cli.terminal import language_of
from core.data.samples import sample
from core.data.schema import read_model
from core.fuse.candidate import Candidate
from core.results.comparison import Comparison, candidate_folder
from core.workspace import DatasetRow, now

ROOT = Path(__file__).parent.parent
FAST = ["--candidates", "dummy,text-tfidf", "--holdout", "0.3"]
DOCUMENT = [
    "schema_version", "task", "target", "metric", "classes", "n_rows", "folds", "seed", "excluded", "candidates",
    "best", "verdict", "method", "inflation",
]  # fmt: skip
LINE = [
    "name", "mode", "encoder", "model", "status", "reason", "scores", "fold_scores", "fit_seconds", "ms_per_row",
    "size_mb", "leak_badge", "difference", "over_guessing",
]  # fmt: skip


@pytest.fixture(autouse=True)
def english(workspace, monkeypatch):
    """English, and an empty home folder."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def messages(n_rows: int = 90) -> pd.DataFrame:
    """Messages whose words say which class they are."""
    chance = np.random.default_rng(3)
    spam = chance.random(n_rows) < 0.5
    good = ["see you at lunch today", "the report is attached here", "thanks for your kind help"]
    bad = ["win a free prize now", "claim your cash reward today", "free entry, call to win"]
    return pd.DataFrame(
        {
            "note": [f"{chance.choice(bad if one else good)} {number}" for number, one in enumerate(spam)],
            "plan": chance.choice(["gold", "free", "team"], n_rows),
            "length": chance.integers(10, 99, n_rows),
            "kind": np.where(spam, "spam", "ham"),
        }
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "messages.csv"
    messages().to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def fitted(table, tmp_path_factory):
    """A bundle that ``fit`` made."""
    out = tmp_path_factory.mktemp("bundles") / "spam"
    assert main(["fit", table, "--target", "kind", "--candidate", "cooperative:tfidf", "--out", str(out)]) == 0
    return out


def spoken(capfd, *arguments: str, code: int = 0) -> str:
    """What a command prints on standard output."""
    capfd.readouterr()
    assert main(list(arguments)) == code
    return capfd.readouterr().out


def refused(capfd, *arguments: str, code: int = 2) -> str:
    """What a command that fails says on standard error; it prints nothing else."""
    capfd.readouterr()
    assert main(list(arguments)) == code
    said = capfd.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


# compare


def test_json_is_one_document_with_every_promised_field(table, capfd):
    found = json.loads(spoken(capfd, "compare", table, "--target", "kind", *FAST, "--json"))
    assert [key for key in DOCUMENT if key not in found] == []
    for line in found["candidates"]:
        assert [key for key in LINE if key not in line] == []
    assert set(found["verdict"]) == {"code", "text", "numbers", "llm", "rival", "left_out"}
    assert isinstance(found["verdict"]["text"], str)
    assert found["classes"] == ["ham", "spam"]
    assert found["folds"] == 1
    dummy, tfidf = found["candidates"]
    assert set(tfidf["scores"]["accuracy"]) == {"mean", "low", "high"}
    assert set(tfidf["difference"]) == {"to", "mean", "low", "high", "p", "joint_low", "joint_high"}
    assert tfidf["scores"]["accuracy"]["mean"] > dummy["scores"]["accuracy"]["mean"]
    assert found["best"] == "text-tfidf"
    assert tfidf["size_mb"] is None  # no model was asked for, so none was fitted on all rows


def test_models_are_fitted_on_all_rows_only_where_they_are_asked_for(table, capfd, tmp_path):
    out = tmp_path / "run"
    found = json.loads(spoken(capfd, "compare", table, "--target", "kind", *FAST, "--json", "--out", str(out)))
    assert all(line["size_mb"] > 0 for line in found["candidates"])
    assert (candidate_folder(out, "text-tfidf") / "bundle" / "manifest.json").exists()


def test_what_libraries_print_does_not_reach_standard_output(table, capfd, monkeypatch):
    fit = Candidate.fit

    def chatty(self, X, y):
        print("a library speaks")
        os.write(1, b"a library in C speaks\n")
        return fit(self, X, y)

    monkeypatch.setattr(Candidate, "fit", chatty)
    capfd.readouterr()
    assert main(["compare", table, "--target", "kind", *FAST, "--json"]) == 0
    said = capfd.readouterr()
    json.loads(said.out[said.out.index("{") :])
    assert "in C" not in said.out
    assert "in C" in said.err


def test_the_leaderboard_can_be_read(table, capfd):
    lines = spoken(capfd, "compare", table, "--target", "kind", *FAST).splitlines()
    assert any("Accuracy" in line and "95 % interval" in line for line in lines)
    names = [line.split()[0] for line in lines if line.startswith(("dummy ", "text-tfidf "))]
    assert names == ["text-tfidf", "dummy"]


def test_sentences_are_in_the_language_of_the_environment(table, capfd, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    found = json.loads(spoken(capfd, "compare", table, "--target", "kind", *FAST, "--json"))
    assert any("一" <= letter <= "鿿" for letter in found["verdict"]["text"])
    assert "没有" in refused(capfd, "compare", "nowhere.csv", "--target", "kind")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh_CN"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_language_is_looked_for_where_gettext_looks(environment, language):
    assert language_of(environment) == language


def test_a_dumped_plan_gives_the_same_result(table, capfd, tmp_path):
    flags = [*FAST, "--drop", "plan", "--role", "length=category", "--seed", "7", "--rows", "80"]
    first = json.loads(spoken(capfd, "compare", table, "--target", "kind", *flags, "--json"))
    plan = tmp_path / "plan.json"
    plan.write_text(spoken(capfd, "compare", table, "--target", "kind", *flags, "--dump-plan"))
    second = json.loads(spoken(capfd, "compare", table, "--plan", str(plan), "--json"))
    assert second["plan_digest"] == first["plan_digest"]
    for one, other in zip(first["candidates"], second["candidates"], strict=True):
        assert one["scores"] == other["scores"]
        assert one["fold_scores"] == other["fold_scores"]
    assert [left_out["column"] for left_out in first["excluded"]] == ["plan"]
    assert first["n_rows"] == 80


def test_flags_go_over_the_plan_file(table, capfd, tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"target": "plan", "seed": 3, "validation": {"kind": "kfold", "folds": 7}}))
    flags = ["--plan", str(plan), "--target", "kind", "--folds", "4", "--group", "plan", "--trials", "2"]
    found = json.loads(spoken(capfd, "compare", table, *flags, "--dump-plan"))
    assert (found["target"], found["seed"]) == ("kind", 3)
    assert (found["validation"]["folds"], found["validation"]["group"]) == (4, "plan")
    assert found["search"]["trials"] == 2


def test_rows_of_another_file_can_be_scored_on(table, capfd, tmp_path):
    messages(40).to_csv(tmp_path / "test.csv", index=False)
    flags = ["--candidates", "text-tfidf", "--test", str(tmp_path / "test.csv"), "--json"]
    found = json.loads(spoken(capfd, "compare", table, "--target", "kind", *flags))
    assert found["folds"] == 1
    assert found["candidates"][0]["status"] == "ok"


def test_text_files_are_a_class_each(capfd, tmp_path):
    kinds = messages()
    for label, ending in (("spam", "neg"), ("ham", "pos")):
        (tmp_path / f"notes.{ending}").write_text("\n".join(kinds[kinds["kind"] == label]["note"]))
    files = [str(tmp_path / "notes.pos"), str(tmp_path / "notes.neg")]
    found = json.loads(spoken(capfd, "compare", *files, "--target", "label", *FAST, "--json"))
    assert found["classes"] == ["neg", "pos"]
    assert found["best"] == "text-tfidf"


def test_one_candidate_that_finishes_is_enough(table, capfd):
    flags = ["--drop", "note", "--candidates", "dummy,text-tfidf", "--holdout", "0.3", "--json"]
    lines = json.loads(spoken(capfd, "compare", table, "--target", "kind", *flags))["candidates"]
    assert [line["status"] for line in lines] == ["ok", "skipped"]
    assert isinstance(lines[1]["reason"], str)


def test_no_candidate_that_can_apply_is_the_users_to_mend(table, capfd):
    flags = ["--drop", "note", "--candidates", "text-tfidf", "--holdout", "0.3", "--json"]
    lines = json.loads(spoken(capfd, "compare", table, "--target", "kind", *flags, code=2))["candidates"]
    assert [line["status"] for line in lines] == ["skipped"]


def test_a_bug_in_every_candidate_is_ours(table, capfd, monkeypatch):
    def broken(self, X, y):
        raise ValueError("arrays of unequal mood")

    monkeypatch.setattr(Candidate, "fit", broken)
    found = json.loads(spoken(capfd, "compare", table, "--target", "kind", *FAST, "--json", code=1))
    assert "unequal mood" in found["candidates"][0]["reason"]


def test_an_unforeseen_error_is_ours(table, capfd, monkeypatch):
    def broken(*arguments, **others):
        raise LookupError("no such drawer")

    monkeypatch.setattr("core.compare.comparison.compare", broken)
    assert main(["compare", table, "--target", "kind", "--json"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert "no such drawer" in said.err
    assert "our fault" in said.err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--target", "mood"], "“mood”"),
        (["--target", "kind", "--candidates", "oracle"], "“oracle”"),
        (["--target", "kind", "--folds", "1"], "validation.folds"),
        (["--target", "kind", "--role", "plan"], "COLUMN=VALUE"),
        (["--target", "kind", "--role", "plan=song"], "“plan=song”"),
        (["--target", "kind", "--drop", "nothing"], "“nothing”"),
        (["--target", "kind", "--plan", "nowhere.json"], "nowhere.json"),
        (["--target", "note"], "“note”"),
        ([], "--target"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(table, capfd, flags, words):
    assert words in refused(capfd, "compare", table, *flags, "--json")


@pytest.mark.parametrize("arguments", [[], ["sing"], ["compare"], ["fit", "x.csv", "--folds", "2", "--holdout", "0.5"]])
def test_a_command_that_makes_no_sense_ends_with_2(arguments, capfd):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capfd.readouterr().out == ""


def test_a_run_can_be_kept_in_a_folder(table, capfd, tmp_path):
    spoken(capfd, "compare", table, "--target", "kind", *FAST, "--out", str(tmp_path / "run"))
    assert read_model(Comparison, tmp_path / "run" / "result.json").best == "text-tfidf"
    assert (tmp_path / "run" / "candidates" / "text-tfidf" / "bundle" / "manifest.json").is_file()
    assert "exists already" in refused(capfd, "compare", table, "--target", "kind", "--out", str(tmp_path / "run"))


def test_questions_are_answered_from_a_table_and_a_run_of_it(table, capfd, tmp_path):
    spoken(capfd, "compare", table, "--target", "kind", *FAST, "--out", str(tmp_path / "run"))
    told = spoken(capfd, "chat", table, "Which model is best?", "--run", str(tmp_path / "run"))
    result = read_model(Comparison, tmp_path / "run" / "result.json")
    assert f"{result.candidate(result.best).scores['accuracy'].mean:.3f}" in told
    counted = json.loads(spoken(capfd, "chat", table, "How many rows are there?", "--json"))
    assert counted["words"] == ""
    assert "90 rows" in counted["facts"][0]
    assert "no comparison in" in refused(capfd, "chat", table, "Why?", "--run", str(tmp_path))


def test_a_registered_run_is_listed_for_whoever_gives_the_code(table, capfd, workspace):
    assert main(["compare", table, "--target", "kind", *FAST, "--register", "--name", "from the shell"]) == 0
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", capfd.readouterr().err)[0]
    workspace.add_dataset(DatasetRow("1", "a-browser", "old", "", 1, 1, now()))
    assert workspace.runs("a-browser") == []  # even the only one there is
    assert workspace.adopt("a-browser", code)
    (run,) = workspace.runs("a-browser")
    assert run.name == "from the shell"
    assert workspace.dataset(run.dataset, "a-browser").n_rows == 90
    assert read_model(Comparison, workspace.run_folder(run.id) / "result.json").best == "text-tfidf"


def test_a_registered_run_is_listed_at_once_for_the_owner_named(table, capfd, workspace):
    spoken(capfd, "compare", table, "--target", "kind", *FAST, "--register", "--owner", "bob")
    assert len(workspace.runs("bob")) == 1
    assert not workspace.unclaimed()


def test_whoever_works_in_the_terminal_may_name_any_folder_of_models(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")  # as for the server beside it
    monkeypatch.setenv("AMALGAM_HOSTS", "lab.example")
    spoken(capfd, "catalog")
    assert models.folder_of(str(tmp_path)) == tmp_path


def test_a_refused_run_leaves_nothing_behind(table, capfd, workspace):
    refused(capfd, "compare", table, "--target", "note", "--register")
    assert workspace.runs("cli") == []
    for name in ("runs", "datasets", "uploads"):
        assert list((workspace.home / name).iterdir()) == []


# fit and predict


def test_fit_and_predict_give_the_table_back_with_answers(fitted, table, capfd, tmp_path):
    out = tmp_path / "scored.csv"
    assert spoken(capfd, "predict", str(fitted), table, "--out", str(out)) == ""
    scored = pd.read_csv(out)
    assert list(scored.columns) == [*messages().columns, "prediction", "probability_ham", "probability_spam"]
    assert (scored["prediction"] == messages()["kind"]).mean() > 0.95
    assert np.allclose(scored["probability_ham"] + scored["probability_spam"], 1)


def test_predict_takes_columns_in_any_order_with_the_target_or_without(fitted, table, capfd, tmp_path):
    mixed = messages()[["length", "note", "plan"]].assign(more=1)
    mixed.to_csv(tmp_path / "mixed.csv", index=False)
    first = pd.read_csv(io.StringIO(spoken(capfd, "predict", str(fitted), table)))
    second = pd.read_csv(io.StringIO(spoken(capfd, "predict", str(fitted), str(tmp_path / "mixed.csv"))))
    assert first["prediction"].equals(second["prediction"])
    assert np.array_equal(first["probability_spam"], second["probability_spam"])


def test_a_cell_can_not_become_a_formula(fitted, capfd, tmp_path):
    rows = messages(3).assign(note="=1+1")
    rows.to_csv(tmp_path / "rows.csv", index=False)
    lines = list(csv.reader(io.StringIO(spoken(capfd, "predict", str(fitted), str(tmp_path / "rows.csv")))))
    assert not lines[1][0].startswith("=")


def test_a_file_without_a_needed_column_is_refused_by_name(fitted, capfd, tmp_path):
    messages().drop(columns="length").to_csv(tmp_path / "less.csv", index=False)
    out = tmp_path / "scored.csv"
    assert "“length”" in refused(capfd, "predict", str(fitted), str(tmp_path / "less.csv"), "--out", str(out))
    assert not out.exists()


def test_a_word_where_a_number_belongs_is_refused_by_row(fitted, capfd, tmp_path):
    rows = messages().astype({"length": object})
    rows.loc[7, "length"] = "long"
    rows.to_csv(tmp_path / "rows.csv", index=False)
    said = refused(capfd, "predict", str(fitted), str(tmp_path / "rows.csv"))
    assert "“length”" in said
    assert "row 8" in said


def test_an_unseen_category_is_scored_and_told(fitted, capfd, tmp_path):
    rows = messages()
    rows.loc[0, "plan"] = "platinum"
    rows.to_csv(tmp_path / "rows.csv", index=False)
    capfd.readouterr()
    assert main(["predict", str(fitted), str(tmp_path / "rows.csv"), "--out", str(tmp_path / "scored.csv")]) == 0
    assert "“platinum”" in capfd.readouterr().err
    assert len(pd.read_csv(tmp_path / "scored.csv")) == len(rows)


def test_a_bundle_may_be_a_zip(fitted, table, capfd, tmp_path):
    out = tmp_path / "spam.zip"
    flags = ["--target", "kind", "--candidate", "cooperative:tfidf", "--out", str(out), "--json"]
    told = json.loads(spoken(capfd, "fit", table, *flags))
    assert told["bundle"] == str(out)
    assert told["scores"]["accuracy"]["mean"] > 0.9
    assert spoken(capfd, "predict", str(out), table) == spoken(capfd, "predict", str(fitted), table)


@pytest.mark.slow
def test_a_budget_bounds_what_auto_tries(table, capfd, tmp_path):
    flags = ["--target", "kind", "--drop", "note", "--candidate", "auto", "--json", "--out", str(tmp_path / "b")]
    without = json.loads(spoken(capfd, "fit", table, *flags))["notes"]
    within = json.loads(spoken(capfd, "fit", table, *flags, "--budget", "0.001"))["notes"]
    assert any("Of 5 candidates" in note for note in without)
    assert any("Of 1 candidate," in note and "“columns” was chosen" in note for note in within)


def test_ratings_can_be_asked_for_as_numbers(capfd, tmp_path):
    ratings = [1, 2, *[3, 4, 5, 6, 7, 8] * 10]
    table = pd.DataFrame(
        {"hours": [2.0 * rating + place % 3 for place, rating in enumerate(ratings)], "rating": ratings}
    )
    table.to_csv(tmp_path / "rated.csv", index=False)
    flags = [str(tmp_path / "rated.csv"), "--target", "rating", "--candidates", "columns", "--json"]
    assert "regression" in refused(capfd, "compare", *flags)
    found = json.loads(spoken(capfd, "compare", *flags, "--task", "regression"))
    assert (found["task"], found["candidates"][0]["status"]) == ("regression", "ok")
    assert found["candidates"][0]["scores"]["r2"]["mean"] > 0.8


def test_numbers_are_predicted_without_probabilities(capfd, tmp_path):
    reviews = sample("reviews")
    out = tmp_path / "bundle"
    flags = ["--target", reviews.target, "--candidate", "columns", "--out", str(out)]
    spoken(capfd, "fit", str(reviews.path), *flags)
    scored = pd.read_csv(io.StringIO(spoken(capfd, "predict", str(out), str(reviews.path))))
    assert list(scored.columns)[-1] == "prediction"
    assert scored["prediction"].between(0, 11).all()


def test_fit_writes_over_nothing_but_a_bundle(table, fitted, capfd, tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    flags = ["--target", "kind", "--candidate", "dummy", "--out", str(tmp_path)]
    assert "not a bundle" in refused(capfd, "fit", table, *flags)
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_fit_says_why_a_candidate_can_not_apply(table, capfd, tmp_path):
    flags = ["--target", "kind", "--drop", "note", "--candidate", "text-tfidf", "--out", str(tmp_path / "b")]
    assert "no text column" in refused(capfd, "fit", table, *flags)
    assert not (tmp_path / "b").exists()


# explain


def test_explained_rows_sum_to_what_predict_says(fitted, table, capfd):
    flags = ["--rows", "2:4,7", "--output", "probability", "--class", "spam", "--budget", "3", "--json"]
    found = json.loads(spoken(capfd, "explain", str(fitted), table, *flags))
    assert (found["unit"], found["class"]) == ("probability", "spam")
    assert [row["row"] for row in found["rows"]] == [2, 3, 7]
    scored = pd.read_csv(io.StringIO(spoken(capfd, "predict", str(fitted), table)))
    for row in found["rows"]:
        assert row["output"] == pytest.approx(scored["probability_spam"][row["row"]], abs=1e-9)
        assert row["base"] + sum(column["value"] for column in row["columns"]) == pytest.approx(row["output"], abs=1e-6)
        assert {column["name"] for column in row["columns"]} == {"note", "plan", "length"}
        (note,) = (column for column in row["columns"] if column["name"] == "note")
        words = [part for part in note["parts"] if part["level"] == "word"]
        assert sum(part["value"] for part in words) == pytest.approx(note["value"], abs=1e-6)
        assert all(note["shown"][part["start"] : part["end"]] == part["text"] for part in words)


def test_an_explained_row_can_be_read(fitted, table, capfd, tmp_path):
    rows = messages(2).assign(plan="\x1b[2Jgold", note="win a free prize now")
    rows.to_csv(tmp_path / "rows.csv", index=False)
    lines = spoken(capfd, "explain", str(fitted), str(tmp_path / "rows.csv"), "--rows", "0", "--budget", "1")
    assert "Row 0, “spam”" in lines
    assert any(line.split()[:1] == ["note"] and "█" in line for line in lines.splitlines())
    assert "prize +" in lines
    assert "\x1b" not in lines


def test_what_is_learned_from_a_file_is_kept_and_used_again(table, capfd, tmp_path):
    bundle, kept = str(tmp_path / "b"), str(tmp_path / "kept")
    assert main(["fit", table, "--target", "kind", "--candidate", "cooperative:minilm", "--out", bundle]) == 0
    capfd.readouterr()
    asked = ["explain", bundle, table, "--rows", "0:2", "--texts", "10", "--learned", kept, "--json"]
    first = json.loads(spoken(capfd, *asked, "--learn", "256"))
    again = json.loads(spoken(capfd, *asked))
    (written,) = (tmp_path / "kept").glob("*/learned.json")
    about = json.loads(written.read_text())
    assert 0 < about["error"] < 1
    for one, other in zip(first["rows"], again["rows"], strict=True):
        notes = [next(column for column in row["columns"] if column["name"] == "note") for row in (one, other)]
        assert sum(part["value"] for part in notes[0]["parts"]) == pytest.approx(notes[0]["value"], abs=1e-6)
        values = [[part["value"] for part in note["parts"]] for note in notes]
        assert values[0] == pytest.approx(values[1], abs=0.05)
        assert [note["learned"] for note in notes] == [about["enough"] is not None] * 2


def test_words_that_cost_nothing_are_not_learned(fitted, table, capfd):
    assert "256" in refused(capfd, "explain", str(fitted), table, "--learn", "10")
    assert "No language model reads “note”" in refused(capfd, "explain", str(fitted), table, "--learn", "256")


@pytest.mark.parametrize(
    ("flags", "words"),
    [(["--rows", "90"], "90"), (["--rows", "two"], "two"), (["--class", "eggs"], "“eggs”"), (["--rows", "-4"], "-4")],
)
def test_rows_and_classes_that_are_not_there_are_refused(fitted, table, capfd, flags, words):
    assert words in refused(capfd, "explain", str(fitted), table, *flags)


def test_rows_are_checked_against_shap_and_written_for_its_plots(fitted, table, capfd, tmp_path):
    flags = ["--rows", "2,3", "--output", "probability", "--class", "spam", "--budget", "20", "--check-shap"]
    asked = ["explain", str(fitted), table, *flags, "--shap", str(tmp_path / "rows.npz")]
    found = json.loads(spoken(capfd, *asked, "--json"))
    for row in found["rows"]:
        columns, note = row["shap"]["parts"]
        assert (columns["explainer"], columns["column"], note["column"]) == ("Exact", "", "note")
        assert columns["agreement"] == "rounding"
        assert columns["share_of_longest"] < 0.001
        assert "The two agree" in columns["sentences"][0]
        ours = {column["name"]: column["value"] for column in row["columns"]}
        assert {bar["name"]: bar["ours"] for bar in columns["bars"]} == ours
        assert {bar["name"]: bar["theirs"] for bar in columns["bars"]} == pytest.approx(ours, abs=1e-6)
    with np.load(tmp_path / "rows.npz", allow_pickle=False) as arrays:
        assert str(arrays["output_names"]) == "spam"
        assert arrays["feature_names"].tolist() == ["note", "length", "plan"]
        assert arrays["numbers"][:, 1].tolist() == messages()["length"].iloc[[2, 3]].tolist()
        assert arrays["texts"][:, 0].tolist() == messages()["note"].iloc[[2, 3]].tolist()


def test_a_check_against_shap_can_be_read(fitted, table, capfd, tmp_path):
    path = tmp_path / "rows.npz"
    assert main(["explain", str(fitted), table, "--rows", "0:6", "--budget", "9", "--shap", str(path)]) == 0
    said = capfd.readouterr()
    assert 'np.load("rows.npz")' in said.err
    assert "Each row stands there for the class it was called" in said.err
    assert "beside shap" not in said.out
    lines = spoken(capfd, "explain", str(fitted), table, "--rows", "0", "--budget", "9", "--check-shap")
    assert "Row 0 beside shap " in lines
    assert "the words of “note”" in lines
    assert "shap.explainers.Exact tries every set" in lines
    assert "The two agree" in lines


# catalog and doctor


def test_the_catalog_lists_what_can_be_chosen(capfd):
    found = json.loads(spoken(capfd, "catalog", "--json"))
    assert {"minilm", "tfidf"} <= {entry["name"] for entry in found["encoders"]}
    assert "svm-linear" in {entry["name"] for entry in found["models"]}
    assert {"dummy", "auto"} <= {entry["name"] for entry in found["fusions"]}
    assert "cooperative" in spoken(capfd, "catalog")


def test_the_doctor_says_line_by_line_what_works(capfd):
    lines = spoken(capfd, "doctor").splitlines()
    assert len(lines) > 5
    assert all(line.startswith(("ok: ", "problem: ")) for line in lines)


# Processes


def started(*arguments: str, **others) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "core", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, **others,
    )  # fmt: skip


def test_ctrl_c_ends_with_130_and_what_was_finished(table):
    process = started(
        "compare", table, "--target", "kind", "--candidates", "dummy,cooperative:tfidf+forest", "--trials", "500",
        "--json",
    )  # fmt: skip
    try:
        assert any("forest" in line for line in process.stderr)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "cancelled" in said
    assert [line["status"] for line in json.loads(out)["candidates"]] == ["ok", "cancelled"]


def test_listing_and_help_load_nothing_heavy():
    code = (
        "import sys; from core.__main__ import main; main(['catalog', '--json']);"
        "sys.exit(sorted(set(sys.modules) & {'torch', 'sklearn', 'transformers', 'shap', 'pandas'}) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
