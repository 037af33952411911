"""``models``: the language models that can write here; fetch or take in a larger one, and remove it."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from core.cli.printed.leaderboard import padded
from core.cli.terminal import Terminal
from core.files import unfinished
from core.messages import UnknownChoice, UnusableData, _, clip, say
from core.providers import gguf_files
from core.providers.bundled import Writer
from core.providers.door import picked
from core.providers.fetch import KNOWN, fetch
from core.workspace import Workspace


def models(options: argparse.Namespace, terminal: Terminal) -> int:
    """List, add or remove."""
    folder = Workspace().models_folder
    return {"list": _list, "add": _add, "remove": _remove}[options.action](options, terminal, folder)


def _list(options: argparse.Namespace, terminal: Terminal, folder: Path) -> int:
    used = picked(folder)
    found = [
        {
            "name": path.stem,
            "provider": "llama.cpp",
            "file": str(path),
            "megabytes": round(path.stat().st_size / 1e6),
            "languages": sorted(gguf_files.header(path).writes) if gguf_files.is_chat(path) else [],
            "used": path == used,
        }
        for path in gguf_files.files(folder)
    ]
    bundled = {"name": Writer.name, "provider": "bundled", "languages": sorted(Writer.writes), "used": used is None}
    known = [
        {"name": one.name, "about": terminal.t(one.about())} for one in KNOWN.values() if not _has(found, one.name)
    ]
    if options.json:
        terminal.document({"models": [*found, bundled], "can_be_added": known})
        return 0
    for one in [*found, bundled]:
        mark = "*" if one["used"] else " "
        size = f"{one['megabytes']:,} MB" if "megabytes" in one else ""
        terminal.show(f"{mark} {padded(str(one['name']), 44)}{padded(str(one['provider']), 12)}{size}")
    terminal.show(terminal.t(_("* writes summaries, answers in chat, and whatever a task asks for")))
    for entry in known:
        terminal.show()
        terminal.show(terminal.t(say(_("“amalgam models add {name}” fetches it:"), name=entry["name"])))
        terminal.show(entry["about"])
    return 0


def _add(options: argparse.Namespace, terminal: Terminal, folder: Path) -> int:
    place = folder / gguf_files.FOLDER
    if wanted := KNOWN.get(options.name.casefold().removesuffix(".gguf")):
        if path := gguf_files.find(wanted.name, folder):
            terminal.note(say(_("It is here already: {file}"), file=str(path)))
            return _told(options, terminal, path)
        terminal.note(wanted.about())
        stage = say(_("Fetching {label}"), label=wanted.label)
        return _told(options, terminal, fetch(wanted, place, lambda share: terminal.progress(stage, share, None)))
    source = Path(options.name).expanduser()
    if not source.is_file():
        raise UnknownChoice(
            _("“{name}” is neither a file nor a model that can be fetched."),
            _("Known are: {known}."),
            name=clip(options.name),
            known=list(KNOWN),
        )
    kept = place / f"{source.stem}.gguf"
    if not gguf_files.header(source.resolve()).chats:
        raise UnusableData(
            _("“{file}” has no chat form, so it can't be asked anything."),
            _("Choose an instruct or chat model."),
            file=source.name,
        )
    if gguf_files.find(kept.stem, folder):
        raise UnusableData(
            _("There is a language model “{name}” already."),
            _("Give the file another name, or remove that one first."),
            name=clip(kept.stem),
        )
    place.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, unfinished(kept))
        unfinished(kept).replace(kept)
    finally:
        unfinished(kept).unlink(missing_ok=True)
    return _told(options, terminal, kept)


def _remove(options: argparse.Namespace, terminal: Terminal, folder: Path) -> int:
    path = gguf_files.find(options.name, folder)
    if path is None:
        raise UnknownChoice(
            _("There is no language model “{name}” here."), _("Look at “amalgam models list”."), name=clip(options.name)
        )
    if not path.is_relative_to((folder / gguf_files.FOLDER).resolve()):
        raise UnusableData(
            _("“{file}” was put there by somebody, not by Amalgam, so it stays."),
            _("Remove the file yourself."),
            file=str(path),
        )
    path.unlink()
    return _told(options, terminal, path)


def _told(options: argparse.Namespace, terminal: Terminal, path: Path) -> int:
    if options.json:
        terminal.document({"file": str(path)})
    else:
        terminal.show(str(path))
    return 0


def _has(found: list[dict[str, object]], name: str) -> bool:
    return any(str(one["name"]).casefold() == name for one in found)
