"""``models``: the language models that can write here; fetch, take in or remove a larger one, allow one elsewhere."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from core.access import consent
from core.allowed.endpoint import settings
from core.cli.printed.leaderboard import padded
from core.cli.terminal import Terminal
from core.files import unfinished
from core.messages import ModelUnavailable, UnknownChoice, UnusableData, _, clip, say
from core.providers.base import Source
from core.providers.bundled import Writer
from core.providers.door import is_endpoint, picked
from core.providers.endpoint import Endpoint
from core.providers.fetch import KNOWN, fetch
from core.providers.gguf import files as gguf_files
from core.providers.huggingface.source import FolderSource, at_hand
from core.workspace import COMMAND_LINE, Workspace

MOST_NAMED = 10  # data sets in a sentence


def models(options: argparse.Namespace, terminal: Terminal) -> int:
    """List, add, remove or allow."""
    folder = Workspace().models_folder
    return {"list": _list, "add": _add, "remove": _remove, "allow": _allow}[options.action](options, terminal, folder)


def _list(options: argparse.Namespace, terminal: Terminal, folder: Path) -> int:
    used, elsewhere = picked(folder), is_endpoint()
    found = [*_files(folder, used), *_folders(used)]
    bundled = {
        "name": Writer.name,
        "provider": "bundled",
        "languages": sorted(Writer.writes),
        "used": used is None and not elsewhere,
    }
    endpoints = [
        {
            "name": one.model,
            "provider": "openai",
            "host": one.host,
            "languages": sorted(Endpoint.writes),
            "used": elsewhere,
        }
        for one in [settings(folder.parent)]
        if one is not None
    ]
    known = [
        {"name": one.name, "about": terminal.t(one.about())} for one in KNOWN.values() if not _has(found, one.name)
    ]
    if options.json:
        terminal.document({"models": [*found, bundled, *endpoints], "can_be_added": known})
        return 0
    for one in [*found, bundled, *endpoints]:
        mark = "*" if one["used"] else " "
        size = f"{one['megabytes']:,} MB" if "megabytes" in one else str(one.get("host", ""))
        terminal.show(f"{mark} {padded(str(one['name']), 43)} {padded(str(one['provider']), 13)} {size}")
    terminal.show(terminal.t(_("* writes summaries, answers in chat, and whatever a task asks for")))
    for entry in known:
        terminal.show()
        terminal.show(terminal.t(say(_("“amalgam models add {name}” fetches it:"), name=entry["name"])))
        terminal.show(entry["about"])
    return 0


def _files(folder: Path, used: Source | None) -> list[dict[str, object]]:
    """GGUF files at hand."""
    return [
        {
            "name": path.stem,
            "provider": "llama.cpp",
            "file": str(path),
            "megabytes": round(path.stat().st_size / 1e6),
            "languages": sorted(gguf_files.header(path).writes) if gguf_files.is_chat(path) else [],
            "used": used is not None and path == used.path,
        }
        for path in gguf_files.files(folder)
    ]


def _folders(used: Source | None) -> list[dict[str, object]]:
    """Those below ``AMALGAM_MODELS``, and the one that was named, wherever it lies."""
    found = {one.path: one for one in at_hand()}
    if isinstance(used, FolderSource):
        found.setdefault(used.path, used)
    return [
        {
            "name": one.named,
            "provider": "transformers",
            "file": str(path),
            "megabytes": round(one.n_bytes / 1e6),
            "used": used is not None and path == used.path,
        }
        for path, one in found.items()
    ]


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


def _allow(options: argparse.Namespace, terminal: Terminal, folder: Path) -> int:
    workspace, owner = Workspace(folder.parent), options.owner or COMMAND_LINE
    found = settings(workspace.home)
    if found is None:
        raise ModelUnavailable(
            _("No endpoint is set up."),
            _("Set AMALGAM_LLM_URL and AMALGAM_LLM_MODEL, or choose another language model."),
        )
    rows = [row for row in workspace.datasets(owner) if options.name in {row.id, row.name}]
    if len(rows) != 1:
        raise UnknownChoice(
            _("“{name}” is not one data set of this owner."),
            _("Data sets are: {known}. Those of a browser need --owner with the name that Home shows."),
            name=clip(options.name),
            known=[f"{row.id} ({row.name})" for row in workspace.datasets(owner)[:MOST_NAMED]] or "–",
        )
    act = consent.take_back if options.take_back else consent.give
    act(workspace, rows[0].id, found.host, owner)
    if options.json:
        terminal.document({"dataset": rows[0].id, "host": found.host, "allowed": not options.take_back})
        return 0
    said = (
        _("{host} may read the texts of “{name}” no more.")
        if options.take_back
        else _("{host} may read the texts of “{name}”.")
    )
    terminal.show(terminal.t(say(said, host=found.host, name=rows[0].name)))
    return 0


def _told(options: argparse.Namespace, terminal: Terminal, path: Path) -> int:
    if options.json:
        terminal.document({"file": str(path)})
    else:
        terminal.show(str(path))
    return 0


def _has(found: list[dict[str, object]], name: str) -> bool:
    return any(str(one["name"]).casefold() == name for one in found)
