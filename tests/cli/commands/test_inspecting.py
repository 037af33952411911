"""``inspect``: what is read of a file and what its columns are, in words and as JSON that other commands take back."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main

YEARS = ["10+ years", "< 1 year", "2 years", "1 year"]
LOANS = "amount,rate,opened,years,status\n" + "".join(
    f'"${1000 + 37 * row:,}.50",{5 + row % 7}.65%,{1 + row % 28:02}/0{1 + row % 9}/2021,'
    f"{YEARS[row % 4]},{'pl'[row % 3 // 2]}\n"
    for row in range(40)
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text(LOANS, encoding="utf-8")
    return path


def inspected(capfd, *arguments):
    assert main(["inspect", *map(str, arguments), "--json", "--quiet"]) == 0
    told = json.loads(capfd.readouterr().out)
    return told, {column["name"]: column for column in told["columns"]}


def test_says_how_each_column_is_read(file, capfd):
    told, columns = inspected(capfd, file, "--target", "status")
    assert (told["schema_version"], told["n_rows"], told["delimiter"], told["target"], told["task"]) == (
        1, 40, ",", "status", "binary",
    )  # fmt: skip
    assert told["header_rows"] == [1]
    assert (columns["amount"]["kind"], columns["amount"]["unit"], columns["rate"]["unit"]) == ("number", "$", "%")
    assert columns["opened"]["layout"]["formats"] == ["%d/%m/%Y"]
    assert columns["years"]["layout"]["levels"] == ["< 1 year", "1 year", "2 years", "10+ years"]
    assert columns["amount"]["examples"][0] == "1000.5"


def test_its_output_is_taken_back_as_roles(file, tmp_path, capfd):
    told, _columns = inspected(capfd, file, "--target", "status", "--role", "rate=text", "--role", "years=category")
    (tmp_path / "roles.json").write_text(json.dumps(told), encoding="utf-8")
    again, columns = inspected(capfd, file, "--target", "status", "--roles", tmp_path / "roles.json")
    assert (columns["rate"]["role"], columns["rate"]["kind"]) == ("text", "text")
    assert [one["role"] for one in again["columns"]] == [one["role"] for one in told["columns"]]


def test_the_terminal_shows_the_same(file, capfd):
    assert main(["inspect", str(file), "--quiet"]) == 0
    shown = capfd.readouterr().out
    assert "numbers in $" in shown
    assert "dates such as 22/09/2017" in shown
    assert "a scale of 4 levels" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "nothing=number"], "There is no column “nothing”"),
        (["--role", "amount=colour"], "“amount=colour” is not COLUMN=ROLE"),
        (["--header", "first"], "“first” does not say rows"),
        (["--roles", "missing.json"], "There is no file “missing.json”"),
        (["--target", "nothing"], "There is no column “nothing”"),
    ],
)
def test_what_cannot_be_is_one_sentence(file, capfd, arguments, said):
    assert main(["inspect", str(file), *arguments, "--quiet"]) == 2
    assert said in capfd.readouterr().err
