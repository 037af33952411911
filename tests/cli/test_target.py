"""What flags say of the target's cells: one way of many per flag, over what a plan file says."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.cli.arguments import parser
from core.cli.plans import plan_of
from core.messages import UnknownChoice
from core.plan import TargetAs
from pages.shared.terminal.flags import of_target

TAGS = ["Mail", "Chat", "Mail; Chat", "Chat; Phone"]
ROWS = "x,kind,price,tags\n" + "".join(
    f"{row % 7},{'ab'[row % 2] if row % 20 else 'z'},{1.15**row:.2f},{TAGS[row % 4]}\n" for row in range(80)
)
CHOICES = [
    TargetAs(way="log"),
    TargetAs(way="bins", bins=6),
    TargetAs(way="bins", edges=[0.1, 250000]),
    TargetAs(way="bins", edges=[12]),
    TargetAs(way="label", label="a:b, c"),
    TargetAs(rare="drop", rare_below=9),
    TargetAs(rare="merge", other="The rest"),
    TargetAs(way="bins", edges=[5, 7], rare="drop"),
]


def planned(*flags):
    return plan_of(parser().parse_args(["fit", "file.csv", "--target", "y", *map(str, flags)])).target_as


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.mark.parametrize("how", CHOICES, ids=lambda how: " ".join(of_target(how)))
def test_the_flags_of_a_choice_make_that_choice(how):
    assert planned(*of_target(how)) == how


def test_flags_go_over_the_plan_file(tmp_path):
    (tmp_path / "plan.json").write_text(
        json.dumps({"target": "y", "target_as": {"way": "bins", "bins": 3, "rare": "drop"}}), encoding="utf-8"
    )
    plan = ["--plan", tmp_path / "plan.json"]
    assert planned(*plan) == TargetAs(way="bins", bins=3, rare="drop")
    assert planned(*plan, "--target-as", "bins:8") == TargetAs(way="bins", bins=8, rare="drop")
    assert planned(*plan, "--target-as", "plain", "--rare", "merge:R") == TargetAs(rare="merge", other="R")
    assert planned(*plan, "--rare-below", 7) == TargetAs(way="bins", bins=3, rare="drop", rare_below=7)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--target-as", "sqrt"], "no way to predict a column"),
        (["--target-as", "bins:1"], "fewer than 2"),
        (["--target-as", "bins:few"], "does not say ranges"),
        (["--target-as", "bins:9,3"], "do not rise"),
        (["--target-as", "label:"], "no way to predict a column"),
        (["--rare", "hide"], "is not drop, merge"),
        (["--rare-below", "8"], "Add --rare drop"),
        (["--rare", "drop", "--rare-below", "1"], "whole number from 2"),
    ],
)
def test_what_can_not_be_is_said(flags, why):
    with pytest.raises(UnknownChoice, match=why):
        planned(*flags)


def inspected(capfd, *arguments):
    assert main(["inspect", *map(str, arguments), "--json", "--quiet"]) == 0
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize(
    ("target", "code"), [("price", "skewed"), ("kind", "rare_classes"), ("tags", "several_labels")]
)
def test_inspect_names_what_can_be_done(file, capfd, target, code):
    told = inspected(capfd, file, "--target", target)
    column = next(one for one in told["columns"] if one["name"] == target)
    assert code in [one["code"] for one in column["findings"]]
    assert main(["inspect", str(file), "--target", target]) == 0
    assert "--target-as" in (shown := capfd.readouterr().out) or "--rare drop" in shown


def test_inspect_says_what_a_choice_comes_to(file, capfd):
    told = inspected(capfd, file, "--target", "price", "--target-as", "bins:2")
    assert (told["task"], len(told["target_as"]["edges"])) == ("binary", 1)
    assert inspected(capfd, file, "--target", "tags", "--target-as", "label:Chat")["task"] == "binary"
    assert main(["inspect", str(file), "--target", "price", "--target-as", "log"]) == 0
    assert "“price” is learned by its logarithm" in capfd.readouterr().out
    assert main(["inspect", str(file), "--target", "kind", "--target-as", "log"]) == 2
    assert "holds no numbers" in capfd.readouterr().err


def test_fit_and_predict_say_the_same(file, tmp_path, capfd):
    made = tmp_path / "made"
    assert main(["fit", str(file), "--target", "price", "--target-as", "bins:9,90", "--candidate", "columns+tree",
                 "--out", str(made), "--json", "--quiet"]) == 0  # fmt: skip
    told = json.loads(capfd.readouterr().out)
    assert told["target_as"]["edges"] == [9, 90]
    assert sorted(told["classes"]) == sorted(["below 9", "9 to 90", "90 and more"])
    assert main(["predict", str(made), str(file), "--json"]) == 0
    out = capfd.readouterr()
    rows = json.loads(out.out)["rows"]
    assert {row["prediction"] for row in rows} <= set(told["classes"])
    assert "“price” is predicted as ranges: below 9, 9 to 90, 90 and more." in out.err
