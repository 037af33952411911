"""A drop zone for files of any size: the browser sends them straight to disk by a route of the server's own.

Streamlit's uploader would hold each file in the web process's memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.files import upload_bytes
from core.messages import UnusableData
from pages.shared import state
from pages.shared.i18n import _

ADDRESS = "/amalgam/upload"
TABLES = (
    ".csv,.tsv,.txt,.xlsx,.xls,.xlsm,.xlsb,.ods,.json,.geojson,.jsonl,.ndjson,.parquet,.feather,.arrow,.sav,.zsav,.por,"
    ".dta,.sas7bdat,.xpt,.db,.sqlite,.sqlite3,.gz,.bz2,.xz,.zst,.zip"
)
HTML = """
<div class="zone" role="button" tabindex="0">
  <span class="call"></span><span class="browse"></span><span class="hint"></span>
</div>
<input type="file" tabindex="-1" aria-hidden="true">
<div class="files" aria-live="polite"></div>
"""
_HERE = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "amalgam_upload",
    html=HTML,
    css=(_HERE / "upload.css").read_text(encoding="utf-8"),
    js=(_HERE / "upload.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Upload:
    """A file that has arrived: its id in the workspace and the name it had."""

    id: str
    name: str


def drop_zone(key: str, *, multiple: bool = True, hint: str = "", accept: str = TABLES) -> list[Upload]:
    """A place to drop files.  →  what has just arrived, once; an empty list otherwise"""
    words = {
        "drop": _("Drop files here") if multiple else _("Drop a file here"),
        "browse": _("or choose them") if multiple else _("or choose it"),
        "hint": hint or _("CSV, Excel, JSON, Parquet, or several text files (each file a class)"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "cancelled": _("cancelled"),
        "failed": _("The file did not arrive. Try again."),
        "large": _("This file is too large."),
    }
    result = _COMPONENT(
        key=key,
        data=[  # a list, since Streamlit would import pandas to look for tables among the values of a dict
            {
                "words": words,
                "address": ADDRESS,
                "multiple": multiple,
                "accept": accept,
                "limit": upload_bytes(),
            }
        ],
        on_uploaded_change=_arrived,
    )
    told = [Upload(str(file["id"]), str(file["name"])) for file in result.uploaded or []]
    return [upload for upload in told if _is_theirs(upload)]


def _is_theirs(upload: Upload) -> bool:
    """Whether the browser that tells of an upload is the one that sent it."""
    try:
        state.workspace().upload(upload.id, state.owner())
    except UnusableData:
        return False
    return True


def _arrived() -> None:
    """The page reads what arrived from the component's result; nothing else is to be done."""
