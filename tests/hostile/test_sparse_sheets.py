"""Sheets of a kilobyte whose cells lie at the ends of the world, or repeat a million times."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from core.data import reading
from core.data.schema import ReadOptions
from core.messages import UnreadableFile
from tests.hostile.malformed import workbook, zipped

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(*cells: str, mark: str = '"') -> bytes:
    """A workbook with a word in each of these cells."""
    rows = "".join(
        f"<row><c r={mark}{cell}{mark} t={mark}inlineStr{mark}><is><t>word {cell}</t></is></c></row>" for cell in cells
    )
    content, made = f"<worksheet xmlns='{SPACE}'><sheetData>{rows}</sheetData></worksheet>", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"One": [["a"]]}))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if "worksheets/" in name else old.read(name))
    return made.getvalue()


def read(folder, content: bytes, name: str = "a.xlsx"):
    (folder / name).write_bytes(content)
    return reading.read_files([folder / name], ReadOptions(), folder / "set")


@pytest.mark.parametrize("cells", [("A1", "XFD1048576"), ("A1", "B2", "SF100000"), ("A1", "CV1048576")])
@pytest.mark.parametrize("mark", ['"', "'"])
def test_far_cells_are_the_files_fault_and_said_so_at_once(cells, mark, tmp_path):
    begun = time.process_time()
    with pytest.raises(UnreadableFile, match="so far apart"):
        read(tmp_path, sheet(*cells, mark=mark))
    assert time.process_time() - begun < 2


def test_a_stray_cell_below_a_small_table_is_no_reason_to_refuse_it(tmp_path):
    assert read(tmp_path, sheet("A1", "B1", "A2", "B2", "A3", "B3", "A20000")).n_columns == 2


def test_a_table_far_from_the_corner_is_as_large_as_it_is(tmp_path):
    cells = [f"{column}{row}" for row in range(1_048_500, 1_048_560) for column in ("XFA", "XFB")]
    assert read(tmp_path, sheet(*cells)).n_columns == 2


def test_an_opendocument_cell_repeated_without_end_ends_in_a_sentence(tmp_path):
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    names += 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row>'
    body = f'<office:body><office:spreadsheet><table:table table:name="One">{row}</table:table>'
    content = f"<office:document-content {names}>{body}</office:spreadsheet></office:body></office:document-content>"
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    with pytest.raises(UnreadableFile):
        read(tmp_path, zipped(mimetype=mime, **{"content.xml": content.encode()}), "a.ods")
