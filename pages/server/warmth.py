"""What the web process loads beforehand, so that the first clicks need not wait, and when it collects garbage."""

from __future__ import annotations

import asyncio
import gc
import importlib

from anyio import to_thread

SETTLED_SECONDS = 16.0  # after this, what the first pages have loaded is frozen too
COLLECT_SECONDS = 20.0  # between collections of garbage
QUIET_SECONDS = 4.0  # after this, what only later pages need is loaded, so that the first click there need not wait
LATER = ("core.data.profile",)
WARM = ("pandas", "pyarrow", "plotly.graph_objects", "core.plan", "core.results.comparison", "core.jobs.client")


def warm_up() -> None:
    """Import what every page needs, then take it out of the garbage collector's sight.

    A collection costs time in proportion to what is in sight.
    """
    load(WARM)
    freeze()


def load(modules: tuple[str, ...]) -> None:
    """Import these."""
    for module in modules:
        importlib.import_module(module)


async def tidy() -> None:
    """Load the rest, freeze once more when the first pages have been drawn, then collect garbage now and then.

    Streamlit would collect after every run of a page, in every session, and the person who clicked would pay for it.
    """
    await asyncio.sleep(QUIET_SECONDS)
    await to_thread.run_sync(load, LATER)
    await asyncio.sleep(SETTLED_SECONDS)
    freeze()
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        gc.collect()


def freeze() -> None:
    """Nothing that is alive now is looked at again by a collection."""
    gc.collect()
    gc.freeze()
