"""llama.cpp's own server with the bundled model and a key, behind one that writes down what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import xllamacpp

from core.encode.engines.unpack_smollm2 import packed_file
from tests.providers.hostile import Hostile

KEY = "sk-very-secret-9876543210"


@contextmanager
def serving() -> Iterator[str]:
    """The server, for as long as a block lasts.  →  its address"""
    settings = xllamacpp.CommonParams()
    settings.model.path = str(packed_file())
    settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads = 2048, 1, 1
    settings.verbosity, settings.cache_prompt, settings.api_keys = 0, False, [KEY]
    server = xllamacpp.Server(settings)
    yield server.listening_address.rstrip("/")
    del server


@contextmanager
def recording(address: str) -> Iterator[Hostile]:
    """What passes on to the server at an address what it is asked, with the key that came along.

    `connected` holds a line for every connection that was opened to it, `usage` what was counted for each answer.
    """
    with Hostile() as server:

        def answer(request):
            key = {"Authorization": request.headers["Authorization"]}
            told = httpx2.post(f"{address}{request.path}", json=request.asked, headers=key, timeout=60)
            server.usage.append(told.json()["usage"])
            request.send_json(told.json(), told.status_code)

        server.answer = answer
        server.connected, server.usage = [], []
        server.server.verify_request = lambda request, address: server.connected.append(address) or True
        yield server
