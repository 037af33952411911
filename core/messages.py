"""Words for people: messages that are stored by id and translated when drawn, and the errors that carry them.

A worker has no viewer, so it never translates: it marks a sentence with ``_()``, or ``_n()`` where a number decides
between “1 row” and “2 rows”, and stores the sentence with its parameters. The page (per session) or the command line
(``LANG``) calls `translate` at the moment of drawing.
"""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pydantic import BaseModel

LOCALES = Path(__file__).parent.parent / "assets" / "locales"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}


def _(text: str) -> str:
    """Mark an English sentence for the catalogues; the sentence itself comes back unchanged."""
    return text


class Plural(NamedTuple):
    """A sentence in both forms of English, and the gap whose number decides between them."""

    one: str
    other: str
    counts: str


def _n(one: str, other: str, counts: str = "n") -> Plural:
    """Mark a sentence that counts: ``_n("{n} row was read.", "{n} rows were read.")``."""
    return Plural(one, other, counts)


ROWS = _n("{n:,} row", "{n:,} rows")
COLUMNS = _n("{n:,} column", "{n:,} columns")


class Message(BaseModel):
    """A sentence to be: an English source with ``{named}`` gaps, and what fills them.

    A parameter may itself be a `Message`; it is translated too. A sentence that counts also holds its plural and the
    name of the parameter that counts; both are empty in any other, and in what older versions stored.
    """

    id: str
    params: dict[str, Any] = {}
    plural: str = ""
    counts: str = ""

    def __str__(self) -> str:
        return translate(self, "en")


def say(text: str | Plural, **params: Any) -> Message:
    """Build a `Message`: ``say(_n("{n} row was read.", "{n} rows were read."), n=12)``."""
    if isinstance(text, Plural):
        return Message(id=text.one, params=params, plural=text.other, counts=text.counts)
    return Message(id=text, params=params)


def is_message(data: Any) -> bool:
    """Whether something read from JSON is a stored `Message`."""
    return isinstance(data, dict) and {"id", "params"} <= set(data) <= set(Message.model_fields)


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one language; English is the source and needs none.

    A plural is also found alone: older versions stored that form whatever the number.
    """
    path = LOCALES / language / "LC_MESSAGES" / "amalgam.po"
    if language == "en" or not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        known = read_po(source, locale=language)
    for message in list(known):
        match message.id, message.string:
            case (_, plural), (*_, text) if plural not in known:
                known.add(plural, string=text)
    write_mo(compiled, known)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(message: Message | str | dict[str, Any], language: str) -> str:
    """The sentence in `language`, with its gaps filled.

    A stored message may come back from JSON as a dict with ``id`` and ``params``.
    """
    if isinstance(message, dict):
        message = Message.model_validate(message)
    if isinstance(message, str):
        message = Message(id=message)
    text = _form(message, catalogue(language)) if message.id else ""
    if not message.params:
        return text
    filled = {name: _filled(value, language) for name, value in message.params.items()}
    return text.format(**filled)


def _form(message: Message, known: gettext.NullTranslations) -> str:
    if not message.plural:
        return known.gettext(message.id)
    return known.ngettext(message.id, message.plural, int(message.params[message.counts]))


def _filled(value: Any, language: str) -> Any:
    if isinstance(value, Message) or is_message(value):
        return translate(value, language)
    if isinstance(value, (list, tuple)):
        separator = "、" if language.startswith("zh") else ", "
        return separator.join(str(_filled(item, language)) for item in value)
    return value


def clip(text: str, length: int = 60) -> str:
    """A text short enough to stand inside a sentence."""
    text = " ".join(str(text).split())
    return text if len(text) <= length else text[: length - 1] + "…"


class AmalgamError(Exception):
    """The user's problem, said so that they can solve it.

    Parameters
    ----------
    message, hint : str or Plural
        What is wrong and where; what to do now. Both marked with ``_()`` or ``_n()``, gaps filled from `params`.
    params : dict
        Fills the gaps of both.
    """

    code = "error"

    def __init__(self, message: str | Plural, hint: str | Plural = "", **params: Any) -> None:
        self.message = say(message, **params)
        self.hint = say(hint, **params) if hint else None
        super().__init__(str(self.message))

    def __str__(self) -> str:
        return str(self.message) if self.hint is None else f"{self.message} {self.hint}"


class UnreadableFile(AmalgamError):
    """A file is not what it should be."""

    code = "unreadable_file"


class UnusableData(AmalgamError):
    """A table was read, but what was asked of it can't be done."""

    code = "unusable_data"


class UnknownChoice(AmalgamError):
    """A name or setting that the catalogue does not have."""

    code = "unknown_choice"


class ModelUnavailable(AmalgamError):
    """A pretrained model is not on this machine and can't be fetched."""

    code = "model_unavailable"


class MismatchedTable(AmalgamError):
    """A table to be scored does not fit what the model was trained on."""

    code = "mismatched_table"


class Cancelled(AmalgamError):
    """The user cancelled; work stopped at a safe point."""

    code = "cancelled"
