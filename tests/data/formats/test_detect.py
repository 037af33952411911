"""What a file is follows its content; its name matters only where content says little."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from contextlib import closing

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from pyarrow import feather

from core.data import reading, table
from core.data.formats import detect
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

FRAME = pd.DataFrame({"city": ["Oslo", "Bergen", "Lima"], "rain": [763.0, 2250.0, 13.5]})


def ods(rows: list[list[str]]) -> bytes:
    """A minimal OpenDocument sheet."""
    start, end = '<table:table-cell office:value-type="string"><text:p>', "</text:p></table:table-cell>"
    lines = ("".join(start + cell + end for cell in row) for row in rows)
    cells = "".join("<table:table-row>" + line + "</table:table-row>" for line in lines)
    about = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{about}:{name}:1.0"' for name in ("office", "table", "text"))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="One">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        made.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{about}:manifest:1.0"/>',
        )
    return sink.getvalue()


def write(path, kind: str):
    if kind == "spss":
        pyreadstat.write_sav(FRAME, str(path))
    elif kind == "stata":
        pyreadstat.write_dta(FRAME, str(path))
    elif kind == "sas":
        pyreadstat.write_xport(FRAME, str(path))
    elif kind == "arrow":
        feather.write_feather(FRAME, str(path))
    elif kind == "parquet":
        FRAME.to_parquet(path)
    elif kind == "excel":
        path.write_bytes(ods([list(FRAME.columns), *FRAME.astype(str).to_numpy().tolist()]))
    elif kind == "packed":
        path.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode()))
    else:
        with closing(sqlite3.connect(path)) as base:
            FRAME.to_sql("rain", base, index=False)
    return path


KINDS = ["spss", "stata", "sas", "arrow", "parquet", "excel", "packed", "sqlite"]


@pytest.mark.parametrize("name", ["a.csv", "a.sav", "a.xlsx", "a.parquet", "a"])
@pytest.mark.parametrize("kind", KINDS)
def test_content_comes_before_the_name(tmp_path, kind, name):
    temporary = write(tmp_path / {"spss": "x.sav", "stata": "x.dta", "sas": "x.xpt"}.get(kind, "x"), kind)
    path = temporary.rename(tmp_path / name)
    assert detect.recognise(path) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_table(tmp_path, kind):
    endings = {"spss": "sav", "stata": "dta", "sas": "xpt", "arrow": "feather", "excel": "ods", "packed": "csv.gz"}
    path = write(tmp_path / f"rain.{endings.get(kind, kind)}", kind)
    result = reading.read_files([path], ReadOptions(), tmp_path / "set")
    frame = table.load(tmp_path / "set")
    assert frame["city"].tolist() == FRAME["city"].tolist()
    assert np.allclose(frame["rain"], FRAME["rain"])
    assert (result.n_rows, result.n_columns) == (3, 2)
    assert result.format == ("csv" if kind == "packed" else kind)


@pytest.mark.parametrize("ending", sorted(set(detect._BINARY_ENDINGS) - set(detect._SHEETS)))
def test_text_under_a_name_of_a_binary_format_is_one_sentence(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFile):
        reading.read_files([path], ReadOptions(), tmp_path / "set")


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
def test_a_table_as_text_that_is_called_a_sheet_is_read(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_text("a,b\n1,2\n3,4\n")
    read = reading.read_files([path], ReadOptions(), tmp_path / "set")
    assert (read.format, read.n_rows) == ("csv", 2)


def test_an_archive_of_a_repository_of_data_sets(tmp_path):
    """The table without a header, its description, and an index, as such archives often are."""
    files = {
        "Index": "Index of iris\n18 Mar 1996  105 Index\n",
        "iris.data": "".join(f"5.{place % 10},3.5,1.4,0.{place % 3},Iris-{'ab'[place % 2]}\n" for place in range(90)),
        "iris.names": "1. Title: Iris Plants Database\n",
    }
    with zipfile.ZipFile(tmp_path / "iris.zip", "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    result = reading.read_files([tmp_path / "iris.zip"], ReadOptions(), tmp_path / "set")
    assert (result.n_rows, result.n_columns) == (90, 5)


def test_a_browsers_history_is_a_database_with_a_table(tmp_path):
    """Indexes, triggers, empty tables and numbers of microseconds beside the table that a person means."""
    with closing(sqlite3.connect(tmp_path / "places.sqlite")) as base:
        base.executescript(
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, at INTEGER);"
            "CREATE TABLE hosts (id INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT);"
            "CREATE UNIQUE INDEX by_url ON visits (url);"
            "CREATE TRIGGER t AFTER INSERT ON visits BEGIN INSERT INTO hosts (host) VALUES (NULL); END;"
        )
        base.executemany(
            "INSERT INTO visits VALUES (?, ?, ?, ?)",
            [(n, f"https://a.example/{n}", f"Page {n}" if n % 5 else None, 17 * 10**14 + n) for n in range(40)],
        )
        base.execute("DELETE FROM hosts WHERE id > 3")
        base.commit()
    result = reading.read_files([tmp_path / "places.sqlite"], ReadOptions(), tmp_path / "set")
    frame = table.load(tmp_path / "set")
    assert (result.sheet, result.sheets) == ("visits", ["visits", "hosts"])
    assert len(frame) == 40
    assert frame["title"].isna().sum() == 8


@pytest.mark.parametrize(("name", "hint"), [("a.xls", "save it as .xlsx or CSV"), ("a.csv", "Upload CSV")])
def test_a_web_page_that_is_called_a_sheet_says_what_to_do(tmp_path, name, hint):
    (tmp_path / name).write_text("<html>\n<p>Please log in</p>\n</html>\n")
    with pytest.raises(UnreadableFile, match="web page") as refused:
        reading.read_files([tmp_path / name], ReadOptions(), tmp_path / "set")
    assert hint in str(refused.value.hint)


def open_document(path, rows: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "content.xml", f'<office:body><table:table table:name="One">{rows}</table:table></office:body>'
        )


WORD, BLANK = '<table:table-cell office:value-type="string"/>', "<table:table-cell/>"


def test_an_open_document_sheet_whose_cells_lie_far_apart_is_refused_before_it_is_read(tmp_path):
    far = f'<table:table-cell table:number-columns-repeated="16383"/>{WORD}'
    gap = f'<table:table-row table:number-rows-repeated="1048574">{BLANK}</table:table-row>'
    path = tmp_path / "a.ods"
    open_document(path, f"<table:table-row>{WORD}</table:table-row>{gap}<table:table-row>{far}</table:table-row>")
    with pytest.raises(UnreadableFile, match="so far apart"):
        detect.check_extent(path, "One", "")


def test_blank_rows_down_to_the_end_of_an_open_document_sheet_do_not_count(tmp_path):
    row = f'<table:table-row table:number-rows-repeated="500">{WORD}{BLANK}{WORD}</table:table-row>'
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    tail = f'<table:table-row table:number-rows-repeated="1048000">{rest}</table:table-row>'
    path = tmp_path / "a.ods"
    open_document(path, row + tail)
    detect.check_extent(path, "One", "")
    with zipfile.ZipFile(path) as archive:
        assert detect._sizes_of_open_document(archive) == [(0, 0), (1000, 1500)]
