"""Which pretrained models may be loaded, and from where, besides those that come with Amalgam.

``AMALGAM_MODELS`` names a folder with models; ``AMALGAM_HUB_MB`` is the largest that is fetched, where any is.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from core.allowed.addresses import for_one_machine
from core.allowed.switches import hub
from core.messages import ModelUnavailable, UnknownChoice, _, clip

LONGEST_NAME = 300  # characters: a path is longer than an id
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


def hub_bytes() -> int:
    """The largest model that is fetched (``AMALGAM_HUB_MB``, 2,000)."""
    return int(float(os.environ.get("AMALGAM_HUB_MB", "2000")) * 1e6)


def folder_of(name: str) -> Path | None:
    """The folder that a model's name stands for, if there is one and it may be read.

    Any folder of this machine where nobody else reaches the server, else only those below ``AMALGAM_MODELS``; a name
    is looked for there, too.

    Raises
    ------
    UnknownChoice
        The name is too long, or holds characters that no name has.
    """
    if len(name) > LONGEST_NAME or not name.isprintable() or not name.strip():
        raise UnknownChoice(_("“{name}” is not the name of a model."), name=clip(name))
    chosen = os.environ.get("AMALGAM_MODELS", "").strip()
    if chosen:
        root = Path(chosen).expanduser().resolve()
        place = (root / name).resolve()
        if place != root and place.is_relative_to(root) and place.is_dir():
            return place
    if for_one_machine() and Path(name).expanduser().is_dir():
        return Path(name).expanduser().resolve()
    return None


def check_hub(name: str) -> None:
    """That a model may be asked for on the Hugging Face Hub.

    Whether a folder of that name exists is not said: the sentence is the same.

    Raises
    ------
    ModelUnavailable
    """
    if hub() and _HUB_ID.fullmatch(name) and ".." not in name and "--" not in name:
        return
    raise ModelUnavailable(
        _("“{model}” is neither a model that comes with Amalgam, as MiniLM does, nor a folder that may be read here."),
        _("Put the model's folder below AMALGAM_MODELS, or start Amalgam with AMALGAM_HUB=1 to fetch models by id."),
        model=clip(name),
    )


def summary() -> str:
    """All of it in a line; a process that was started with other settings has another one."""
    folder = os.environ.get("AMALGAM_MODELS", "").strip()
    writes = os.environ.get("AMALGAM_LANGUAGE_MODEL", "").strip()
    sent_to = " ".join(os.environ.get(f"AMALGAM_LLM_{name}", "").strip() for name in ("URL", "MODEL"))
    return f"{for_one_machine()} {hub()} {hub_bytes()} {folder} {writes} {sent_to}".rstrip()
