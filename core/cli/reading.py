"""How files are read, as flags say it: roles and kinds of columns, the sheet, where the table begins and ends."""

from __future__ import annotations

import argparse
import codecs
import json
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from core.catalog import ROLES
from core.data.schema import Kind, Layout, ReadOptions
from core.messages import UnknownChoice, UnreadableFile, _

HEADERS = {"yes": True, "none": False}  # words in the place of the header's rows
KINDS: tuple[str, ...] = get_args(Kind)
KIND_OF_ROLE: dict[str, Kind] = {"number": "number", "date": "date"}  # roles whose cells must be such


def read_options(options: argparse.Namespace) -> ReadOptions:
    """What the flags say of reading.

    Raises
    ------
    UnknownChoice, UnreadableFile
    """
    kinds, layouts = _from_file(options.roles) if options.roles else ({}, {})
    for column, named in (pair(text) for text in options.role):
        if named in KINDS or named in KIND_OF_ROLE:
            kinds[column] = KIND_OF_ROLE.get(named) or kind(named)
            layouts.pop(column, None)
    return ReadOptions(
        kinds=kinds,
        layouts=layouts,
        one_spelling=options.merge_spellings,
        sheet=options.sheet,
        header_rows=rows_of(options.header) if options.header else None,
        header=HEADERS.get(options.header),
        encoding=encoding(options.encoding) if options.encoding else None,
        delimiter=delimiter(options.delimiter) if options.delimiter is not None else None,
        quote=quote(options.quote) if options.quote is not None else None,
        skip_bad_lines=not options.refuse_bad_lines,
        first_row=options.first_row,
        last_row=options.last_row,
        objects=options.objects,
        **parting(options),
    )


def encoding(name: str) -> str:
    """The name of an encoding, if Python knows it.

    Raises
    ------
    UnknownChoice
    """
    try:
        codecs.lookup(name)
    except LookupError:
        raise UnknownChoice(
            _("There is no encoding “{name}”."), _("Usual ones are utf-8, gb18030, shift_jis and cp1252."), name=name
        ) from None
    return name


def delimiter(text: str) -> str:
    """One sign, or ``tab``; nothing for ``none``, where each line is one value.

    Raises
    ------
    UnknownChoice
    """
    if text == "none":
        return ""
    sign = "\t" if text in {"tab", "\\t"} else text
    if len(sign) != 1:
        raise UnknownChoice(_("“--delimiter {flag}” is not one sign, or “tab”."), flag=text)
    return sign


def quote(text: str) -> str:
    """One sign, or nothing for ``none``.

    Raises
    ------
    UnknownChoice
    """
    if text == "none":
        return ""
    if len(text) != 1:
        raise UnknownChoice(_("“--quote {flag}” is not one sign, or “none”."), flag=text)
    return text


def parting(options: argparse.Namespace) -> dict[str, Any]:
    """How a plain text is parted into documents, where the flags say it: options of the reading.

    Raises
    ------
    UnknownChoice
    """
    if options.documents == "marker" and not options.marker:
        raise UnknownChoice(_("“--documents marker” needs “--marker”, how the line begins above each document."))
    if options.lines < 1:
        raise UnknownChoice(_("“--lines” is a whole number from 1."))
    way = options.documents.replace("-", " ") if options.documents else None
    return {"documents": way, "lines_each": options.lines, "marker": options.marker}


def roles(options: argparse.Namespace) -> dict[str, str]:
    """Column → role, as the flags say it; what is read as a scale or a list is a category.

    Raises
    ------
    UnknownChoice, UnreadableFile
    """
    found = {}
    if options.roles:
        found = {one["name"]: str(one["role"]) for one in _columns(options.roles) if one.get("role") in ROLES[1:]}
    return found | {column: role_of(named, text) for text in options.role for column, named in [pair(text)]}


def role_of(named: str, flag: str) -> str:
    """The role that a role's or kind's name stands for.

    Raises
    ------
    UnknownChoice
    """
    if named in ROLES and named != "target":
        return named
    if named in KINDS and named != "empty":
        return {"time": "number", "duration": "number", "pair": "number"}.get(named, "category")
    known = list(dict.fromkeys([*ROLES[1:], "ordered", "list", "boolean", "time"]))
    raise UnknownChoice(_("“{flag}” is not COLUMN=ROLE."), _("Roles are: {known}."), flag=flag, known=known)


def pair(text: str) -> tuple[str, str]:
    """``COLUMN=VALUE``; a column's name may itself hold an equals sign.

    Raises
    ------
    UnknownChoice
    """
    column, equals, value = text.rpartition("=")
    if not (column and equals and value):
        raise UnknownChoice(_("“{flag}” is not COLUMN=VALUE."), flag=text)
    return column, value


def kind(named: str) -> Kind:
    """A kind by its name."""
    return next(one for one in get_args(Kind) if one == named)


def rows_of(text: str) -> list[int] | None:
    """``3`` or ``3,4``: the rows that name the columns, from 1; none where a word says it: ``yes``, ``none``.

    Raises
    ------
    UnknownChoice
    """
    if text in HEADERS:
        return None
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1:
        raise UnknownChoice(_("“{flag}” does not say rows, such as 3 or 3,4."), flag=text)
    return found


def _from_file(path: Path) -> tuple[dict[str, Kind], dict[str, Layout]]:
    kinds: dict[str, Kind] = {}
    layouts: dict[str, Layout] = {}
    for one in _columns(path):
        if one.get("layout"):
            layouts[one.get("source") or one["name"]] = _layout(one)
        elif one.get("kind") in KINDS:
            kinds[one["name"]] = kind(one["kind"])
        elif one.get("role") in KIND_OF_ROLE:
            kinds[one["name"]] = KIND_OF_ROLE[one["role"]]
    return kinds, layouts


def _layout(one: dict[str, Any]) -> Layout:
    try:
        return Layout.model_validate(one["layout"])
    except ValidationError:
        raise UnknownChoice(_("What the roles file says of column “{column}” can't be."), column=one["name"]) from None


def _columns(path: Path) -> list[dict[str, Any]]:
    """The columns of a roles file: what ``inspect --json`` prints, or an object of column → role."""
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise UnknownChoice(_("The roles file is not JSON: {error}"), error=str(error)) from None
    if isinstance(read, dict) and not isinstance(read.get("columns"), list):
        read = {"columns": [{"name": name, "role": role} for name, role in read.items()]}
    columns = read.get("columns") if isinstance(read, dict) else read
    if not isinstance(columns, list) or not all(isinstance(one, dict) and "name" in one for one in columns):
        raise UnknownChoice(
            _("The roles file does not say roles of columns."), _("Write one with “inspect FILE --json > roles.json”.")
        )
    return columns
