"""“The command that does the same” reads the file as the page did: every option comes back through the parser."""

from __future__ import annotations

import shlex

import pytest

from core.cli import joining
from core.cli.arguments import parser
from core.cli.plans import plan_of
from core.cli.reading import encoding, read_options, roles
from core.data import overrides
from core.data.join.documents import Join, JoinReport
from core.data.schema import Layout, Reading, ReadOptions, Schema, read_model
from core.job_params import JoinParams
from core.messages import UnknownChoice
from core.plan import Plan, TargetAs, Validation
from pages.data import joined
from pages.shared.terminal import command, flags
from tests.pages.conftest import words

OPTIONS = [
    ReadOptions(sheet="Q1 2024"),
    ReadOptions(header_rows=[3, 4], first_row=6, last_row=90),
    ReadOptions(header=True),
    ReadOptions(header=False),
    ReadOptions(encoding="gb18030"),
    ReadOptions(delimiter=";"),
    ReadOptions(delimiter="\t"),
    ReadOptions(delimiter=""),
    ReadOptions(quote="'"),
    ReadOptions(quote=""),
    ReadOptions(skip_bad_lines=False),
    ReadOptions(objects="explode"),
    ReadOptions(documents="blank lines"),
    ReadOptions(documents="paragraphs", lines_each=3),
    ReadOptions(documents="marker", marker="## "),
    ReadOptions(one_spelling=["mood", "a=b"]),
]
EMPTY = Schema(columns=[])


def typed(line: str, tmp_path):
    """A shown command as its parser takes it; the files it writes first lie in `tmp_path`."""
    *made, last = line.split("\n")
    for one in made:
        _echo, text, _to, name = shlex.split(one)
        (tmp_path / name).write_text(text, encoding="utf-8")
    parts = [str(tmp_path / part) if part in {"roles.json", "plan.json"} else part for part in shlex.split(last)]
    return parser().parse_args(parts[3:])


@pytest.mark.parametrize("options", OPTIONS, ids=lambda one: str(one.model_dump(exclude_defaults=True)))
def test_how_a_file_was_read_comes_back(options, tmp_path):
    line = command.compare(["file.csv"], EMPTY, Plan(target="y"), None, options)
    assert read_options(typed(line, tmp_path)) == options


def test_rows_without_a_header_begin_where_they_did(tmp_path):
    line = command.compare(["file.csv"], EMPTY, Plan(target="y"), None, ReadOptions(header_rows=[]))
    assert read_options(typed(line, tmp_path)) == ReadOptions(header=False, first_row=1)


def test_what_was_found_out_is_left_unsaid():
    assert flags.of_reading(ReadOptions()) == []


def test_columns_read_as_something_else_come_back(tmp_path):
    layout = Layout(kind="date", formats=["%d/%m/%Y"])
    options = ReadOptions(kinds={"day": "date", "n": "number"}, layouts={"day": layout}, sheet="Q1")
    found = read_options(typed(command.with_roles(EMPTY, options, ["x", "y", "z", "inspect", "file.csv"]), tmp_path))
    assert (found.sheet, found.layouts["day"], found.kinds["n"]) == ("Q1", layout, "number")


@pytest.mark.parametrize("flag", [["--delimiter", "ab"], ["--quote", "ab"], ["--encoding", "klingon"]])
def test_what_can_not_be_a_way_to_read_is_said(flag):
    with pytest.raises(UnknownChoice):
        read_options(parser().parse_args(["inspect", "file.csv", *flag]))
    assert encoding("UTF-8") == "UTF-8"


def test_joins_come_back(tmp_path):
    second = tmp_path / "cities.csv"
    second.write_text("id,name\n1,Rome\n")
    asked = JoinParams(key="city", other_key="id", sheet="S", ignore_case=True, similarity=0.8, repeats="average")
    report = JoinReport.model_construct()
    made = [Join.model_construct(file=str(second), asked=asked, report=report)]
    options = parser().parse_args(["inspect", "file.csv", *joined.flags(made)])
    (step,) = joining.steps(options)
    assert (step.file, step.asked) == (second, asked)


def test_roles_masks_group_and_target_come_back(tickets, workspace, tmp_path):
    folder = workspace.dataset_folder(tickets)
    overrides.change(folder, "seats", "category")
    overrides.change(folder, "plan", "ignored")
    schema = read_model(Schema, folder / "schema.json")
    plan = Plan(
        target="priority",
        target_as=TargetAs(rare="merge", other="Rest"),
        candidates=["dummy"],
        mask=["message"],
        validation=Validation(group="plan"),
    )
    options = typed(command.compare(["tickets.csv"], schema, plan), tmp_path)
    assert roles(options) == {"seats": "category", "plan": "ignored"}
    assert plan_of(options) == plan.model_copy(update={"roles": roles(options)})


def test_a_test_file_is_named(tmp_path):
    plan = Plan(target="y", validation=Validation(kind="test_file"))
    options = typed(command.compare(["a.csv"], EMPTY, plan, test="later.csv"), tmp_path)
    assert (str(options.test), plan_of(options).validation.kind) == ("later.csv", "test_file")


def test_both_pages_show_how_the_file_was_read(reader, open_page, workspace):
    text = "notes\nx;y\n" + "".join(f"{row};{'ab'[row % 2]}\n" for row in range(40))
    dataset = reader(paste=text, target="y", options={"delimiter": ";", "header_rows": [2], "first_row": 3})
    assert read_model(Reading, workspace.dataset_folder(dataset) / "reading.json").n_rows == 40
    for name in ("data", "compare"):
        page = open_page(name)
        assert not page.exception, words(page)
        shown = [code.value for code in page.code if "core compare" in code.value]
        assert any("--header 2 --first-row 3 --delimiter ';'" in one for one in shown), shown
