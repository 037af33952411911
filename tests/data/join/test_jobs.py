"""A joined data set: nothing is lost, both sources are kept, and reading it again makes the join again."""

from __future__ import annotations

import pandas as pd
import pytest

from core.access import consent
from core.data import jobs, overrides, table
from core.data.join import jobs as join_jobs
from core.data.join.documents import JOINS, PREVIEW, Joins, Preview
from core.data.schema import Reading, Schema, read_model
from core.jobs.context import Context
from core.messages import UnusableData
from core.workspace import Workspace, new_id
from tests.hostile.malformed import workbook

SALES = "shop,town,sold\n" + "".join(f"s{k},{('Oslo', 'Rome', 'Bern', 'Kyiv')[k % 4]},{k % 9}.5\n" for k in range(40))
TOWNS = "name;people;sold\nOslo;1.234,5;x\n Rome ;2.500,0;y\nBern;300,25;x\nParis;4,0;y\n"
JOIN = {"key": "town", "other_key": "name"}


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "ada", "job", tmp_path / "run")


@pytest.fixture
def upload(context):
    """Puts a file where uploads lie.  →  the upload's id"""

    def made(content: str, name: str = "towns.csv") -> str:
        upload_id = new_id()
        folder = context.workspace.upload_folder(upload_id)
        folder.mkdir()
        context.workspace.add_upload(upload_id, context.owner)
        (folder / name).write_text(content, encoding="utf-8")
        return upload_id

    return made


@pytest.fixture
def sales(context, upload):
    dataset = new_id()
    params = {"dataset": dataset, "name": "Sales", "uploads": [upload(SALES, "sales.csv")], "target": "sold"}
    jobs.read(params, context)
    return dataset


def joined(context, source, upload_id, **settings) -> str:
    dataset = new_id()
    join = JOIN | {"upload": upload_id} | settings
    jobs.read({"dataset": dataset, "name": "Sales and towns", "source": source, "join": join}, context)
    return dataset


def folder(context, dataset):
    return context.workspace.dataset_folder(dataset)


def test_a_second_file_adds_its_columns_and_the_first_table_stays(context, upload, sales):
    before = (folder(context, sales) / "table.parquet").read_bytes()
    second = upload(TOWNS)
    dataset = joined(context, sales, second)
    frame = table.load(folder(context, dataset))
    assert list(frame) == ["shop", "town", "sold", "people", "sold (towns)"]
    assert frame["people"].head(4).tolist()[:3] == [1234.5, 2500.0, 300.25]
    assert frame["people"].isna().sum() == 10
    assert frame["shop"].tolist() == [f"s{k}" for k in range(40)]
    assert (folder(context, sales) / "table.parquet").read_bytes() == before
    row = context.workspace.dataset(dataset, "ada")
    assert (row.n_rows, row.n_columns) == (40, 5)
    assert not context.workspace.upload_folder(second).exists()


def test_consent_to_send_the_first_table_is_none_for_what_was_joined_to_it(context, upload, sales):
    consent.give(context.workspace, sales, "llm.example", "ada")
    dataset = joined(context, sales, upload(TOWNS))
    assert consent.given(context.workspace, sales, "llm.example", "ada")
    assert not consent.given(context.workspace, dataset, "llm.example", "ada")


def test_what_matched_stands_in_how_it_was_read(context, upload, sales):
    dataset = joined(context, sales, upload(TOWNS))
    reading = read_model(Reading, folder(context, dataset) / "reading.json")
    notes = [str(note) for note in reading.notes]
    assert "Joined with “towns.csv” by “town” = “name”: 30 of 40 rows found their key there." in notes
    assert "1 key has no match: Kyiv." in notes
    assert any(note.startswith("New files to be scored must have the joined columns already: people") for note in notes)
    assert reading.n_columns == 5
    assert reading.layouts["people"].decimal == ","


def test_target_and_roles_set_by_hand_go_along(context, upload, sales):
    overrides.change(folder(context, sales), "shop", "ignored")
    schema = read_model(Schema, folder(context, joined(context, sales, upload(TOWNS))) / "schema.json")
    assert schema.target == "sold"
    assert schema.column("shop").role == "ignored"


