"""Bring the catalogues up to date: every sentence marked with ``_()`` in the code, and nothing else.

Prints what still waits for a translation. Sentences that left the code leave the catalogue.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "assets" / "locales"


def sources() -> list[Path]:
    """The Python files with words for people in them."""
    return [ROOT / "app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]


def template() -> Catalog:
    """Every marked sentence with the files it stands in."""
    catalog = Catalog(project="Amalgam", charset="utf-8")
    for path in sources():
        for _line, message, _comments, context in extract_from_file("python", path, keywords={"_": None}):
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


def waiting(language: str) -> list[str]:
    """Sentences of the code without a translation."""
    catalog = read_catalogue(language)
    return [
        str(message.id)
        for message in template()
        if message.id and not (catalog.get(message.id) and catalog[message.id].string)
    ]


def update(language: str) -> None:
    """Add what is new, drop what is gone, keep every translation."""
    catalog = read_catalogue(language)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)


if __name__ == "__main__":
    for language in ("zh_CN",):
        update(language)
        missing = waiting(language)
        print(f"{language}: {len(missing)} sentences wait for a translation")
        for text in missing:
            print("  ", text)
