"""Which OpenAI-compatible endpoint may be asked, with what key, and what it costs; none unless an operator says so.

``AMALGAM_LLM_URL`` and ``AMALGAM_LLM_MODEL`` switch it on, ``AMALGAM_LLM_KEY`` opens it; prices of a million tokens
are ``AMALGAM_LLM_PRICE_IN`` and ``AMALGAM_LLM_PRICE_OUT``, and ``AMALGAM_LLM_CONTEXT`` is how many tokens the model
reads at once. Where none of them is set, ``endpoint.json`` in the home folder says the same. No page asks for any of
it.
"""

from __future__ import annotations

import ipaddress
import json
import math
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from core.allowed import addresses
from core.messages import UnusableData, _, clip

FILE = "endpoint.json"
VARIABLES = {
    name: f"AMALGAM_LLM_{name.upper()}" for name in ("url", "key", "model", "price_in", "price_out", "context")
}
PER_PRICE = 1_000_000  # tokens that a price is for
BYTES_PER_TOKEN = 4  # of UTF-8: four letters of English, a little more than one character of Chinese
QUESTION_TOKENS = 40  # that are asked of each text, beside it
NEARBY = (".local", ".internal", ".lan", ".home.arpa")  # ends of names that no one outside can have
LONGEST_FILE = 100_000  # bytes


@dataclass(frozen=True)
class EndpointSettings:
    """Where texts are sent, and what that costs. Its repr does not show the key."""

    url: str  # up to and with its version: "https://llm.example/v1"
    model: str
    key: str = field(default="", repr=False)
    price_in: float | None = None  # of a million tokens that are read, in whatever money the endpoint takes
    price_out: float | None = None  # of a million that are written
    context: int | None = None  # tokens of a prompt and its answer; None: as many as the endpoint takes

    @property
    def host(self) -> str:
        """Where texts go.

        Examples
        --------
        >>> EndpointSettings("http://localhost:11434/v1", "qwen3").host
        'localhost:11434'
        """
        return urlsplit(self.url).netloc

    def cost(self, tokens_in: float, tokens_out: float) -> float | None:
        """What so many tokens cost; None where no price is known.

        Examples
        --------
        >>> EndpointSettings("https://llm.example/v1", "large", price_in=2, price_out=8).cost(500_000, 250_000)
        3.0
        """
        if self.price_in is None and self.price_out is None:
            return None
        return (tokens_in * (self.price_in or 0.0) + tokens_out * (self.price_out or 0.0)) / PER_PRICE


@dataclass(frozen=True)
class Estimate:
    """What asking would take."""

    tokens_in: int
    tokens_out: int
    cost: float | None  # None: no price is known


def estimate(n_texts: int, characters: int, n_questions: int, settings: EndpointSettings) -> Estimate:
    """Tokens and money before asking: each text is read once for each question, and a word answers it.

    characters: of all texts together

    Examples
    --------
    >>> estimate(1000, 400_000, 2, EndpointSettings("https://llm.example/v1", "large", price_in=0.5, price_out=1))
    Estimate(tokens_in=280000, tokens_out=2000, cost=0.142)
    """
    tokens_in = n_questions * (math.ceil(characters / BYTES_PER_TOKEN) + n_texts * QUESTION_TOKENS)
    tokens_out = n_questions * n_texts
    return Estimate(tokens_in, tokens_out, settings.cost(tokens_in, tokens_out))


def tokens_of(text: str) -> int:
    """About how many tokens a text is, where nobody counts them.

    Examples
    --------
    >>> tokens_of("Where is my parcel?"), tokens_of("我的包裹在哪里？")
    (5, 6)
    """
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)


def settings(home: Path) -> EndpointSettings | None:
    """The endpoint that may be asked; None where none was named.

    The environment goes before the file as a whole, so that no key is sent to a host that it is not meant for.

    Raises
    ------
    UnusableData
        A part is missing or can't be right, or others may read the file.

    Examples
    --------
    >>> settings(Path("nowhere")) is None
    True
    """
    told = {name: os.environ.get(variable, "").strip() for name, variable in VARIABLES.items()}
    if any(told.values()):
        return _checked({name: value for name, value in told.items() if value}, VARIABLES)
    path = home / FILE
    return _checked(_of_file(path), {name: f"{FILE}: {name}" for name in VARIABLES}) if path.exists() else None


