"""Tables of web pages and of Excel's older XML under the name of a sheet."""

from __future__ import annotations

import pytest

from core.data import reading, table
from core.data.schema import ReadOptions
from core.data.texts import web_page
from core.messages import UnreadableFile

PAGE = """<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252">
<style>td {color: red}</style><title>Report</title></head><body>
<table><tr><td>Umsatzliste</td></tr></table>
<table><tr><th>Kunde<th>Ort<th>Umsatz</tr>
<tr><td rowspan=2>Müller &amp; Co</td><td>Köln</td><td>1.234,50</td></tr>
<tr><td>Bonn<br>Süd</td><td>99,90</td></tr>
<tr><td>Nord AG</td><td>Kiel</td><td>12.000,00</td></tr></table></body></html>"""
XML = """<?xml version="1.0"?>
<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Empty"><Table/></Worksheet>
<Worksheet ss:Name="Orders"><ss:Table>
<Row><Cell><Data ss:Type="String">order</Data></Cell><Cell><Data>price</Data></Cell><Cell><Data>note</Data></Cell></Row>
<Row><Cell><Data>1</Data></Cell><Cell><Data>2.125</Data></Cell><Cell><Data>a &lt;b&gt;</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data>2</Data></Cell><Cell ss:Index="3"><Data>c</Data></Cell></Row>
</ss:Table></Worksheet></Workbook>"""


def read(folder, text: str, letters: str = "utf-8", sheet: str | None = None):
    (folder / "a.xls").write_text(text, encoding=letters)
    result = reading.read_files([folder / "a.xls"], ReadOptions(sheet=sheet), folder / "set")
    return result, table.load(folder / "set")


@pytest.mark.parametrize("letters", ["cp1252", "utf-8-sig", "utf-16"])
def test_the_largest_table_of_a_page_is_read_in_the_letters_of_the_file(tmp_path, letters):
    result, frame = read(tmp_path, PAGE, letters)
    assert frame["Kunde"].tolist() == ["Müller & Co", "Müller & Co", "Nord AG"]  # one cell over two rows
    assert frame["Ort"].tolist() == ["Köln", "Bonn Süd", "Kiel"]
    assert frame["Umsatz"].tolist() == [1234.5, 99.9, 12000]
    assert (result.format, result.sheets, result.sheet) == ("excel", ["1", "2"], "2")


def test_another_table_may_be_asked_for(tmp_path):
    with pytest.raises(UnreadableFile, match="header but no rows"):
        read(tmp_path, PAGE, sheet="1")
    with pytest.raises(UnreadableFile, match="no sheet called"):
        read(tmp_path, PAGE, sheet="3")


def test_the_xml_of_excel_2003_is_read_with_the_places_that_cells_name(tmp_path):
    result, frame = read(tmp_path, XML)
    assert result.sheet == "Orders"
    assert frame["price"].tolist()[0] == 2.125
    assert frame["note"].tolist() == ["a <b>", "c"]
    assert frame["price"].isna().tolist() == [False, True]


def test_a_table_inside_of_another_stands_for_itself(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<table><tr><td>x<table><tr><td>1<td>2</table>y</td></tr></table>")
    assert [one.cells() for one in web_page.tables(path)] == [[["x y"]], [["1", "2"]]]


@pytest.mark.parametrize("cell", ['<td colspan="9999999">', '<td rowspan="9999999">', '<cell ss:index="9999999">'])
def test_a_cell_that_claims_to_be_huge_is_refused(tmp_path, cell):
    with pytest.raises(UnreadableFile, match="too large"):
        read(tmp_path, f"<table><tr><td>a</td></tr><tr><td>b</td>{cell * 3}c</td></tr></table>")


def test_a_row_far_down_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="too large"):
        read(
            tmp_path,
            '<table><row><cell>a</cell></row><row ss:index="9999999"><cell>b</cell><cell>c</cell></row></table>',
        )
