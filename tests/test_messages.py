"""Sentences that are stored by id and drawn in the reader's language."""

from __future__ import annotations

import json

import pytest

from core.cli.terminal import Terminal
from core.messages import Message, UnusableData, _, _n, catalogue, is_message, say, translate
from scripts import words

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {forms}\\n"

msgid "{{n:,}} row was read."
msgid_plural "{{n:,}} rows were read."
{translations}
"""
CHINESE = PO.format(forms="nplurals=1; plural=0;", translations='msgstr[0] "读取了 {n:,} 行。"')
POLISH = PO.format(
    forms="nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    translations='msgstr[0] "{n:,} wiersz"\nmsgstr[1] "{n:,} wiersze"\nmsgstr[2] "{n:,} wierszy"',
)
READ = _n("{n:,} row was read.", "{n:,} rows were read.")


@pytest.fixture
def locales(tmp_path, monkeypatch):
    """Catalogues of their own: Chinese with one form, Polish with three."""
    for language, text in {"zh_CN": CHINESE, "pl": POLISH}.items():
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "amalgam.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr("core.messages.LOCALES", tmp_path)
    monkeypatch.setattr("scripts.words.LOCALES", tmp_path)
    catalogue.cache_clear()
    yield tmp_path
    catalogue.cache_clear()


@pytest.mark.parametrize(
    ("n", "english", "chinese", "polish"),
    [
        (0, "0 rows were read.", "读取了 0 行。", "0 wierszy"),
        (1, "1 row was read.", "读取了 1 行。", "1 wiersz"),
        (2, "2 rows were read.", "读取了 2 行。", "2 wiersze"),
        (1205, "1,205 rows were read.", "读取了 1,205 行。", "1,205 wierszy"),
    ],
)
def test_a_sentence_that_counts_takes_the_form_its_language_gives_the_number(locales, n, english, chinese, polish):
    said = say(READ, n=n)
    assert [translate(said, language) for language in ("en", "zh_CN", "pl")] == [english, chinese, polish]


def test_any_gap_may_be_the_one_that_counts():
    template = _n("{folds} fold of {n} rows", "{folds} folds of {n} rows", "folds")
    assert str(say(template, folds=1, n=9)) == "1 fold of 9 rows"
    assert str(say(template, folds=5, n=1)) == "5 folds of 1 rows"


def test_two_counts_are_two_messages(locales):
    both = say(_("{read} {left}"), read=say(READ, n=1), left=say(READ, n=3))
    assert str(both) == "1 row was read. 3 rows were read."
    assert translate(both, "zh_CN") == "读取了 1 行。 读取了 3 行。"


def test_a_sentence_that_counts_survives_json(locales):
    stored = json.loads(say(_("Done. {read}"), read=say(READ, n=1)).model_dump_json())
    assert translate(stored, "en") == "Done. 1 row was read."
    assert translate(stored, "pl") == "Done. 1 wiersz"


def test_what_older_versions_stored_is_still_read_and_translated(locales):
    old = {"id": "{n:,} rows were read.", "params": {"n": 1}}
    assert is_message(old)
    assert translate(old, "en") == "1 rows were read."
    assert translate(old, "zh_CN") == "读取了 1 行。"
    nested = {"id": "{read}", "params": {"read": old}}
    assert translate(nested, "zh_CN") == "读取了 1 行。"


def test_only_messages_are_taken_for_messages():
    assert is_message(say(READ, n=1).model_dump())
    assert not is_message({"id": "7", "params": {}, "owner": "ada"})
    assert not is_message({"id": "7"})
    assert not is_message(Message(id="7"))


def test_errors_count(locales):
    error = UnusableData(READ, _n("Give {n} row more.", "Give {n} rows more."), n=1)
    assert str(error) == "1 row was read. Give 1 row more."


def test_the_terminal_writes_messages_in_documents_as_sentences(capfd):
    with Terminal("en") as terminal:
        terminal.document({"note": say(READ, n=1).model_dump()})
    assert json.loads(capfd.readouterr().out) == {"note": "1 row was read."}


# The catalogues' tool


@pytest.fixture
def code(tmp_path, monkeypatch, locales):
    """A code base of one file, and the two catalogues."""
    source = tmp_path / "counts.py"
    source.write_text('said = _n("{n:,} row was read.", "{n:,} rows were read.", "n"), _("Done.")\n', encoding="utf-8")
    monkeypatch.setattr("scripts.words.ROOT", tmp_path)
    monkeypatch.setattr("scripts.words.sources", lambda: [source])
    return source


def test_both_forms_are_collected(code):
    words.update("pl")
    (plural,) = [message for message in words.read_catalogue("pl") if message.pluralizable]
    assert plural.id == ("{n:,} row was read.", "{n:,} rows were read.")
    assert plural.string == ("{n:,} wiersz", "{n:,} wiersze", "{n:,} wierszy")


def test_translations_come_from_a_file(code):
    words.update("zh_CN")
    assert words.waiting("zh_CN") == ["Done."]
    assert words.update("zh_CN", {"Done.": "完成。", "Gone.": "没了。"}) == ["Gone."]
    assert words.waiting("zh_CN") == []
    assert words.read_catalogue("zh_CN")["Done."].string == "完成。"


@pytest.mark.parametrize("name", ["{n} cat", "{n} cats", "{n} cat|{n} cats"])
def test_a_sentence_that_counts_is_named_by_either_form_or_both(code, name):
    code.write_text('_n("{n} cat", "{n} cats")', encoding="utf-8")
    words.update("zh_CN")
    assert words.waiting("zh_CN") == ["{n} cat|{n} cats"]
    assert words.update("zh_CN", {name: "{n} 只猫"}) == []
    assert words.waiting("zh_CN") == []
    assert words.read_catalogue("zh_CN")["{n} cat"].string == ("{n} 只猫",)


def test_a_sentence_that_begins_to_count_keeps_its_translation(code):
    code.write_text('_("{n} cats")', encoding="utf-8")
    words.update("zh_CN", {"{n} cats": "{n} 只猫"})
    code.write_text('_n("{n} cat", "{n} cats")', encoding="utf-8")
    assert words.waiting("zh_CN") == ["{n} cat|{n} cats"]
    words.update("zh_CN")
    assert words.waiting("zh_CN") == []


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [('_("{n} cat")', '_n("{n} cat", "{n} cats")', "{n} cat|{n} cats"), ('_n("a cat", "cats")', '_("a cat")', "a cat")],
)
def test_a_translation_is_not_taken_over_by_a_sentence_that_counts_otherwise(code, before, after, waits):
    code.write_text(before, encoding="utf-8")
    words.update("zh_CN", {"{n} cat": "猫", "a cat": "猫"})
    code.write_text(after, encoding="utf-8")
    words.update("zh_CN")
    assert words.waiting("zh_CN") == [waits]
    words.update("zh_CN", {waits: "{n} 只猫"})
    assert words.waiting("zh_CN") == []
    assert "fuzzy" not in words.catalogue_path("zh_CN").read_text(encoding="utf-8")


def test_half_a_plural_waits(code):
    path = words.catalogue_path("pl")
    path.write_text(path.read_text(encoding="utf-8").replace('"{n:,} wiersze"', '""'), encoding="utf-8")
    assert "{n:,} row was read.|{n:,} rows were read." in words.waiting("pl")
