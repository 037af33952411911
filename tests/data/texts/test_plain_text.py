"""Plain text files: documents by the one rule, labels by name or folder."""

from __future__ import annotations

import pytest

from core.data import reading, table
from core.data.schema import ReadOptions
from core.data.texts import plain_text
from core.messages import UnreadableFile


def read(folder, files: dict[str, str], **options):
    paths = []
    for name, text in files.items():
        paths.append(folder / name)
        paths[-1].parent.mkdir(exist_ok=True)
        paths[-1].write_text(text, encoding="utf-8")
    result = reading.read_files(paths, ReadOptions(**options), folder / "set")
    return result, table.load(folder / "set")


def lines(n: int) -> list[str]:
    return [f"Line number {place} says {'this and ' * (place % 7)}that." for place in range(n)]


def test_a_few_blank_lines_are_counted_and_not_followed(tmp_path):
    text = "\n".join(line + "\n" * (place in {99, 180, 300}) for place, line in enumerate(lines(400)))
    result, frame = read(tmp_path, {"a.txt": text})
    assert len(frame) == 400
    assert (result.documents, result.document_counts) == ("lines", {"blank lines": 4, "lines": 400})
    assert "400 documents: each line is one. By blank lines it would be 4." in [str(note) for note in result.notes]
    again, frame = read(tmp_path, {"a.txt": text}, documents="blank lines")
    assert len(frame) == 4
    assert again.documents == "blank lines"


def test_blocks_are_documents_of_every_class(tmp_path):
    block = "\n\n".join("\n".join(lines(40)[place : place + 3]) for place in range(0, 36, 3))
    result, frame = read(tmp_path, {"ham.txt": block, "spam.txt": block})
    assert frame["label"].value_counts().to_dict() == {"ham": 12, "spam": 12}
    assert result.documents == "blank lines"
    assert str(result.notes[-1]) == "The label is the name of the file."


def test_a_table_with_commas_can_be_read_as_documents_when_asked_to(tmp_path):
    text = "a,b\n1,2\n3,4\n"
    assert read(tmp_path, {"a.txt": text})[0].format == "csv"
    assert read(tmp_path, {"a.txt": text}, documents="lines")[1]["text"].tolist() == ["a,b", "1,2", "3,4"]


def test_many_files_are_a_document_each_unless_it_is_said_otherwise(tmp_path):
    files = {f"{'ham' if place % 2 else 'spam'}_{place}.txt": f"First {place}.\nSecond." for place in range(12)}
    result, frame = read(tmp_path, files)
    assert (len(frame), result.documents) == (12, None)
    assert len(read(tmp_path, files, documents="lines")[1]) == 24


def test_folders_are_labels(tmp_path):
    files = {f"{label}/{place}.txt": f"Text {place} of {label}." for label in ("neg", "pos") for place in range(6)}
    _result, frame = read(tmp_path, files)
    assert frame["label"].value_counts().to_dict() == {"neg": 6, "pos": 6}


def test_a_missing_marker_names_the_file(tmp_path):
    with pytest.raises(UnreadableFile, match=r"No line of “a.txt” begins with “@@”"):
        read(tmp_path, {"a.txt": "x\ny\n"}, documents="marker", marker="@@")
    assert plain_text.MIN_DOCUMENTS == 10
