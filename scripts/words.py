"""Bring the catalogues up to date: every sentence marked with ``_()`` or ``_n()`` in the code, and nothing else.

Prints what still waits for a translation. Sentences that left the code leave the catalogue. With ``--from FILE.json``
translations are filled in first: ``{"English sentence": "translation"}``. A sentence that counts is named by its
singular, its plural, or both: ``"{n} row|{n} rows"``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "assets" / "locales"
KEYWORDS = {"_": None, "_n": (1, 2)}


def sources() -> list[Path]:
    """The Python files with words for people in them."""
    return [ROOT / "app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]


def template() -> Catalog:
    """Every marked sentence with the files it stands in."""
    catalog = Catalog(project="Amalgam", charset="utf-8")
    for path in sources():
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return catalog


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALES / language / "LC_MESSAGES" / "amalgam.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue as it stands; an empty one if there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Amalgam", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def names(message: Message) -> list[str]:
    """What a sentence is called in a file of translations; the last one is how it is listed."""
    return [*message.id, "|".join(message.id)] if message.pluralizable else [str(message.id)]


def is_translated(message: Message) -> bool:
    """Whether every form of a sentence has its translation, and not one that was guessed."""
    return (
        not message.fuzzy and all(message.string)
        if message.pluralizable
        else bool(message.string and not message.fuzzy)
    )


def waiting(language: str) -> list[str]:
    """Sentences of the code without a translation, or with only one where a number decides between two."""
    catalog = read_catalogue(language)
    known = {message.id for message in catalog if is_translated(message)}
    return [names(message)[-1] for message in template() if message.id and message.id not in known]


def fill(catalog: Catalog, translations: Mapping[str, str]) -> list[str]:
    """Put translations into a catalogue and list those whose sentence it does not have.

    A language with several plural forms gets the same one for all of them.
    """
    unknown = set(translations)
    for message in catalog:
        for name in names(message):
            if name and name in translations:
                text = translations[name]
                message.string = (text,) * catalog.num_plurals if message.pluralizable else text
                message.flags.discard("fuzzy")
                unknown.discard(name)
    return sorted(unknown)


def update(language: str, translations: Mapping[str, str] | None = None) -> list[str]:
    """Add what is new, drop what is gone, keep every translation; list the `translations` nobody asked for.

    A sentence that begins to count keeps the translation of its plural.
    """
    catalog = read_catalogue(language)
    before = {str(message.id): str(message.string) for message in catalog if message.id and not message.pluralizable}
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in [one for one in catalog if one.id and one.fuzzy]:  # it began, or ceased, to count
        message.string = ("",) * catalog.num_plurals if message.pluralizable else ""
        message.flags.discard("fuzzy")
    for message in catalog:
        if message.pluralizable and not is_translated(message) and before.get(message.id[1]):
            message.string = (before[message.id[1]],) * catalog.num_plurals
    unknown = fill(catalog, translations or {})
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)
    return unknown


def main() -> None:
    """Update the catalogues and say what they lack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="files", type=Path, nargs="+", default=[], metavar="FILE.json")
    parser.add_argument("--language", default="zh_CN")
    asked = parser.parse_args()
    translations: dict[str, str] = {}
    for file in asked.files:
        translations |= json.loads(file.read_text(encoding="utf-8"))
    for text in update(asked.language, translations):
        print(f"{asked.language}: no such sentence in the code: {text}")
    missing = waiting(asked.language)
    print(f"{asked.language}: {len(missing)} sentences wait for a translation")
    for text in missing:
        print("  ", text)


if __name__ == "__main__":
    main()
