"""Joins from the terminal: what they print, what they refuse, and what a model trained on joined columns asks for."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.data.join.documents import JOINS, Joins
from core.data.schema import read_model
from core.workspace import COMMAND_LINE

TOWNS = ["Oslo", "Rome", "Bern", "Kyiv"]


@pytest.fixture
def files(tmp_path):
    """Sales whose class follows from the town's size, which only the second file knows."""
    chance = np.random.default_rng(5)
    town = chance.choice(TOWNS, 120)
    sales = pd.DataFrame({"town": town, "visits": chance.integers(1, 500, 120)})
    sales["busy"] = np.where(np.isin(town, TOWNS[:2]) ^ (chance.random(120) < 0.15), "yes", "no")
    sales.to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "towns.csv").write_text(
        "name;size;rain\nOslo;900,5;1\nRome;800,5;2\nBern;10,5;3\nKyiv;20,5;4\nX;1,5;5\n"
    )
    return tmp_path / "sales.csv", tmp_path / "towns.csv"


def run(capfd, *words) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capfd.readouterr()
    return code, said.out, said.err


def test_inspect_shows_the_joined_columns_and_what_did_not_match(files, capfd):
    sales, towns = files
    code, out, _err = run(capfd, "inspect", sales, "--join", towns, "--on", "town=name", "--json")
    told = json.loads(out)
    assert code == 0
    assert [column["name"] for column in told["columns"]] == ["town", "visits", "busy", "size", "rain"]
    assert told["joins"][0]["report"]["n_matched"] == 120
    assert told["joins"][0]["report"]["n_unused"] == 1
    assert told["columns"][3]["layout"]["decimal"] == ","


def test_similar_matches_are_listed_to_be_judged(files, capfd):
    sales, towns = files
    towns.write_text("name,size\nOslo,1\nRoome,2\nBern,3\nKyyiv,4\n")
    code, out, _err = run(capfd, "inspect", sales, "--join", towns, "--on", "town=name", "--fuzzy", 0.8)
    assert code == 0
    assert "0.89  “Rome” was taken for “Roome”." in out


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--join", "TOWNS"], "Each --join needs an --on"),
        (["--on", "town"], "Each --join needs an --on"),
        (["--fuzzy", "0.8"], "are for a second file"),
        (["--join", "TOWNS", "--on", "town=name", "--fuzzy", "8"], "“--fuzzy” is a number above 0"),
        (["--join", "nothing.csv", "--on", "town"], "There is no file “nothing.csv”"),
        (["--join", "TOWNS", "--on", "town"], "The second file has no column “town”"),
        (["--join", "TOWNS", "--on", "visits=name"], "Not one value of “visits”"),
    ],
)
def test_what_can_not_be_joined_is_one_sentence(files, capfd, flags, sentence):
    sales, towns = files
    flags = [str(towns) if flag == "TOWNS" else flag for flag in flags]
    code, _out, err = run(capfd, "inspect", sales, *flags)
    assert code == 2
    assert sentence in err
    assert "Traceback" not in err


def test_a_registered_comparison_keeps_its_second_file(files, capfd, workspace):
    sales, towns = files
    flags = ["--join", towns, "--on", "town=name", "--target", "busy", "--candidates", "dummy,columns"]
    code, _out, err = run(capfd, "compare", sales, *flags, "--holdout", 0.3, "--register")
    assert code == 0, err
    row = workspace.datasets(COMMAND_LINE)[0]
    folder = workspace.dataset_folder(row.id)
    assert [made.file for made in read_model(Joins, folder / JOINS).joins] == ["towns.csv"]
    assert (folder / "source" / "join" / "1" / "towns.csv").exists()
    assert not list((workspace.home / "uploads").iterdir())


def test_a_registered_join_that_is_refused_leaves_no_table(files, capfd, workspace):
    sales, towns = files
    flags = ["--join", towns, "--on", "visits=name", "--target", "busy", "--candidates", "dummy"]
    code, _out, err = run(capfd, "compare", sales, *flags, "--register")
    assert (code, workspace.datasets(COMMAND_LINE)) == (2, []), err
    assert not list((workspace.home / "uploads").iterdir())


def test_a_model_of_joined_columns_wants_them_in_new_files(files, capfd, tmp_path):
    sales, towns = files
    flags = ["--join", towns, "--on", "town=name", "--target", "busy", "--candidate", "columns", "--drop", "town"]
    code, _out, err = run(capfd, "fit", sales, *flags, "--out", tmp_path / "model")
    assert code == 0, err
    assert "New files to be scored must have the joined columns already: size, rain." in err
    code, _out, err = run(capfd, "predict", tmp_path / "model", sales)
    assert code == 2
    assert "size" in err
    new = tmp_path / "new.csv"
    new.write_text("town;visits;size;rain\nOslo;3;900,5;1\nBern;3;10,5;3\n")
    code, out, err = run(capfd, "predict", tmp_path / "model", new)
    assert code == 0, err
    rows = pd.read_csv(io.StringIO(out))
    assert [rows.iloc[0].to_list().count("yes"), rows.iloc[1].to_list().count("no")] == [1, 1]
