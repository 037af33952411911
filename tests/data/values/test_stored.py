"""Layouts travel with a table, a new file is read by them, and what contradicts them is refused with its row."""

import datetime as dt

import pyarrow.parquet as pq
import pytest

from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.data.values.stored import layouts_of
from core.messages import UnreadableFile

TRAINED = "visit;paid;pressure\n24/01/2021;1.250,50;122/75\n07/02/2021;3,25;118/80\n08/03/2021;12,00;131/90\n"


def read(folder, text, **options):
    folder.mkdir()
    (folder / "file.csv").write_text(text, encoding="utf-8")
    return read_files([folder / "file.csv"], ReadOptions(**options), folder)


def test_a_new_file_is_read_by_the_layouts_of_the_table(tmp_path):
    read(tmp_path / "a", TRAINED)
    layouts = layouts_of(tmp_path / "a" / "table.parquet")
    read(tmp_path / "b", "visit;paid;pressure\n07/01/2022;1,250;140/85\n", layouts=layouts, refuse=True)
    found = pq.read_table(tmp_path / "b" / "table.parquet").to_pylist()
    assert found == [{"visit": dt.datetime(2022, 1, 7), "paid": 1.25, "pressure (1)": 140, "pressure (2)": 85}]


@pytest.mark.parametrize(
    ("line", "said"),
    [("13/13/2022;1,25;140/85", "13/13/2022"), ("07/01/2022;12.5;140/85", "12.5"), ("07/01/2022;1,25;140", "140")],
)
def test_what_contradicts_its_layout_is_refused_with_its_row(tmp_path, line, said):
    read(tmp_path / "a", TRAINED)
    text = f"visit;paid;pressure\n07/01/2022;1,25;140/85\n{line}\n"
    layouts = layouts_of(tmp_path / "a" / "table.parquet")
    with pytest.raises(UnreadableFile, match=rf"row 2 says “{said}”"):
        read(tmp_path / "b", text, layouts=layouts, refuse=True)


def test_the_schema_knows_how_each_column_is_written(tmp_path):
    read(tmp_path / "a", TRAINED)
    schema = columns.guess(tmp_path / "a" / "table.parquet")
    found = {column.name: (column.layout.kind, column.source) for column in schema.columns}
    assert found["paid"] == ("number", "")
    assert found["pressure (1)"] == found["pressure (2)"] == ("pair", "pressure")
