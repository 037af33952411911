"""The charts of the language lab: curves that grow, next-token bars, attention, layers, the beam's tree."""

from __future__ import annotations
