"""Real journeys need the real server and browser."""

from __future__ import annotations

from tests.browser.conftest import page, server

__all__ = ["page", "server"]