def test_reading_it_again_with_other_options_makes_the_join_again(context, upload, sales):
    dataset = joined(context, sales, upload(TOWNS), ignore_case=True)
    first = table.load(folder(context, dataset))
    options = {"kinds": {"people": "text", "shop": "text"}}
    jobs.read({"dataset": dataset, "name": "again", "source": dataset, "options": options}, context)
    again = table.load(folder(context, dataset))
    assert list(again) == list(first)
    assert again["people"].iloc[0] == "1.234,5"
    pd.testing.assert_series_equal(again["sold (towns)"], first["sold (towns)"])
    source = folder(context, dataset) / "source"
    assert (source / "sales.csv").read_text() == SALES
    assert (source / "join" / "1" / "towns.csv").read_text() == TOWNS
    notes = [str(note) for note in read_model(Reading, folder(context, dataset) / "reading.json").notes]
    assert sum(note.startswith("Joined with") for note in notes) == 1


def test_without_its_key_column_reading_it_again_is_refused_and_nothing_changes(context, upload, sales):
    dataset = joined(context, sales, upload(TOWNS))
    before = (folder(context, dataset) / "table.parquet").read_bytes()
    with pytest.raises(UnusableData, match="The table has no column “town”"):
        jobs.read({"dataset": dataset, "name": "x", "source": dataset, "options": {"header": False}}, context)
    assert (folder(context, dataset) / "table.parquet").read_bytes() == before


def test_a_third_file_is_joined_to_the_joined_table(context, upload, sales):
    dataset = joined(context, sales, upload(TOWNS))
    third = joined(
        context, dataset, upload("kind,colour\nx,red\ny,blue\n", "kinds.csv"), key="sold (towns)", other_key="kind"
    )
    jobs.read({"dataset": third, "name": "x", "source": third}, context)
    frame = table.load(folder(context, third))
    assert list(frame)[-1] == "colour"
    assert frame["colour"].head(2).tolist() == ["red", "blue"]
    files = [made.file for made in read_model(Joins, folder(context, third) / JOINS).joins]
    assert files == ["towns.csv", "kinds.csv"]
    assert (folder(context, third) / "source" / "join" / "2" / "kinds.csv").exists()


def test_the_test_file_gets_the_columns_too(context, upload):
    dataset = new_id()
    test = upload("shop,town,sold\nz1,Bern,1.5\nz2,Nowhere,2.5\n", "test.csv")
    params = {"dataset": dataset, "name": "x", "uploads": [upload(SALES, "sales.csv")], "test_upload": test}
    jobs.read(params, context)
    frame = table.load(folder(context, joined(context, dataset, upload(TOWNS))), test=True)
    assert frame["people"].tolist()[0] == 300.25
    assert frame["people"].isna().tolist() == [False, True]


def test_a_refused_join_leaves_the_upload_and_no_data_set(context, upload, sales):
    second = upload(TOWNS + "Oslo;1;z\n")
    with pytest.raises(UnusableData, match="1 key of “name” repeats: “Oslo” \\(2 times\\)"):
        joined(context, sales, second)
    with pytest.raises(UnusableData, match="Not one value of “shop”"):
        joined(context, sales, second, key="shop", repeats="first")
    assert context.workspace.upload_folder(second).exists()
    assert [row.id for row in context.workspace.datasets("ada")] == [sales]


def test_the_preview_guesses_the_keys_and_counts_without_making_anything(context, upload, sales):
    second = upload(TOWNS)
    join_jobs.preview({"dataset": sales, "upload": second}, context)
    found = read_model(Preview, context.workspace.upload_folder(second) / PREVIEW)
    assert (found.file, found.asked.key, found.asked.other_key) == ("towns.csv", "town", "name")
    assert (found.report.n_matched, found.report.unmatched, found.report.n_unused) == (30, ["Kyiv"], 1)
    assert len(context.workspace.datasets("ada")) == 1
    dataset = joined(context, sales, second)
    assert context.workspace.dataset(dataset, "ada").n_columns == 5


