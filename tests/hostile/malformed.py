"""Files that are broken, lying or extreme, made in code: name → (bytes, file name)."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
from collections.abc import Sequence
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

GOOD = "name,age,note\nAda,36,hello there\nBob,41,good day\nCleo,29,see you\n"
DICE = random.Random(5)


def parquet(columns: dict) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def workbook(
    sheets: dict[str, list[list[str]]],
    *,
    extra: dict[str, bytes] | None = None,
    joined: Sequence[str] = (),
    hidden: Sequence[int] = (),
    hidden_columns: str = "",
    hidden_sheets: Sequence[str] = (),
) -> bytes:
    """A minimal xlsx by hand: inline strings, one part per sheet; a cell starting with ``=`` is a formula.

    Joined cells (``A1:D1``), hidden rows and columns (XML) are those of every sheet.
    """
    merges = "".join(f'<mergeCell ref="{cells}"/>' for cells in joined)
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    }
    listed, related = "", ""
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in hidden_sheets else ""
        listed += f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>'
        related += (
            f'<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            f'worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        body = ""
        for r, row in enumerate(rows, start=1):
            cells = ""
            for c, cell in enumerate(row):
                place = f"{chr(65 + c)}{r}"
                if cell.startswith("="):
                    cells += f'<c r="{place}"><f>{cell[1:]}</f><v>{42 + r}</v></c>'
                else:
                    cells += f'<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>'
            unseen = ' hidden="1"' if r in hidden else ""
            body += f'<row r="{r}"{unseen}>{cells}</row>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + (f"<cols>{hidden_columns}</cols>" if hidden_columns else "")
            + f"<sheetData>{body}</sheetData>"
            + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
            + "</worksheet>"
        )
    parts["xl/workbook.xml"] = (
        '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        f"{listed}</sheets></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{related}</Relationships>"
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return sink.getvalue()


def zipped(**parts: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def noise(n: int) -> bytes:
    return DICE.randbytes(n)


def jsonl(*records: object) -> bytes:
    return "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records).encode()


SAS = bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
PNG = b"\x89PNG\r\n\x1a\n" + noise(500)
SHEET = [["name", "age"], ["Ada", "36"], ["Bob", "41"]]

# Each ends in one sentence.
REFUSED: dict[str, tuple[str, bytes]] = {
    "empty": ("a.csv", b""),
    "only a byte-order mark": ("a.csv", b"\xef\xbb\xbf"),
    "only spaces": ("a.csv", b"   \n  \n\t\n"),
    "only line breaks": ("a.csv", b"\n" * 5000),
    "header only": ("a.csv", b"name,age\n"),
    "header only, no line break": ("a.csv", b"name,age"),
    "one zero byte": ("a.csv", GOOD.encode().replace(b"Bob", b"B\0b")),
    "all zero bytes": ("a.csv", b"\0" * 4096),
    "noise": ("a.csv", noise(5000)),
    "noise named xlsx": ("a.xlsx", noise(5000)),
    "noise named parquet": ("a.parquet", noise(5000)),
    "noise named json": ("a.json", noise(5000)),
    "text named parquet": ("a.parquet", GOOD.encode()),
    "a PNG named csv": ("a.csv", PNG),
    "a JPEG named csv": ("a.csv", b"\xff\xd8\xff\xe0" + noise(400)),
    "a PDF named csv": ("a.csv", b"%PDF-1.7\n" + noise(400)),
    "a PDF named txt": ("a.txt", b"%PDF-1.7\n" + noise(400)),
    "a Word file": ("a.docx", zipped(**{"word/document.xml": b"<w/>"})),
    "a program": ("a.csv", b"\x7fELF" + noise(400)),
    "SQLite": ("a.csv", b"SQLite format 3\0" + noise(400)),
    "sound": ("a.csv", b"RIFF" + struct.pack("<I", 400) + b"WAVE" + noise(400)),
    "HTML": ("a.csv", b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>"),
    "XML": ("a.csv", b"<?xml version='1.0'?><rows><row a='1'/></rows>"),
    "unclosed quote": ("a.csv", b'name,note\nAda,"hello, there\nBob,x,y\nCleo,a,b,c\n'),
    "unclosed quote with delimiters": ("a.csv", b'a,b\n1,"x\n' + b"2,y,z\n" * 50),
    "most lines ragged": ("a.csv", b"a,b,c\n1,2,3\n" + b"1,2\n1,2,3,4\n" * 20),
    "too many columns": ("a.csv", ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b"1," * 9_999 + b"1\n"),
    "JSON cut off": ("a.json", b'[{"a": 1}, {"a": '),
    "JSON number": ("a.json", b"42"),
    "JSON list of numbers": ("a.json", b"[1, 2, 3]"),
    "JSON deep": ("a.json", b"[" * 100_000),
    "JSON empty list": ("a.json", b"[]"),
    "JSON empty object": ("a.json", b"{}"),
    "JSON records without names": ("a.json", b"[{}, {}]"),
    "JSON columns of different lengths": ("a.json", b'{"a": [1, 2], "b": [1]}'),
    "JSON null": ("a.json", b"null"),
    "JSON text": ("a.json", b'"hello"'),
    "JSON lines, mostly not JSON": ("a.jsonl", jsonl({"a": 1}, "oops", "oops")),
    "JSON lines of lists": ("a.jsonl", jsonl([1, 2], [3, 4])),
    "Parquet cut off": ("a.parquet", parquet({"a": [1, 2, 3]})[:-20]),
    "Parquet head only": ("a.parquet", b"PAR1"),
    "Parquet without rows": ("a.parquet", parquet({"a": pa.array([], pa.int64())})),
    "Parquet bytes": ("a.parquet", parquet({"a": [b"\xff\x00", b"\x01"]})),
    "Excel bomb": ("a.xlsx", workbook({"One": SHEET}, extra={"xl/bomb.xml": b"0" * (80 << 20)})),
    "Excel cut off": ("a.xlsx", workbook({"One": SHEET})[:600]),
    "Excel without cells": ("a.xlsx", workbook({"One": []})),
    "Excel header only": ("a.xlsx", workbook({"One": SHEET[:1]})),
    "Excel without a workbook": ("a.xlsx", zipped(**{"xl/styles.xml": b"<s/>"})),
    "old Excel, broken": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(3000)),
    "UTF-16 cut in the middle of a letter": ("a.csv", GOOD.encode("utf-16")[:-1]),
    "text files without text": ("a.txt", b"\n \n\t\n"),
    "gzip cut off": ("a.csv.gz", gzip.compress(GOOD.encode())[:-12]),
    "gzip with another check sum": ("a.csv.gz", gzip.compress(GOOD.encode())[:-8] + b"\0" * 8),
    "gzip bomb": ("a.csv.gz", gzip.compress(b"0" * (80 << 20), 9)),
    "gzip of nothing": ("a.csv.gz", gzip.compress(b"")),
    "gzip in gzip in gzip in gzip": ("a.gz", reduce(lambda inner, _n: gzip.compress(inner), range(4), GOOD.encode())),
    "bzip2 cut off": ("a.csv.bz2", bz2.compress(GOOD.encode())[:-12]),
    "bzip2 bomb": ("a.csv.bz2", bz2.compress(b"0" * (80 << 20))),
    "xz cut off": ("a.csv.xz", lzma.compress(GOOD.encode())[:-20]),
    "xz bomb": ("a.csv.xz", lzma.compress(b"0" * (80 << 20), preset=1)),
    "Zstandard cut off": ("a.csv.zst", pa.compress(GOOD.encode() * 50, "zstd", asbytes=True)[:-20]),
    "Zstandard bomb": ("a.csv.zst", pa.compress(b"0" * (80 << 20), "zstd", asbytes=True)),
    "zip bomb": ("a.zip", zipped(**{"a.csv": b"0" * (80 << 20)})),
    "zip cut off": ("a.zip", zipped(**{"a.csv": GOOD.encode()})[:60]),
    "zip without files": ("a.zip", zipped()),
    "zip of pictures": ("a.zip", zipped(**{"a.png": PNG, "b.png": PNG})),
    "text named zip": ("a.zip", GOOD.encode()),
    "tar": ("a.tar", bytes(257) + b"ustar\x0000" + bytes(248)),
    "text named sav": ("a.sav", GOOD.encode()),
    "text named dta": ("a.dta", GOOD.encode()),
    "text named sqlite": ("a.sqlite", GOOD.encode()),
    "text named feather": ("a.feather", GOOD.encode()),
    "SPSS head only": ("a.sav", b"$FL2@(#) SPSS DATA FILE" + bytes(200)),
    "SPSS noise": ("a.sav", b"$FL2" + noise(3000)),
    "Stata noise": ("a.dta", b"<stata_dta>" + noise(3000)),
    "old Stata noise": ("a.dta", b"\x72" + noise(3000)),
    "SAS noise": ("a.sas7bdat", SAS + noise(3000)),
    "SAS transport noise": ("a.xpt", b"HEADER RECORD*******LIBRARY" + noise(3000)),
    "SQLite without tables": ("a.db", b"SQLite format 3\0" + bytes(84)),
    "Arrow noise": ("a.feather", b"ARROW1\0\0" + noise(3000)),
    "Arrow stream noise": ("a.arrow", b"\xff\xff\xff\xff" + noise(3000)),
    "old Feather noise": ("a.feather", b"FEA1" + noise(3000)),
    "JSON of objects in objects": ("a.json", b'[{"a":' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}]"),
    "JSON with names without end": ("a.json", json.dumps([{f"k{n}": n} for n in range(6000)]).encode()),
}

# Each is read, with these numbers of rows and of lines set aside.
READ: dict[str, tuple[str, bytes, int, list[int]]] = {
    "text named xlsx": ("a.xlsx", GOOD.encode(), 3, []),
    "one column": ("a.csv", b"note\nhello\nworld\n", 2, []),
    "one column of sentences": ("a.csv", b"note\nWell, hello\nso, so, so\nbye\n", 3, []),
    "junk above the header": ("a.csv", b"Report of May\n\n" + GOOD.encode(), 3, []),
    "one short line": ("a.csv", GOOD.encode() + b"Dora,50\n", 3, [5]),
    "one long line": ("a.csv", GOOD.encode() + b"Dora,50,x,y\nEve,51,z\n", 4, [5]),
    "ragged after a quoted line break": ("a.csv", b'a,b\n"x\ny",1\n2\n3,4\n', 2, [4]),
    "same names twice": ("a.csv", b"a,a,a\n1,2,3\n4,5,6\n", 2, []),
    "names missing": ("a.csv", b",b,\n1,2,3\n4,5,6\n", 2, []),
    "blank lines between": ("a.csv", b"a,b\n\n1,2\n\n\n3,4\n", 2, []),
    "old Mac line ends": ("a.csv", b"a,b\r1,2\r3,4\r", 2, []),
    "Windows line ends": ("a.csv", GOOD.replace("\n", "\r\n").encode(), 3, []),
    "mixed line ends": ("a.csv", b"a,b\r\n1,2\n3,4\r\n5,6\n", 3, []),
    "no last line break": ("a.csv", GOOD.encode().rstrip(), 3, []),
    "UTF-8 with mark": ("a.csv", b"\xef\xbb\xbf" + GOOD.encode(), 3, []),
    "UTF-16 little endian": ("a.csv", b"\xff\xfe" + GOOD.encode("utf-16-le"), 3, []),
    "UTF-16 big endian": ("a.csv", b"\xfe\xff" + GOOD.encode("utf-16-be"), 3, []),
    "UTF-16 without mark": ("a.csv", GOOD.encode("utf-16-le"), 3, []),
    "UTF-32": ("a.csv", GOOD.encode("utf-32"), 3, []),
    "Latin-1": ("a.csv", GOOD.replace("Bob", "Zoé").replace("day", "journée").encode("latin-1"), 3, []),
    "a cell of a megabyte": ("a.csv", b"a,b\n" + b"x" * (1 << 20) + b",1\ny,2\n", 2, []),
    "a thousand columns": (
        "a.csv",
        ",".join(f"c{n}" for n in range(1000)).encode() + b"\n" + (b"1," * 999 + b"1\n") * 2,
        2,
        [],
    ),
    "formulas in cells": ("a.csv", b"a,b\n=1+1,x\n=HYPERLINK(1),y\n@cmd,z\n", 3, []),
    "markup in names and cells": ("a.csv", b"<script>,$x$,**b**\n<b>1</b>,$y$,_z_\n<i>2</i>,q,w\n", 2, []),
    "all missing": ("a.csv", b"a,b\n,\n,\n,\n", 3, []),
    "numbers beyond all bounds": ("a.csv", b"a,b\n1e999,99999999999999999999999\n-1e999,2\n5,3\n", 3, []),
    "times beyond all bounds": ("a.csv", b"a,b\n0001-01-01,1\n9999-12-31,2\n", 2, []),
    "impossible dates": ("a.csv", b"a,b\n2024-02-30,1\n2024-13-01,2\n", 2, []),
    "emoji and right-to-left": ("a.csv", "a,b\n🙂🙃,שלום\n👩‍👩‍👧,مرحبا\n".encode(), 2, []),
    "quotes that are ordinary": ("a.tsv", b'ham\t"hi" she said\nspam\t"win now\nham\tno "way\nham\tok\n', 4, []),
    "JSON lines with one bad line": ("a.jsonl", jsonl({"a": 1}, "oops", {"a": 2}, {"b": 3}), 3, [2]),
    "JSON of columns": ("a.json", b'{"a": [1, 2], "b": ["x", null]}', 2, []),
    "JSON with lone surrogates": ("a.json", b'[{"a": "\\ud800"}, {"a": "b"}]', 2, []),
    "Excel with formulas": ("a.xlsx", workbook({"One": [["a", "b"], ["x", "=1+1"], ["y", "=2+2"]]}), 2, []),
    "Excel with an empty first sheet": ("a.xlsx", workbook({"Empty": [], "Full": SHEET}), 2, []),
    "Parquet with odd types": (
        "a.parquet",
        parquet({"a": [True, None], "b": pd.to_datetime(["2024-01-01", None]), "c": pa.array([None, None])}),
        2,
        [],
    ),
    "text lines": ("a.txt", b"One line.\nAnother one, with a comma.\n\nThe last\n", 3, []),
    "gzip named csv": ("a.csv", gzip.compress(GOOD.encode()), 3, []),
    "zip named csv": ("a.csv", zipped(a=GOOD.encode()), 3, []),
    "JSON nested object": ("a.json", b'[{"a": {"b": 1}}]', 1, []),
    "JSON nested list": ("a.json", b'[{"a": 1}, {"a": [1, 2]}]', 2, []),
    "JSON lines nested": ("a.jsonl", jsonl({"a": 1}, {"a": {"b": 2}}), 2, []),
    "Parquet nested": ("a.parquet", parquet({"a": [{"b": 1}, {"b": 2}]}), 2, []),
    "Parquet lists": ("a.parquet", parquet({"a": [[1], [2, 3]]}), 2, []),
}
