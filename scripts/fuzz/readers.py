"""Files that no reader has seen: each becomes a table or an `AmalgamError`, nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from core.data import profile, table
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.messages import AmalgamError
from scripts.fuzz import broken
from scripts.fuzz.hunt import Hunt
from tests.hostile.malformed import READ, REFUSED

LARGEST_SEED = 30_000
ENDINGS = (".csv", ".xlsx", ".json", ".jsonl", ".parquet", ".txt", ".zip", ".gz", ".sav", ".feather", ".db", "")
SEEDS = sorted(
    {(name, content) for name, content, *_told in [*READ.values(), *REFUSED.values()] if len(content) <= LARGEST_SEED}
)


@st.composite
def files(draw: broken.Draw) -> broken.Content:
    """A small file with damage, or under another name."""
    name, content = draw(st.sampled_from(SEEDS))
    if content.startswith(b"PK") and draw(st.booleans()):
        try:
            content = broken.archive(broken.broken_archive(draw, broken.entries(content)))
        except Exception:  # it was broken before
            content = broken.broken_bytes(draw, content)
    elif name.endswith((".json", ".jsonl")) and draw(st.booleans()):
        content = broken.broken_json(draw, content)
    else:
        content = broken.broken_bytes(draw, content)
    if draw(st.integers(0, 9)) == 0:
        name = "a" + draw(st.sampled_from(ENDINGS))
    return broken.Content(content, name)


def attack(hunt: Hunt, chosen: settings, number: int) -> None:
    """Read some files."""

    @seed(number)
    @chosen
    @given(files())
    def read(file: broken.Content) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, file.name)
            path.write_bytes(file.bytes)
            with hunt.trying(f"{file.name}\n{file.bytes.hex()}"):
                try:
                    read_files([path], ReadOptions(), Path(folder, "set"))
                    told = columns.guess(Path(folder, "set", "table.parquet"))
                    profile.describe(Path(folder, "set", "table.parquet"), told)
                    table.load(Path(folder, "set"))
                except AmalgamError:
                    return

    read()
