"""Our routes on a real server: uploads, downloads, odd headers, paths and methods, in any order and by anybody."""

from __future__ import annotations

import http.client
from typing import Any

from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule, run_state_machine_as_test

from core.workspace import new_id
from pages.server.identity.owner import COOKIE, sign
from scripts.fuzz.hunt import LONGEST_SECONDS, Fault, Hunt
from scripts.fuzz.served import Attacked

SENT = "".join(map(chr, [*range(0x21, 0x7F), *range(0xA1, 0x100)]))  # what a header or path can hold on the way
LETTERS = st.text(alphabet=SENT, max_size=30)
VALUES = st.one_of(LETTERS, st.text(alphabet=SENT + " \t", max_size=300))
SEGMENTS = st.one_of(
    LETTERS,
    st.sampled_from(
        ["..", "%2e%2e", "%00", "%ff", ".", "", "%2f", "\\", "%0d%0a", "a" * 3000, "result.json", "?", "#"]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["cookie", "origin", "host", "accept", "accept-language", "content-length", "content-type", "range", "expect",
         "sec-fetch-site", "if-none-match", "if-modified-since", "transfer-encoding", "x-forwarded-for", "te",
         "upgrade", "connection", "content-encoding", "accept-encoding", "if-range", "forwarded"]
    ),
    st.one_of(VALUES, st.sampled_from(["", "-1", "0", "9" * 40, "chunked", "bytes=0-", "bytes=9-1,-0,5-", "text/html",
                                       "null", "http://[", "http://[::1", "[", "::1", "gzip", "websocket", "*",
                                       "100-continue", "Upgrade", "bytes=-", f"{COOKIE}=", f'{COOKIE}="\\'])),
    max_size=4,
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "XYZ"])
PLACES = st.sampled_from(
    ["/amalgam/upload", "/amalgam/download", "/amalgam/download/job-log", "/amalgam/download/bundle", "/amalgam",
     "/_stcore", "/_stcore/upload_file", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/media",
     "/component", "/static", "/app", "/auth", "/oauth2callback", "/_stcore/metrics", ""]
)  # fmt: skip


def machine(hunt: Hunt, attacked: Attacked) -> type[RuleBasedStateMachine]:
    """The attacker, who has one server."""

    class Attacker(RuleBasedStateMachine):
        ids = Bundle("ids")

        def __init__(self) -> None:
            super().__init__()
            self.known = f"{COOKIE}={sign('fuzz', attacked.server.workspace.secret())}"

        def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
            told = f"{method} {path} {headers} {body.hex()}"
            with hunt.trying(told):
                status, content = self._asked(method, path, headers, body)
            if status >= 500 and status != 501:
                raise Fault(f"status {status} for {method} {path[:60]}")
            if b"Traceback" in content:
                raise Fault(f"a traceback as an answer to {method} {path[:60]}")
            attacked.check()
            return status, content

        def _asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", attacked.server.port, timeout=LONGEST_SECONDS)
            try:
                connection._validate_path = lambda _url: None  # type: ignore[attr-defined]
                connection.putrequest(method, path or "/", skip_host="host" in headers, skip_accept_encoding=True)
                if body and not {"content-length", "transfer-encoding"} & set(headers):
                    connection.putheader("content-length", str(len(body)))
                for name, value in headers.items():
                    connection.putheader(name, value.encode("latin-1"))
                connection.endheaders(body)
                if "9" * 40 in headers.values() or "chunked" in headers.values():
                    connection.sock.shutdown(1)  # nothing more comes
                answer = connection.getresponse()
                return answer.status, answer.read(1_000_000)
            except (http.client.HTTPException, ConnectionError, ValueError):
                return 400, b""  # the connection was closed, which is an answer
            except TimeoutError:
                if headers.get("content-length", "").strip().isdigit() or "expect" in headers or "upgrade" in headers:
                    return 408, b""  # we ourselves did not send what we said
                raise Fault(f"no answer to {method} {path[:60]}") from None
            finally:
                connection.close()

        @rule(method=METHODS, place=PLACES, parts=st.lists(SEGMENTS, max_size=4), headers=HEADERS, known=st.booleans())
        def anything(self, method: str, place: str, parts: list[str], headers: dict[str, str], known: bool) -> None:
            self.ask(method, "/".join([place, *parts]), ({"cookie": self.known} if known else {}) | headers)

        @rule(target=ids, name=st.one_of(SEGMENTS, LETTERS), body=st.binary(max_size=300), headers=HEADERS)
        def upload(self, name: str, body: bytes, headers: dict[str, str]) -> Any:
            self.ask("POST", f"/amalgam/upload?name={name}", {"cookie": self.known} | headers, body)
            return multiple(new_id(), name)

        @rule(size=st.sampled_from([999_999, 1_000_001, 3_000_000]), chunked=st.booleans())
        def large(self, size: int, chunked: bool) -> None:
            headers = {"cookie": self.known} | ({"transfer-encoding": "chunked"} if chunked else {})
            body = b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n0\r\n\r\n" if chunked else b"x" * size
            self.ask("POST", "/amalgam/upload?name=large.csv", headers, body)

        @rule(one=ids, parts=st.lists(SEGMENTS, max_size=3), kind=st.sampled_from(["", "job-log/", "bundle/"]))
        def download(self, one: str, parts: list[str], kind: str) -> None:
            self.ask("GET", "/".join([f"/amalgam/download/{kind}{one}", *parts]), {"cookie": self.known})

    return Attacker


def attack(hunt: Hunt, chosen: settings, number: int, attacked: Attacked) -> None:
    """Let some attackers in."""
    one = seed(number)(machine(hunt, attacked))
    run_state_machine_as_test(one, settings=settings(chosen, max_examples=3))
