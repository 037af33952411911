"""The scan of a table for personal data, what follows for its columns, and the pseudonyms."""

from __future__ import annotations

import json
import random
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.arguments import parser
from core.cli.plans import plan_of
from core.data import overrides, profile, reading, table
from core.data.personal import masking, scan
from core.data.personal.patterns import find
from core.data.roles import columns
from core.data.schema import ReadOptions, Report, Schema, read_model, write_model
from core.messages import UnknownChoice

ADDRESS = "ann.lee@mail3.example.com"


def support(n: int = 60) -> pd.DataFrame:
    """Tickets of a shop: who wrote, what, and whether they came back."""
    dice = random.Random(1)
    given_names, family = ["Ann", "Bob", "Carla", "Emma", "José"], ["Lee", "Müller", "van Dyk", "Novak"]
    rows = []
    for place in range(n):
        first, last = dice.choice(given_names), dice.choice(family)
        note = f"{dice.choice(['It broke', 'It came late', 'I like it'])} and I wait since order {10**9 + place * 7919}"
        if place % 6 == 0:
            note += f", write to {ADDRESS if place < 12 else f'user{place}@web.de'}"
        if place % 10 == 0:
            note += ", or call +49 30 901820"
        rows.append((f"{first} {last}", f"{first.lower()}{place}@web.de", note, dice.random(), place % 2))
    return pd.DataFrame(rows, columns=["customer_name", "email", "note", "price", "back"])


def read(frame: pd.DataFrame, folder, target: str | None = None) -> Schema:
    frame.to_csv(folder / "a.csv", index=False)
    reading.read_files([folder / "a.csv"], ReadOptions(), folder)
    schema = columns.guess(folder / "table.parquet", target)
    write_model(schema, folder / "schema.json")
    write_model(profile.describe(folder / "table.parquet", schema), folder / "report.json")
    return schema


def test_addresses_and_names_do_not_take_part_and_texts_do(tmp_path):
    schema = read(support(), tmp_path, "back")
    for name in ("customer_name", "email"):
        column = schema.column(name)
        assert (column.role, column.code) == ("ignored", "personal")
    assert str(schema.column("email").reason) == "Its values are personal: e-mail addresses."
    note = schema.column("note")
    assert (note.role, note.code, note.masked) == ("text", "", False)
    assert note.personal.cells == {"email": 10, "phone": 6}
    found = {one.column: str(one.message) for one in read_model(Report, tmp_path / "report.json").findings}
    assert found["note"] == "“note” holds e-mail addresses (10 cells), phone numbers (6 cells)."


def test_a_personal_column_that_is_kept_is_what_it_looks_like(tmp_path):
    read(support(), tmp_path, "back")
    assert overrides.keep(tmp_path, "customer_name").column("customer_name").role == "category"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("order", [f"{4 * 10**15 + place * 123456789123:016d}" for place in range(60)]),  # one in ten passes as a card
        ("order", [f"{13 * 10**9 + place * 7919}x" for place in range(60)]),
        ("code", [f"AB{place * 7919 % 10**6:06d}{'ABCDEFGHIJ'[place % 10]}" for place in range(60)]),
        ("when", [f"2024-05-{place % 28 + 1:02d} 10:20" for place in range(60)]),
        ("where", [f"{52 + place / 97:.6f}, {13 + place / 89:.6f}" for place in range(60)]),
        ("price", [f"{place * 1234567:,} €" for place in range(60)]),
        ("name", [f"Model {'ABCDEFGH'[place % 8]} {place}" for place in range(60)]),
    ],
)
def test_order_numbers_dates_and_prices_are_not_personal(tmp_path, name, values):
    column = read(pd.DataFrame({name: values, "x": range(len(values))}), tmp_path).column(name)
    assert column.code != "personal"
    assert column.personal is None


def test_phone_numbers_are_told_by_the_columns_name_too(tmp_path):
    frame = pd.DataFrame({"mobile": [13 * 10**9 + 8 * 10**8 + place * 7919 for place in range(40)], "x": range(40)})
    frame["Telefon"] = [f"0{place + 151} / {place * 7919 + 100000}" for place in range(40)]
    schema = read(frame, tmp_path)
    assert [schema.column(name).code for name in ("mobile", "Telefon")] == ["personal", "personal"]


def test_a_chinese_table_of_patients(tmp_path):
    frame = pd.DataFrame(
        {
            "姓名": ["王小明", "李雷", "韩梅梅", "张伟"] * 10,
            "身份证号": ["11010519491231002X"] * 40,
            "备注": [f"患者复诊情况良好第{n}次，电话1381234{n:04d}" for n in range(40)],
            "年龄": range(40),
        }
    )
    schema = read(frame, tmp_path)
    assert schema.column("姓名").code == "personal"
    assert schema.column("备注").personal.cells == {"phone": 40}


def test_a_spanish_export_of_a_mailing_list(tmp_path):
    """A newsletter tool's export: semicolons, gaps, names in two columns, a consent that is no personal data."""
    rows = ["Correo electrónico;Nombre;Apellidos;Móvil;Última IP;Consentimiento;Comentario"]
    for place in range(40):
        mail = f"maria{place}@correo.es" if place % 7 else ""
        words = "No me llegan los correos desde hace semanas y quiero darme de baja" if place % 2 else "Todo muy bien"
        rows.append(
            f"{mail};{['María', 'José', 'Lucía', 'Iker'][place % 4]};{['García López', 'Pérez', 'Núñez'][place % 3]};"
            f"+34 612 34 {place + 10} 78;83.45.{place}.17;{'sí' if place % 5 > 1 else 'no'};{words} {place}"
        )
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    reading.read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet", "Consentimiento")
    left_out = {column.name for column in schema.columns if column.code == "personal"}
    assert left_out == {"Correo electrónico", "Nombre", "Apellidos", "Móvil"}
    assert schema.column("Última IP").personal.cells == {"ip": 40}
    assert (schema.column("Comentario").role, schema.column("Comentario").language) == ("text", "es")