def test_the_preview_of_similar_keys_shows_the_doubtful_ones(context, upload, sales):
    second = upload("name,v\nOslo,1\nRoma,2\nKiev,3\n")
    asked = JOIN | {"similarity": 0.5}
    join_jobs.preview({"dataset": sales, "upload": second, "join": asked}, context)
    report = read_model(Preview, context.workspace.upload_folder(second) / PREVIEW).report
    assert [(pair.key, pair.other_key) for pair in report.least_similar] == [("Rome", "Roma"), ("Kyiv", "Kiev")]


def test_nobody_looks_into_another_persons_table(context, upload, sales):
    stranger = Context(context.workspace, "eve", "job", context.folder)
    with pytest.raises(UnusableData, match="not there any more"):
        join_jobs.preview({"dataset": sales, "upload": upload(TOWNS)}, stranger)
    with pytest.raises(UnusableData, match="not there any more"):
        joined(stranger, sales, upload(TOWNS))


def test_an_excel_key_of_numbers_meets_a_csv_with_zeros_before_and_gaps(context, upload):
    dataset = new_id()
    plants = "Werk;Ort\n" + "".join(f"{k % 30 + 100};Halle {k}\n" for k in range(60)) + ";leer\n"
    jobs.read({"dataset": dataset, "name": "x", "uploads": [upload(plants, "werke.csv")]}, context)
    second = upload('\ufeff"Werk","Leiter"\n' + "".join(f'"0{k + 100}","L{k % 7}"\n' for k in range(25)), "leiter.csv")
    made = folder(context, joined(context, dataset, second, key="Werk", other_key="Werk"))
    report = read_model(Joins, made / JOINS).joins[0].report
    assert (report.n_matched, report.n_without_key, report.n_unmatched_keys) == (50, 1, 5)
    assert table.load(made)["Leiter"].iloc[3] == "L3"


def test_of_a_workbook_another_sheet_can_be_joined_and_is_read_again(context, sales):
    second = new_id()
    path = context.workspace.upload_folder(second) / "book.xlsx"
    path.parent.mkdir()
    context.workspace.add_upload(second, context.owner)
    rates = [["currency", "rate"], ["EUR", "1.5"], ["USD", "1.1"]]
    path.write_bytes(workbook({"Rates": rates, "Towns": [["name", "people"], ["Oslo", "5"], ["Rome", "6"]]}))
    join_jobs.preview({"dataset": sales, "upload": second}, context)
    found = read_model(Preview, path.parent / PREVIEW)
    assert (found.sheets, found.asked.sheet) == (["Rates", "Towns"], "Rates")
    join_jobs.preview({"dataset": sales, "upload": second, "sheet": "Towns"}, context)
    found = read_model(Preview, path.parent / PREVIEW)
    assert (found.asked.sheet, found.asked.key, found.asked.other_key) == ("Towns", "town", "name")
    dataset = joined(context, sales, second, sheet="Towns")
    jobs.read({"dataset": dataset, "name": "x", "source": dataset}, context)
    assert table.load(folder(context, dataset))["people"].head(2).tolist() == [5, 6]


def test_a_masked_key_is_counted_but_never_shown(context, upload):
    dataset = new_id()
    people = "mail,paid\n" + "".join(f"person{k}@example.org,{k}\n" for k in range(40))
    jobs.read({"dataset": dataset, "name": "x", "uploads": [upload(people, "people.csv")]}, context)
    overrides.decide(folder(context, dataset), "mail", "mask")
    second = upload("mail,age\nperson1@example.org,30\nperson2@example.org,40\n", "ages.csv")
    asked = {"key": "mail", "other_key": "mail"}
    join_jobs.preview({"dataset": dataset, "upload": second, "join": asked}, context)
    assert "person" not in (context.workspace.upload_folder(second) / PREVIEW).read_text()
    made = folder(context, joined(context, dataset, second, **asked))
    assert "person" not in (made / JOINS).read_text() + (made / "reading.json").read_text()
    assert read_model(Joins, made / JOINS).joins[0].report.n_matched == 2
    assert read_model(Schema, made / "schema.json").column("mail").masked
