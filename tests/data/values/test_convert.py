"""Columns as people write them, read from a file, and new files read by what was stored of the first."""

import csv
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data.reading import read_files
from core.data.schema import Aside, Layout, ReadOptions
from core.data.values.convert import convert
from core.messages import UnreadableFile

DAY = dt.datetime
KINDS = {  # name → cells, what they become, a cell of a new file, what that becomes
    "length": (["1h 20m", "45m", "2h", "3h 5m"], [80, 45, 120, 185], "50m", 50),
    "took": (["PT41M33S", "PT1H", "PT2M", "PT90S"], [41.55, 60, 2, 1.5], "PT3M", 3),
    "waited": (["2 days 03:00:00", "0 days 01:30:00"] * 2, [3060, 90] * 2, "1 days 00:00:00", 1440),
    "laps": (["1 min 5 s", "59 s", "1 min 1 s", "58.5 s"], [65, 59, 61, 58.5], "1 min", 60),
    "arabic": (["٣٫٥", "١٢٫٢٥", "٤", "٠٫٥"], [3.5, 12.25, 4, 0.5], "٧٫١", 7.1),
    "wide": (["１２３", "４５", "６", "７８"], [123, 45, 6, 78], "９", 9),
    "week": (["2023-W05", "2023-W12", "KW 1/2023", "2022-W52"],
             [DAY(2023, 1, 30), DAY(2023, 3, 20), DAY(2023, 1, 2), DAY(2022, 12, 26)], "2024-W01", DAY(2024, 1, 1)),
    "fiscal": (["FY2023", "FY2022", "FY21", "FY2020"],
               [DAY(2023, 1, 1), DAY(2022, 1, 1), DAY(2021, 1, 1), DAY(2020, 1, 1)], "FY2024", DAY(2024, 1, 1)),
    "half": (["2023H1", "2022H2", "H1 2021", "2H20"],
             [DAY(2023, 1, 1), DAY(2022, 7, 1), DAY(2021, 1, 1), DAY(2020, 7, 1)], "2024H1", DAY(2024, 1, 1)),
    "worth": (["€50.00m", "€1.25bn", "€900k", "€3"], [50e6, 1.25e9, 900e3, 3], "€2m", 2e6),
    "umsatz": (["12 Mio. €", "1 Mrd. €", "3 Mio. €", "800 €"], [12e6, 1e9, 3e6, 800], "5 Mio. €", 5e6),
    "lakhs": (["₹3.5 crore", "₹2 lakh", "₹40,000", "₹1 crore"], [35e6, 2e5, 4e4, 1e7], "₹5 lakh", 5e5),
    "rent": (["$2,543/mo", "$900/mo", "$1,100/mo", "$12,000/year"], [2543, 900, 1100, 1000], "$950/mo", 950),
    "speed": (["45 km/h", "50 km/h", "7.5 km/h", "130 km/h"], [45, 50, 7.5, 130], "30 km/h", 30),
    "density": (["3.2 kg/m²", "4 kg/m²", "5.5 kg/m²", "6 kg/m²"], [3.2, 4, 5.5, 6], "7 kg/m²", 7),
    "born": (["1998", "1998-05-12", "1998-05", "1999-01-02"],
             [DAY(1998, 1, 1), DAY(1998, 5, 12), DAY(1998, 5, 1), DAY(1999, 1, 2)], "1997", DAY(1997, 1, 1)),
    "Datum": (["44927", "45000", "45012", "45013"],
              [DAY(2023, 1, 1), DAY(2023, 3, 15), DAY(2023, 3, 27), DAY(2023, 3, 28)], "44928", DAY(2023, 1, 2)),
    "paid_date": (["2023-01-01", "45000", "2023-01-03", "2023-01-04"],
                  [DAY(2023, 1, 1), DAY(2023, 3, 15), DAY(2023, 1, 3), DAY(2023, 1, 4)], "44928", DAY(2023, 1, 2)),
    "stars": (["4/5 stars", "3/5 stars", "5/5 stars", "1/5 stars"], [4, 3, 5, 1], "2/5 stars", 2),
    "marks": (["4 out of 5", "3 out of 5", "2.5 out of 5", "1 out of 5"], [4, 3, 2.5, 1], "5 out of 5", 5),
    "agreed": (["ja", "nein", "k.A.", "ja"], ["ja", "nein", None, "ja"], "nein", "nein"),
    "oui": (["oui", "non", "NSP", "oui"], ["oui", "non", None, "oui"], "NSP", None),
    "rate": (["1.5", ":", "2.5", ": c"], [1.5, None, 2.5, None], ":", None),
    "gdp": (["1.5", "..", "n.d.", "#DIV/0!"], [1.5, None, None, None], "..", None),
    "flags": (["7.1 p", "7.3", "8.1 e", "6.1"], [7.1, 7.3, 8.1, 6.1], "9.9 b", 9.9),
    "noted": (["12.5*", "3.2", "1234[a]", "3 (e)"], [12.5, 3.2, 1234, 3], "4†", 4),
    "limits": (["<5", "7.2", "8.1", ">100"], [5, 7.2, 8.1, 100], "<3", 3),
    "share": (["%12", "%15", "%7", "%1"], [12, 15, 7, 1], "%2", 2),
    "tel": (["601 234 567", "602 345 678", "603 111 222", "604 999 888"],) * 2 + ("605 111 111", "605 111 111"),
    "version": (["1.10", "1.1", "1.9", "2.0"],) * 2 + ("1.20", "1.20"),
    "pesel": (["85010112345", "90021254321", "77030398765", "66050512340"],) * 2 + ("55010112345", "55010112345"),
    "plz": (["01067", "10115", "80331", "04109"],) * 2 + ("01069", "01069"),
}  # fmt: skip


