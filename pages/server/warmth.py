"""What the web process loads beforehand, so that the first clicks need not wait, and when it collects garbage."""

from __future__ import annotations

import asyncio
import gc
import importlib

from anyio import to_thread

SETTLED_SECONDS = 16.0  # after this, what the first pages have loaded is frozen too
COLLECT_SECONDS = 20.0  # between collections of garbage
QUIET_SECONDS = 4.0  # after this, what only later pages need is loaded, so that the first click there need not wait
FIRST = ("streamlit.emojis", "numpy", "PIL.Image", "pages.shared.sidebar", "pages.data.add")  # while a browser connects
LATER = ("pandas", "pyarrow", "core.data.profile")


def load(modules: tuple[str, ...]) -> None:
    """Import these."""
    for module in modules:
        importlib.import_module(module)


async def tidy() -> None:
    """Load what pages need, freeze once more when the first ones have been drawn, then collect garbage now and then.

    Streamlit would collect after every run of a page, in every session, and the person who clicked would pay for it.
    """
    await to_thread.run_sync(load, FIRST)
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
