"""Language models as GGUF files on this machine: which there are, and what their headers say of them.

They lie below ``AMALGAM_MODELS``, or in Amalgam's own folder for models, where ``amalgam models add`` puts them.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.messages import ModelUnavailable, _, say
from core.providers.gguf.header import read_fields
from core.providers.vocabulary import languages

FOLDER = "gguf"
MARKS = (3, 4)  # types of tokens that are taken for marks wherever they stand in a text: control, user-defined


@dataclass(frozen=True)
class Header:
    """What a file says of its model."""

    chats: bool  # it has a chat form
    context: int  # tokens that it was trained to read at once
    width: int  # numbers of a hidden state
    control: tuple[str, ...]  # its marks of control, the longest first
    writes: frozenset[str]


def places(models_folder: Path) -> list[Path]:
    """Where files are looked for.

    Examples
    --------
    >>> places(Path("models"))[-1].as_posix()
    'models/gguf'
    """
    chosen = os.environ.get("AMALGAM_MODELS", "").strip()
    named = [Path(chosen).expanduser().resolve()] if chosen else []
    return [*named, models_folder / FOLDER]


def files(models_folder: Path) -> list[Path]:
    """The GGUF files at hand, the largest first."""
    found = {path.resolve() for place in places(models_folder) for path in place.rglob("*.gguf") if _is_gguf(path)}
    return sorted(found, key=lambda path: (-path.stat().st_size, path.name))


def find(name: str, models_folder: Path) -> Path | None:
    """The file of this name, with or without ``.gguf``; the largest where several have it."""
    wanted = name.removesuffix(".gguf").casefold()
    return next((path for path in files(models_folder) if path.stem.casefold() == wanted), None)


def is_chat(path: Path) -> bool:
    """Whether a file is a model that answers in a chat, not a part of one, an encoder, or something else."""
    try:
        return header(path).chats
    except ModelUnavailable:
        return False


def header(path: Path) -> Header:
    """Read a file's header, once for as long as the file stays as it is.

    Raises
    ------
    ModelUnavailable
        It is cut off, or no GGUF.
    """
    told = path.stat()
    return _header(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=8)
def _header(path: Path, changed: int, size: int) -> Header:
    try:
        fields = read_fields(path, {"general.architecture", "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"})
        words = fields["tokenizer.ggml.tokens"]
        marks = [word for word, kind in zip(words, fields["tokenizer.ggml.token_type"], strict=True) if kind in MARKS]
        return Header(
            chats="tokenizer.chat_template" in fields,
            context=int(fields[f"{fields['general.architecture']}.context_length"]),
            width=int(fields[f"{fields['general.architecture']}.embedding_length"]),
            control=tuple(sorted(marks, key=len, reverse=True)),
            writes=languages(words),
        )
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelUnavailable(
            _("“{file}” could not be read as a language model: {cause}"),
            _("Copy the file again, or remove it from the folder."),
            file=path.name,
            cause=str(error)[:200] if isinstance(error, OSError) else say(_("its header is not that of one")),
        ) from error


def _is_gguf(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"
