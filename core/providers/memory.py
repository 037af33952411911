"""Whether a language model fits into this machine's memory: looked at before it is loaded."""

from __future__ import annotations

import psutil

from core.messages import ModelUnavailable, _

ROOM = 1.3  # times the size of its weights that must be free: these, and what is kept of the texts


def check(model: str, n_bytes: float) -> None:
    """That there is room for a model with weights of this size.

    Raises
    ------
    ModelUnavailable

    Examples
    --------
    >>> check("small", 1000)
    """
    needed, free = ROOM * n_bytes, psutil.virtual_memory().available
    if needed > free:
        raise ModelUnavailable(
            _("“{model}” needs {needed:.1f} GB of memory; {free:.1f} GB are free."),
            _("Close other programs, or choose a smaller model."),
            model=model,
            needed=needed / 1e9,
            free=free / 1e9,
        )
