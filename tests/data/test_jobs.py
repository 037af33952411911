"""The read job: a data set's folder is complete or not there at all."""

from __future__ import annotations

import pytest

from core.data import jobs, overrides, table
from core.data.duplicates import cleaning
from core.data.schema import Reading, Report, Schema, read_model
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, UnreadableFile, UnusableData
from core.workspace import Workspace, new_id

TABLE = b"name,age,label\n" + b"".join(b"n%d,%d,%s\n" % (k, k % 9, b"ab"[k % 2 : k % 2 + 1]) for k in range(60))


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "ada", "job", tmp_path / "run")


def upload(context, content: bytes, name: str = "people.csv") -> str:
    upload_id = new_id()
    folder = context.workspace.upload_folder(upload_id)
    folder.mkdir()
    context.workspace.add_upload(upload_id, context.owner)
    (folder / name).write_bytes(content)
    return upload_id


def test_an_upload_becomes_a_data_set(context):
    dataset, uploaded = new_id(), upload(context, TABLE)
    jobs.read({"dataset": dataset, "name": "People", "uploads": [uploaded], "target": "label"}, context)
    folder = context.workspace.dataset_folder(dataset)
    row = context.workspace.dataset(dataset, "ada")
    assert (row.name, row.n_rows, row.n_columns) == ("People", 60, 3)
    assert (folder / "source" / "people.csv").read_bytes() == TABLE
    assert read_model(Schema, folder / "schema.json").target == "label"
    assert read_model(Report, folder / "report.json").n_rows == 60
    assert not context.workspace.upload_folder(uploaded).exists()
    assert [path.name for path in folder.parent.iterdir()] == [dataset]


def test_a_failed_read_leaves_the_upload_and_nothing_else(context):
    dataset, uploaded = new_id(), upload(context, b"a,b\n")
    with pytest.raises(UnreadableFile):
        jobs.read({"dataset": dataset, "name": "x", "uploads": [uploaded]}, context)
    assert context.workspace.upload_folder(uploaded).exists()
    assert not list((context.workspace.home / "datasets").iterdir())
    assert context.workspace.datasets("ada") == []


def test_a_cancelled_read_leaves_nothing(context):
    context.stop = lambda: True
    with pytest.raises(Cancelled):
        jobs.read({"dataset": new_id(), "name": "x", "sample": "tickets"}, context)
    assert not list((context.workspace.home / "datasets").iterdir())


def test_reading_again_with_other_options_keeps_the_id_and_the_target(context):
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "x", "paste": "a;b\n1;2,5\n3;4,5\n5;6,25\n"}, context)
    overrides.set_target(context.workspace.dataset_folder(dataset), "a")
    before = context.workspace.dataset(dataset, "ada")
    jobs.read({"dataset": dataset, "name": "x", "source": dataset, "options": {"header": False}}, context)
    after = context.workspace.dataset(dataset, "ada")
    assert (before.n_rows, after.n_rows) == (3, 4)
    assert before.created == after.created
    assert before.content_hash != after.content_hash
    jobs.read({"dataset": dataset, "name": "x", "source": dataset}, context)
    assert context.workspace.dataset(dataset, "ada").content_hash == before.content_hash


def test_a_failed_replacement_keeps_what_was_there(context):
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "x", "uploads": [upload(context, TABLE)]}, context)
    with pytest.raises(AmalgamError):
        jobs.read({"dataset": dataset, "name": "x", "uploads": [upload(context, b"")]}, context)
    assert len(table.load(context.workspace.dataset_folder(dataset))) == 60


def test_a_test_file_must_have_the_same_columns(context):
    files = {"uploads": [upload(context, TABLE)], "test_upload": upload(context, b"label,name\na,x\nb,y\n", "t.csv")}
    with pytest.raises(UnreadableFile, match="age"):
        jobs.read({"dataset": new_id(), "name": "x", **files}, context)


def test_a_test_file_is_put_in_the_tables_order_and_types(context):
    dataset = new_id()
    test = upload(context, b"label,age,name\na,3.0,x\nb,4.0,y\n", "t.csv")
    jobs.read({"dataset": dataset, "name": "x", "uploads": [upload(context, TABLE)], "test_upload": test}, context)
    folder = context.workspace.dataset_folder(dataset)
    assert table.load(folder, test=True).dtypes.equals(table.load(folder).dtypes)
    assert read_model(Reading, folder / "reading.json").n_test_rows == 2
    jobs.read({"dataset": dataset, "name": "x", "source": dataset}, context)
    assert len(table.load(folder, test=True)) == 2


