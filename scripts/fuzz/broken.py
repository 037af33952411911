"""Ways to break bytes, archives and JSON, as Hypothesis draws them."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Content:
    """Bytes that are not written out whole wherever an example is named."""

    def __init__(self, content: bytes, name: str = "") -> None:
        self.bytes, self.name = content, name

    def __repr__(self) -> str:
        return f"{self.name} of {len(self.bytes)} bytes".strip()


ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 0, 2**63, 1e308, ""]),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
NAMES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["../x", "/etc/x", "weights", "weights/..", ".", "", "a/" * 200, "manifest.json", "pipeline.skops"]
    ),
)


def broken_bytes(draw: Draw, content: bytes) -> bytes:
    """Bytes changed, cut out, put in or repeated at a few places."""
    for _turn in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        match draw(st.integers(0, 3)):
            case 0:
                piece = draw(st.binary(min_size=1, max_size=8))
                content = content[:place] + piece + content[place + len(piece) :]
            case 1:
                content = content[:place] + content[place + draw(st.integers(1, 200)) :]
            case 2:
                content = content[:place] + draw(st.binary(min_size=1, max_size=40)) + content[place:]
            case _:
                content = content[:place] + content[max(0, place - draw(st.integers(1, 500))) :]
    return content


def broken_json(draw: Draw, content: bytes) -> bytes:
    """One value somewhere in a JSON document left out, renamed or of another kind."""
    try:
        document = json.loads(content)
    except ValueError:
        return broken_bytes(draw, content)
    here = document
    while isinstance(here, dict | list) and here:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and here[key] and draw(st.integers(0, 3)):
            here = here[key]
            continue
        match draw(st.integers(0, 3)):
            case 0:
                del here[key]
            case 1 if isinstance(here, dict):
                here[draw(st.text(max_size=10))] = here.pop(key)
            case 2 if isinstance(here[key], str):
                here[key] += draw(st.text(max_size=10))
            case _:
                here[key] = draw(ODD_VALUES)
        break
    return json.dumps(document).encode()


def entries(content: bytes) -> list[tuple[str, bytes]]:
    """The files in a zip.  →  pairs of name and content"""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [(entry.filename, packed.read(entry)) for entry in packed.infolist() if not entry.is_dir()]


def archive(parts: list[tuple[str, bytes]]) -> bytes:
    """A zip of these files; a name may occur twice."""
    sink = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        warnings.simplefilter("ignore")  # the same name twice is meant
        for name, content in parts:
            packed.writestr(zipfile.ZipInfo(name or "x"), content, zipfile.ZIP_DEFLATED, 1)
    return sink.getvalue()


def broken_archive(draw: Draw, parts: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Entries renamed, doubled, left out, broken, or very large once unpacked."""
    place = draw(st.integers(0, len(parts) - 1))
    name, content = parts[place]
    match draw(st.integers(0, 5)):
        case 0:
            parts[place] = (draw(NAMES).replace("\0", ""), content)
        case 1:
            parts.append((name, broken_bytes(draw, content)))
        case 2:
            del parts[place]
        case 3:
            parts[place] = (name, content + b"\0" * draw(st.sampled_from([1, 10**6, 3 * 10**7])))
        case 4:
            parts[place] = (name, broken_bytes(draw, content))
        case _:
            parts[place] = (name, broken_json(draw, content))
    return parts
