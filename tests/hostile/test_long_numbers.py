"""Numbers of more digits than Python reads, wherever JSON comes from outside: the person's file, not our fault."""

from __future__ import annotations

import pytest

from core.cli.plans import _from_file
from core.cli.reading import _columns
from core.data import reading
from core.data.schema import ReadOptions
from core.data.texts.tagged_text import _listed
from core.messages import UnknownChoice, UnusableData
from core.text_tasks.models.prompted import parsed

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", f'[{{"a": {DIGITS}}}, {{"a": 2}}]'),
        ("a.jsonl", f'{{"a": {DIGITS}}}\n{{"a": 2}}'),
        ("a.json", f'[{{"a": {DIGITS}.5e9}}, {{"a": -{DIGITS}}}]'),
    ],
)
def test_a_table_is_read(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    assert reading.read_files([tmp_path / name], ReadOptions(), tmp_path / "set").n_rows == 2


def test_marks_of_a_text_are_refused_in_a_sentence():
    with pytest.raises(UnusableData, match="not a list"):
        _listed(f"[{DIGITS}]")


def test_what_a_model_wrote_is_no_answer():
    assert parsed(f'{{"price": {DIGITS}}}', []) is None


@pytest.mark.parametrize("text", [f"[{DIGITS}]", "[" * 100_000])
def test_files_of_roles_and_plans_are_refused_in_a_sentence(text, tmp_path):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UnknownChoice, match="roles file is not JSON"):
        _columns(tmp_path / "x.json")
    with pytest.raises(UnknownChoice, match="plan file is not JSON"):
        _from_file(tmp_path / "x.json", None)