def test_somebody_elses_data_set_is_out_of_reach(context):
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "x", "sample": "tickets"}, context)
    context.owner = "eve"
    for params in ({"dataset": dataset, "sample": "tickets"}, {"dataset": new_id(), "source": dataset}):
        with pytest.raises(UnusableData):
            jobs.read({"name": "x", **params}, context)
    with pytest.raises(UnusableData):
        jobs.clean({"dataset": dataset}, context)


@pytest.mark.parametrize("bad", ["../../etc", "", "x" * 24])
def test_ids_from_outside_are_checked(context, bad):
    with pytest.raises(UnusableData):
        jobs.read({"dataset": bad, "name": "x", "sample": "tickets"}, context)


def test_a_target_that_is_not_there_is_named(context):
    with pytest.raises(UnusableData, match="“mood”"):
        jobs.read({"dataset": new_id(), "name": "x", "sample": "tickets", "target": "mood"}, context)


def test_cleaning_the_ticket_sample_finds_the_planted_ones(context):
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "x", "sample": "tickets"}, context)
    jobs.clean({"dataset": dataset, "similarity": 0.85}, context)
    folder = context.workspace.dataset_folder(dataset)
    assert len(table.load(folder)) <= 738 - 17
    cleaning.undo(folder)
    assert len(table.load(folder)) == 738


PRICES = "price,size,grade,label\n" + "".join(
    f"{'ask for ' + 'abc'[k % 3] * k if k % 3 else f'${k}'},{k % 5},{'lmh'[k % 3]},{'ab'[k % 2]}\n" for k in range(60)
)


@pytest.fixture
def prices(context):
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "x", "paste": PRICES, "target": "label"}, context)
    return dataset


def again(context, dataset: str, **params) -> Schema:
    jobs.read({"dataset": dataset, "name": "x", "source": dataset} | params, context)
    return read_model(Schema, context.workspace.dataset_folder(dataset) / "schema.json")


def test_reading_again_keeps_roles_set_by_hand(context, prices):
    overrides.change(context.workspace.dataset_folder(prices), "size", "category")
    schema = again(context, prices, options={"kinds": {"price": "number"}}, roles={"price": "number"})
    assert [schema.column(name).role for name in ("price", "size", "label")] == ["number", "category", "target"]
    assert schema.column("size").guessed == "number"


def test_a_role_set_by_hand_goes_with_the_kind_it_was_set_for(context, prices):
    overrides.change(context.workspace.dataset_folder(prices), "size", "ignored")
    schema = again(context, prices, options={"kinds": {"size": "text"}})
    assert schema.column("size").role == "category"


def test_the_target_stays_the_target_whatever_it_is_read_as(context, prices):
    schema = again(context, prices, options={"kinds": {"label": "ordered"}}, roles={"label": "category"})
    assert schema.target == "label"
    assert schema.column("label").layout.levels == ["a", "b"]


def test_what_was_said_of_columns_is_kept_until_it_is_taken_back(context, prices):
    again(context, prices, options={"kinds": {"price": "number"}})
    assert again(context, prices, options={"delimiter": ","}).column("price").layout.kind == "number"
    assert again(context, prices, options={"kinds": {}}).column("price").layout.kind == "text"


def test_other_files_in_its_place_begin_anew(context, prices):
    again(context, prices, options={"kinds": {"price": "number"}})
    jobs.read({"dataset": prices, "name": "x", "uploads": [upload(context, PRICES.encode())]}, context)
    schema = read_model(Schema, context.workspace.dataset_folder(prices) / "schema.json")
    assert schema.column("price").layout.kind == "text"


def test_a_test_file_is_read_as_the_table_is(context):
    dataset, params = new_id(), {"name": "x", "target": "label", "options": {"kinds": {"price": "number"}}}
    test = PRICES.replace("ask for", "not for")  # other words than in the table: missing there, too
    uploads = {"uploads": [upload(context, PRICES.encode())], "test_upload": upload(context, test.encode(), "test.csv")}
    jobs.read({"dataset": dataset} | params | uploads, context)
    assert str(table.load(context.workspace.dataset_folder(dataset), test=True)["price"].dtype) == "float64"
