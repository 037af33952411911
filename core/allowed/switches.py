"""Switches that are off unless their variable says 1."""

from __future__ import annotations

import os


def metrics() -> bool:
    """Whether the server tells its figures to whoever asks (``AMALGAM_METRICS=1``)."""
    return _on("AMALGAM_METRICS")


def hub() -> bool:
    """Whether models are fetched from the Hugging Face Hub (``AMALGAM_HUB=1``)."""
    return _on("AMALGAM_HUB")


def _on(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() in {"1", "on", "yes", "true"}