def written(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(KINDS), *rows])
    return path


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The columns of a file, and of a new one that is read by what was stored of the first."""
    folder = tmp_path_factory.mktemp("read")
    rows = zip(*(cells * 6 for cells, *_rest in KINDS.values()), strict=True)
    reading = read_files([written(folder / "known.csv", rows)], ReadOptions(), folder)
    new = [[one[2] for one in KINDS.values()]]
    options = ReadOptions(layouts=reading.layouts, refuse=True)
    read_files([written(folder / "new.csv", new)], options, folder, name="new.parquet")
    return reading, pq.read_table(folder / "table.parquet"), pq.read_table(folder / "new.parquet")


@pytest.mark.parametrize("name", KINDS)
def test_a_column_is_read_as_a_person_reads_it(read, name):
    _cells, expected, _new, _becomes = KINDS[name]
    found = read[1][name].slice(0, 4).to_pylist()
    assert found == (pytest.approx(expected) if isinstance(expected[0], float | int) else expected)


@pytest.mark.parametrize("name", KINDS)
def test_a_new_file_is_read_by_what_was_stored(read, name):
    becomes = KINDS[name][3]
    found = read[2][name].to_pylist()
    assert found == [pytest.approx(becomes) if isinstance(becomes, float) else becomes]


@pytest.mark.parametrize(
    ("name", "unit"), [("length", "min"), ("laps", "s"), ("rent", "$/mo"), ("speed", "km/h"), ("density", "kg/m2")]
)
def test_the_unit_is_kept(read, name, unit):
    assert read[0].layouts[name].unit == unit


@pytest.mark.parametrize(
    ("name", "what"), [("born", "first day"), ("Datum", "serial"), ("noted", "mark"), ("limits", "bound")]
)
def test_what_was_left_aside_is_said(read, name, what):
    assert [one.what for one in read[0].layouts[name].asides] == [what]
    assert any(f"“{name}”" in str(note) for note in read[0].notes)


def test_a_new_cell_of_another_kind_is_refused(read, tmp_path):
    row = [one[2] for one in KINDS.values()]
    row[list(KINDS).index("length")] = "a while"
    options = ReadOptions(layouts=read[0].layouts, refuse=True)
    with pytest.raises(UnreadableFile, match="a while"):
        read_files([written(tmp_path / "new.csv", [row])], options, tmp_path)


def test_an_apostrophe_that_says_text_is_no_part_of_the_value_and_zeros_stay(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("zip,year,note\n'01067,'90,'tis so\n'10115,'91,'12 apostles\nK1A 0B1,'92,'7'\n", encoding="utf-8")
    reading = read_files([path], ReadOptions(), tmp_path)
    table = pq.read_table(tmp_path / "table.parquet").to_pydict()
    assert table["zip"] == ["01067", "10115", "K1A 0B1"]
    assert (table["year"], table["note"]) == (["'90", "'91", "'92"], ["'tis so", "'12 apostles", "'7'"])
    said = [str(note) for note in reading.notes]
    assert [one for one in said if "apostrophe" in one] == [
        "In “zip” an apostrophe before 2 values says that they are text; it was left out: '01067, '10115."
    ]


@pytest.mark.parametrize(
    ("written_so", "read_so"),
    [
        (["'01 23 45 67 89", "'+49 30 1234", "'123"], ["01 23 45 67 89", "+49 30 1234", "123"]),
        (["'12/13", "'98-2002", "'68 - 72"], None),  # years without their century: seasons, spans
    ],
)
def test_an_apostrophe_that_stands_for_a_century_stays(written_so, read_so):
    marked = Layout(kind="text", asides=[Aside(what="apostrophe", n=1, examples=["'123"])])
    assert convert(pa.array(written_so), marked)[0].to_pylist() == (read_so or written_so)


def test_a_column_that_was_read_with_its_apostrophes_is_read_so_again():
    assert convert(pa.array(["'01067", "'123"]), Layout(kind="text"))[0].to_pylist() == ["'01067", "'123"]
