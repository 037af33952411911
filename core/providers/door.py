"""Which language model takes part: the one that was named, else the largest at hand, else the small one, bundled.

An endpoint on a network takes part only where it was named, as ``openai``, and where a person lets it read the texts.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.access import audit
from core.access.consent import Sender, current_sender
from core.allowed import endpoint as allowed
from core.catalog.providers import BUNDLED, OPENAI
from core.encode.engines.unpack_smollm2 import packed_file
from core.jobs.limits import job_bytes, machine_bytes
from core.messages import ModelUnavailable, _, clip
from core.providers import memory
from core.providers.base import Judge, LanguageModel, Source
from core.providers.bundled import Writer, ready, writer
from core.providers.endpoint import Endpoint, fingerprint, not_allowed
from core.providers.gguf import files as gguf_files
from core.providers.gguf.source import GgufSource
from core.providers.huggingface.source import FolderSource, find, lasting
from core.workspace import Workspace

SHARE = 0.5  # of the machine's memory that a model may take unasked


def picked(models_folder: Path, name: str = "") -> Source | None:
    """The model that takes part, found and not loaded; None where the bundled one does, or an endpoint.

    name: of a GGUF file, a folder, a Hugging Face id, ``bundled`` or ``openai``; by default what
    ``AMALGAM_LANGUAGE_MODEL`` names, else the largest GGUF file that fits

    Raises
    ------
    ModelUnavailable
        The one that was named is not there, or is not a language model.
    """
    named = name or _wished()
    if named in {BUNDLED, OPENAI}:
        return None
    return _named(named, models_folder) if named else _largest(models_folder)


def is_endpoint(name: str = "") -> bool:
    """Whether texts leave this machine: an endpoint is never picked unasked.

    name: as for `picked`

    Examples
    --------
    >>> is_endpoint("openai"), is_endpoint("bundled")
    (True, False)
    """
    return (name or _wished()) == OPENAI


def refusal(models_folder: Path, sender: Sender | None, name: str = "") -> ModelUnavailable | None:
    """Why these texts are not sent to the endpoint that was named; None where they may be, or none was named.

    Raises
    ------
    ModelUnavailable, UnusableData
        No endpoint is set up, or by half.
    """
    if not is_endpoint(name):
        return None
    host = _settings(models_folder, sender).host
    return None if sender is not None and sender.may_send(host) else not_allowed(host)


def can_write(models_folder: Path, language: str) -> bool:
    """Whether the model that writes can be asked to answer in a language such as ``zh_CN``; nothing is loaded."""
    if is_endpoint():
        return language.replace("-", "_").split("_")[0] in Endpoint.writes
    return language.replace("-", "_").split("_")[0] in (picked(models_folder) or Writer).writes


def chosen(
    models_folder: Path,
    progress: Callable[[float], None] = lambda share: None,
    name: str = "",
    sender: Sender | None = None,
) -> LanguageModel:
    """The model that writes, loaded once per process.

    progress: receives the share that is done of making the bundled one ready, which takes half a minute once
    name: as for `picked`
    sender: whose texts it will read, by default those of `core.access.consent.on_behalf_of`; an endpoint reads none
        where nobody says so

    Raises
    ------
    ModelUnavailable
        It is not there, can't be loaded, or nobody has allowed that it reads these texts.
    UnusableData
        An endpoint is set up by half.
    """
    if is_endpoint(name):
        return _endpoint(models_folder, sender)
    if found := picked(models_folder, name):
        try:
            return found.load()
        except ModelUnavailable:
            if name or _wished():
                raise  # else the bundled one writes, and the text says so
    ready(models_folder, progress)
    return writer(models_folder)


def judge(models_folder: Path, name: str = "", sender: Sender | None = None) -> Judge:
    """The model that says how likely answers are, loaded once per process; the bundled one needs no half minute here.

    name: as for `picked`
    sender: as for `chosen`

    Raises
    ------
    ModelUnavailable, UnusableData
        As for `chosen`.
    """
    if is_endpoint(name):
        return _endpoint(models_folder, sender)
    return source(models_folder, name).load()


def source(models_folder: Path, name: str = "") -> Source:
    """The model that judges and reads, found and not loaded; the bundled one as it was published.

    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there, or an endpoint was named, which is elsewhere.
    """
    if is_endpoint(name):
        raise ModelUnavailable(
            _("An endpoint answers, but shows nothing of what it has in mind."),
            _("Choose another encoder, or a language model of this machine."),
        )
    return picked(models_folder, name) or GgufSource(packed_file())


def n_bytes(models_folder: Path, name: str = "") -> int:
    """How large the model that judges is on this machine: nothing where an endpoint does."""
    return 0 if is_endpoint(name) else source(models_folder, name).n_bytes


def revision(models_folder: Path, name: str = "") -> str:
    """The fingerprint of the model that judges; nothing is loaded, and no endpoint is asked.

    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there.
    """
    if is_endpoint(name):
        return fingerprint(_settings(models_folder, None))
    return source(models_folder, name).revision


def settled(models_folder: Path, name: str = "") -> str:
    """The name under which the model that takes part now is found later, whatever else is put beside it."""
    if is_endpoint(name):
        return OPENAI
    found = picked(models_folder, name)
    if found is None:
        return BUNDLED
    return lasting(name or _wished()) if isinstance(found, FolderSource) else found.name


def _endpoint(models_folder: Path, sender: Sender | None) -> Endpoint:
    sender = sender or current_sender()
    settings = _settings(models_folder, sender)
    if sender is None:
        raise not_allowed(settings.host)
    secret = Workspace(sender.home).secret().encode()
    made = Endpoint(
        settings,
        sender.may_send,
        hmac.new(secret, b"pseudonyms of sent texts", hashlib.sha256).hexdigest(),
        partial(audit.record, sender.home, "sent-out", sender.owner),
    )
    made.check()
    return made


def _settings(models_folder: Path, sender: Sender | None) -> allowed.EndpointSettings:
    found = allowed.settings(sender.home if sender else models_folder.parent)
    if found is None:
        raise ModelUnavailable(
            _("No endpoint is set up."),
            _("Set AMALGAM_LLM_URL and AMALGAM_LLM_MODEL, or choose another language model."),
        )
    return found


def _wished() -> str:
    return os.environ.get("AMALGAM_LANGUAGE_MODEL", "").strip()


def _named(name: str, models_folder: Path) -> Source:
    if path := gguf_files.find(name, models_folder):
        return GgufSource(path)
    if (folder := find(name)) is not None:
        return folder
    raise ModelUnavailable(
        _("There is no language model “{model}” here."),
        _("Look at “amalgam models list”, or choose “bundled”."),
        model=clip(name),
    )


def _largest(models_folder: Path) -> Source | None:
    """By all memory, not by what is free now: the same model each time. What can't answer in a chat is passed over."""
    most = min(SHARE * machine_bytes(), job_bytes("light"))
    fitting = (path for path in gguf_files.files(models_folder) if memory.ROOM * path.stat().st_size <= most)
    return next((GgufSource(path) for path in fitting if gguf_files.is_chat(path)), None)
