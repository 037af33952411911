"""Which language model takes part: the one that was named, else the largest at hand, else the small one, bundled."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from core.encode.engines.unpack_smollm2 import packed_file
from core.jobs.limits import job_bytes, machine_bytes
from core.messages import ModelUnavailable, _, clip
from core.providers import gguf_files, llama_cpp
from core.providers.base import Judge, LanguageModel
from core.providers.bundled import Writer, ready, writer
from core.providers.llama_cpp import Gguf

BUNDLED = "bundled"
SHARE = 0.5  # of the machine's memory that a model may take unasked


def picked(models_folder: Path, name: str = "") -> Path | None:
    """The GGUF file that takes part; None where the bundled model does.

    name: of a file, or ``bundled``; by default what ``AMALGAM_LANGUAGE_MODEL`` names, else the largest that fits

    Raises
    ------
    ModelUnavailable
        The one that was named is not there.
    """
    named = name or _wished()
    if named == BUNDLED:
        return None
    return _named(named, models_folder) if named else _largest(models_folder)


def can_write(models_folder: Path, language: str) -> bool:
    """Whether the model that writes can be asked to answer in a language such as ``zh_CN``; nothing is loaded."""
    path = picked(models_folder)
    writes = gguf_files.header(path).writes if path else Writer.writes
    return language.replace("-", "_").split("_")[0] in writes


def chosen(
    models_folder: Path, progress: Callable[[float], None] = lambda share: None, name: str = ""
) -> LanguageModel:
    """The model that writes, loaded once per process.

    progress: receives the share that is done of making the bundled one ready, which takes half a minute once
    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there, or can't be loaded.
    """
    if path := picked(models_folder, name):
        try:
            return of_file(path)
        except ModelUnavailable:
            if name or _wished():
                raise  # else the bundled one writes, and the text says so
    ready(models_folder, progress)
    return writer(models_folder)


def judge(models_folder: Path, name: str = "") -> Judge:
    """The model that says how likely answers are, loaded once per process; the bundled one needs no half minute here.

    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there, or can't be loaded.
    """
    return of_file(file(models_folder, name))


def file(models_folder: Path, name: str = "") -> Path:
    """The GGUF file of the model that judges and reads, the bundled one's as it was published.

    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there.
    """
    return picked(models_folder, name) or packed_file()


def width(models_folder: Path, name: str = "") -> int:
    """How many numbers one hidden state of that model has; nothing is loaded."""
    return gguf_files.header(file(models_folder, name)).width


def revision(models_folder: Path, name: str = "") -> str:
    """The fingerprint of the model that judges; nothing is loaded.

    name: as for `picked`

    Raises
    ------
    ModelUnavailable
        It is not there.
    """
    return llama_cpp.fingerprint(file(models_folder, name))


def settled(models_folder: Path, name: str = "") -> str:
    """The name under which the model that takes part now is found later, whatever else is put beside it."""
    path = picked(models_folder, name)
    return path.stem if path else BUNDLED


def of_file(path: Path) -> Gguf:
    """The model of a GGUF file.

    Raises
    ------
    ModelUnavailable
    """
    return llama_cpp.loaded(path, path.stat().st_mtime_ns)


def _wished() -> str:
    return os.environ.get("AMALGAM_LANGUAGE_MODEL", "").strip()


def _named(name: str, models_folder: Path) -> Path:
    path = gguf_files.find(name, models_folder)
    if path is None:
        raise ModelUnavailable(
            _("There is no language model “{model}” here."),
            _("Look at “amalgam models list”, or choose “bundled”."),
            model=clip(name),
        )
    return path


def _largest(models_folder: Path) -> Path | None:
    """By all memory, not by what is free now: the same model each time. What can't answer in a chat is passed over."""
    most = min(SHARE * machine_bytes(), job_bytes("light"))
    fitting = (path for path in gguf_files.files(models_folder) if llama_cpp.ROOM * path.stat().st_size <= most)
    return next((path for path in fitting if gguf_files.is_chat(path)), None)
