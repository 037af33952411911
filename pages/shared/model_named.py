"""A model that a person names by folder or Hugging Face id: what may be typed, and whether it can be had here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.allowed import addresses, models, switches
from core.messages import AmalgamError, clip
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def about() -> str:
    """What may be typed, in a sentence."""
    if addresses.for_one_machine():
        folders = _("The path of a local folder with safetensors can be typed.")
    else:
        folders = _("The name of a folder below AMALGAM_MODELS, with safetensors, can be typed.")
    if switches.hub():
        ids = _("A Hugging Face id (owner/name) is fetched.")
    else:
        ids = _("A Hugging Face id is taken only where Amalgam was started with AMALGAM_HUB=1.")
    return f"{folders} {ids}"


def draw(name: str) -> None:
    """How large what was named is, or why it can't be had."""
    try:
        folder = models.folder_of(name)
        if folder is None:
            models.check_hub(name)
    except AmalgamError as error:
        st.error(plain(f"{t(error.message)} {t(error.hint)}".strip()), icon=":material/error:")
        return
    if folder is None:
        about = _("“{name}” is fetched from the Hugging Face Hub, if it has no more than {limit:,.0f} MB.")
        st.caption(plain(about.format(name=clip(name), limit=models.hub_bytes() / 1e6)))
    else:
        st.caption(plain(_("“{name}”, a folder: {size:,.0f} MB.").format(name=clip(name), size=_megabytes(folder))))


def _megabytes(folder: Path) -> float:
    """Of the weights, as far as they may be loaded."""
    return sum(path.stat().st_size for path in folder.glob("model*.safetensors")) / 1e6