def _of_file(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise UnusableData(
                    _("Others may read “{path}”, which holds a key."),
                    _("Close it to them: chmod 600 “{path}”."),
                    path=str(path),
                )
            told = json.loads(file.read(LONGEST_FILE))
    except OSError as error:
        raise UnusableData(
            _("“{path}” can't be read: {reason}."), path=str(path), reason=error.strerror or type(error).__name__
        ) from error
    except (ValueError, RecursionError):  # nothing of what stands there is said: the key may be part of it
        raise _malformed(path) from None
    if not isinstance(told, dict) or set(told) - set(VARIABLES):
        raise _malformed(path)
    if not all(isinstance(value, str | int | float) and not isinstance(value, bool) for value in told.values()):
        raise _malformed(path)
    return {name: str(value).strip() for name, value in told.items()}


def _malformed(path: Path) -> UnusableData:
    return UnusableData(
        _("“{path}” is not a JSON object with {names}."),
        _("Write it like {example}."),
        path=str(path),
        names=list(VARIABLES),
        example='{"url": "https://llm.example/v1", "model": "large", "key": "…"}',
    )


def _checked(told: Mapping[str, str], names: Mapping[str, str]) -> EndpointSettings:
    """Settings that can be used.  names: how each is called where it was set"""
    if missing := [names[name] for name in ("url", "model") if not told.get(name)]:
        raise UnusableData(
            _("The endpoint is set up by half: {names} is missing."),
            _("Set it, or nothing of the endpoint."),
            names=", ".join(missing),
        )
    key = told.get("key", "")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UnusableData(
            _("{name} is not a key: it holds blanks or characters that no key has."),
            _("Copy the key again."),
            name=names["key"],
        )
    if len(told["model"]) > 200 or not told["model"].isprintable():
        raise UnusableData(_("{name} is not the name of a model."), _("Copy it again."), name=names["model"])
    context = _number(told, "context", names)
    if context is not None and context < 256:  # an answer alone may take as much
        raise _no_number("context", told, names)
    return EndpointSettings(
        url=_url(told["url"], names["url"]),
        model=told["model"],
        key=key,
        price_in=_number(told, "price_in", names),
        price_out=_number(told, "price_out", names),
        context=None if context is None else int(context),
    )


def _number(told: Mapping[str, str], name: str, names: Mapping[str, str]) -> float | None:
    if not told.get(name):
        return None
    try:
        value = float(told[name])
    except ValueError:
        raise _no_number(name, told, names) from None
    if not 0 <= value < 1e9:
        raise _no_number(name, told, names)
    return value


def _no_number(name: str, told: Mapping[str, str], names: Mapping[str, str]) -> UnusableData:
    if name == "context":
        return UnusableData(
            _("{name} is “{value}”, which is not how many tokens a model reads."),
            _("Write it like {example}."), name=names[name], value=clip(told[name]), example="8192",
        )  # fmt: skip
    return UnusableData(
        _("{name} is “{value}”, which is not the price of a million tokens."),
        _("Write it like {example}."), name=names[name], value=clip(told[name]), example="0.15",
    )  # fmt: skip


def _url(url: str, name: str) -> str:
    """An address without what a person may have copied along. Texts travel encrypted, or within this network."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 raises where it is no number
    except ValueError:
        parts = urlsplit("")
    if parts.username is not None or parts.password is not None:
        raise UnusableData(
            _("{name} holds a user or a password."), _("A key belongs into {key}."), name=name, key=VARIABLES["key"]
        )
    whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query and not parts.fragment
    if not whole or not url.isprintable() or " " in url:
        raise UnusableData(
            _("{name} is “{url}”, which is not the address of an endpoint."),
            _("Write it like {example}."),
            name=name,
            url=clip(url),
            example="https://llm.example/v1",
        )
    if parts.scheme == "http" and not _is_nearby(parts.hostname or ""):
        raise UnusableData(
            _("{name} is “{url}”: texts and key would travel there unencrypted."),
            _("Use an address that begins with https://, or one of this machine or this network."),
            name=name,
            url=clip(url),
        )
    return url.rstrip("/").removesuffix("/chat/completions")


def _is_nearby(host: str) -> bool:
    """Whether a host is this machine or one of the same network."""
    if addresses.is_loopback(host) or host.endswith(NEARBY):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_private
    except ValueError:
        return "." not in host