def test_a_log_of_a_shop_with_junk_in_it_has_no_personal_data(tmp_path):
    """A till's log: receipt numbers, EANs, versions, times, amounts, broken cells."""
    dice = random.Random(2)
    rows = ["receipt\tean\tversion\ttime\tamount\tnote"]
    for place in range(60):
        note = dice.choice(
            ["ok", "???", "VOID 0000-0000-0000-0000", "see 12/2024 p. 4-7", "#REF!", "", "+", "@", "1 @ 2.50"]
        )
        ean, receipt = dice.randrange(4 * 10**12, 5 * 10**12), f"R-{2024}-{place * 7919:08d}"
        rows.append(f"{receipt}\t{ean}\t2.10.{place}.3\t10:{place:02d}:59\t{dice.random() * 1e5:,.2f}\t{note} {place}")
    (tmp_path / "a.tsv").write_text("\n".join(rows), encoding="utf-8")
    reading.read_files([tmp_path / "a.tsv"], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet")
    assert not [column.name for column in schema.columns if column.personal and column.name != "version"]
    assert not [column.name for column in schema.columns if column.code == "personal"]


def test_masked_cells_are_the_same_wherever_the_table_is_opened_and_can_be_shown_again(tmp_path):
    frame = support()
    read(frame, tmp_path, "back")
    overrides.decide(tmp_path, "note", "mask")
    notes = table.load(tmp_path)["note"]
    assert not any(find(note) for note in notes)
    assert notes[0].split("write to ")[1].split(",")[0] == notes[6].split("write to ")[1].split(",")[0]  # one address
    assert (
        notes.tolist()
        == table.page(tmp_path, 0, 60)["note"].tolist()
        == table.rows(tmp_path, list(range(60)))["note"].tolist()
    )
    assert ADDRESS not in json.dumps(read_model(Report, tmp_path / "report.json").model_dump(mode="json"))
    overrides.set_target(tmp_path, "price")
    assert read_model(Schema, tmp_path / "schema.json").column("note").masked
    overrides.decide(tmp_path, "note", "")
    assert table.load(tmp_path)["note"].tolist() == frame["note"].tolist()


def test_a_column_without_personal_data_has_nothing_to_decide(tmp_path):
    read(support(), tmp_path, "back")
    with pytest.raises(UnknownChoice, match="No personal data"):
        overrides.decide(tmp_path, "price", "mask")


def test_the_same_file_gives_the_same_pseudonyms_and_another_file_others(tmp_path):
    keys = []
    for place, n in enumerate((60, 60, 66)):
        folder = tmp_path / str(place)
        folder.mkdir()
        keys.append(read(support(n), folder).column("note").personal.key)
    assert keys[0] == keys[1] != keys[2]


def test_an_address_has_one_pseudonym_in_all_columns_however_it_is_written():
    key = "k"
    assert masking.mask_text("to Ann@Web.de", key) == f"to {masking.pseudonym('email', 'ann@web.de', key)}"
    assert masking.pseudonym("phone", "+49 30 901820", key) == masking.pseudonym("phone", "+4930901820", key)
    assert masking.pseudonym("email", "ann@web.de", key) != masking.pseudonym("email", "ann@web.de", "other")


PIECES = st.sampled_from(
    [
        "ann@web.de",
        "+49 30 901820",
        "4111 1111 1111 1111",
        "DE89370400440532013000",
        "192.168.1.17",
        "call",
        "phone 55 ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_masking_leaves_nothing_to_find_and_twice_is_once(text):
    once = masking.mask_text(text, "k")
    assert masking.mask_text(once, "k") == once
    assert find(once) == []


def test_a_hundred_thousand_cells_take_seconds(tmp_path):
    dice = random.Random(0)
    filler = "The parcel came late and nobody answered my three letters, order 1234567890 of 2024-05-31, 12.50 €"
    notes = [
        f"{filler} {place}" + (f" me{dice.random()}@web.de" if place % 10 == 0 else "") for place in range(100_000)
    ]
    pd.DataFrame({"note": notes}).to_parquet(tmp_path / "table.parquet")
    began = time.process_time()
    found = scan.scan(tmp_path / "table.parquet")
    assert time.process_time() - began < 6
    assert found["note"].cells == {"email": 10_000}


def test_the_command_line_says_which_columns_are_masked():
    options = parser().parse_args(["fit", "a.csv", "--target", "back", "--mask", "note", "--mask", "other"])
    assert plan_of(options).mask == ["note", "other"]


def test_many_columns_are_scanned_many_at_once_and_as_one_by_one(tmp_path, monkeypatch):
    frame = pd.DataFrame({f"note {place}": ["fine", f"ask user{place}@web.de", None] for place in range(200)})
    frame.to_parquet(tmp_path / "table.parquet")
    reads: list[int] = []
    read_columns = pq.ParquetFile.read

    def counting(file, *args, columns, **more):
        reads.append(len(columns))
        return read_columns(file, *args, columns=columns, **more)

    monkeypatch.setattr(pq.ParquetFile, "read", counting)
    found = scan.scan(tmp_path / "table.parquet")
    assert len(found) == sum(reads) == 200
    assert len(reads) < 10
    monkeypatch.setattr(scan, "_AT_ONCE", 1)
    assert scan.scan(tmp_path / "table.parquet") == found
    assert len(reads) < 10
