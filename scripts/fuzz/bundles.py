"""Bundles that were tampered with: opening one gives a bundle or an `AmalgamError`, nothing else."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from core.bundles import bundle
from core.messages import AmalgamError
from scripts.fuzz import broken
from scripts.fuzz.hunt import Hunt

KEPT = sorted((Path(__file__).parents[2] / "tests" / "bundles").glob("*.zip"))
WHOLE = {path.name: path.read_bytes() for path in KEPT}
PARTS = {name: broken.entries(content) for name, content in WHOLE.items()}


@st.composite
def tampered(draw: broken.Draw) -> broken.Content:
    """A bundle's zip, changed with or without true fingerprints."""
    name = draw(st.sampled_from(sorted(WHOLE)))
    way = draw(st.integers(0, 4))
    if way == 0:
        return broken.Content(broken.broken_bytes(draw, WHOLE[name]))
    parts = list(PARTS[name])
    if way in (1, 2):
        return broken.Content(broken.archive(broken.broken_archive(draw, parts)))
    changed = []
    for file, content in parts:  # as one who knows how a bundle is made would do it
        if file.endswith("pipeline.skops"):
            inner = broken.entries(content)
            at = next(place for place, (inside, _content) in enumerate(inner) if inside == "schema.json")
            if way == 3:
                inner[at] = (inner[at][0], broken.broken_json(draw, inner[at][1]))
            else:
                inner = broken.broken_archive(draw, inner)
            changed.append((file, broken.archive(inner)))
        else:
            changed.append((file, content))
    return broken.Content(broken.archive(vouched_for(changed)))


def vouched_for(parts: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same files under a manifest whose fingerprints are true."""
    contents = {Path(name).name: content for name, content in parts}
    told = []
    for name, content in parts:
        if name.endswith("manifest.json"):
            manifest = json.loads(content)
            for file in manifest["files"]:
                if Path(file).name in contents:
                    manifest["files"][file] = hashlib.sha256(contents[Path(file).name]).hexdigest()
            told.append((name, json.dumps(manifest).encode()))
        else:
            told.append((name, content))
    return told


def attack(hunt: Hunt, chosen: settings, number: int) -> None:
    """Open some bundles."""

    @seed(number)
    @chosen
    @given(tampered())
    def opened(content: broken.Content) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "bundle.zip")
            path.write_bytes(content.bytes)
            with hunt.trying(content.bytes.hex()):
                try:
                    warnings.simplefilter("ignore")  # of names that occur twice
                    bundle.load(path, foreign=True)
                except AmalgamError:
                    return

    opened()
