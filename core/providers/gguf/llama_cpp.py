"""A GGUF file as a language model, by llama.cpp inside this process.

Source: llama.cpp's own server, called without its HTTP side (``xllamacpp``).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xllamacpp

from core.encode.inference import usable_threads
from core.messages import ModelUnavailable, UnusableData, _
from core.providers import memory
from core.providers.base import (
    CONTEXT,
    CUTS,
    ENDS,
    SAID,
    Keep,
    Report,
    Written,
    answer_logs,
    asked,
    brief,
    cut_to,
    until,
)
from core.providers.gguf.files import Header, header
from core.providers.in_order import streamed
from core.providers.vocabulary import plain
from core.results.language.laboratory import Decoding

LOOKED_AT = 2000  # likeliest next tokens that are looked at for an answer: a small model begins in many ways


class _TooLongError(Exception):
    """A prompt does not fit into what the model reads at once."""


class Gguf:
    """A model that answers prompts, one after another.

    Parameters
    ----------
    path : Path
        Its GGUF file.
    threads : int, optional
        One core is left to others by default: threads of llama.cpp wait by spinning, and as many as there are cores
        stand still as soon as something else runs.

    Raises
    ------
    ModelUnavailable
        The file can't be read, or there is not enough memory.
    """

    repetition_penalty = 1.0

    def __init__(self, path: Path, threads: int | None = None) -> None:
        self.name = path.stem
        self.header: Header = header(path)
        self.revision = fingerprint(path)
        self.writes = self.header.writes
        settings = xllamacpp.CommonParams()
        settings.n_ctx = min(CONTEXT, self.header.context)
        settings.cpuparams.n_threads = max(1, usable_threads(threads) - 1)
        settings.cache_prompt = False  # what is kept of an earlier prompt is not the same to the last bit
        self.server = opened(path, settings)

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = (), grammar: str = ""
    ) -> Generator[Written, None, None]:
        """Answer each prompt n times; see `core.providers.base.LanguageModel`.

        grammar: what may be written, in llama.cpp's notation (GBNF); "" is anything
        """
        for place, prompt in enumerate(prompts):
            for sample in range(n):
                seeded = settings.model_copy(update={"seed": settings.seed + sample})
                yield from self._written(prompt, seeded, stop, grammar, place, sample)

    def score(
        self,
        texts: Sequence[str],
        questions: Sequence[str],
        answers: Sequence[str],
        report: Report = lambda done, total: None,
        keep: Keep = lambda place, said: None,
    ) -> np.ndarray:
        """How likely each answer is; see `core.providers.base.LanguageModel`.

        The first question of a text is read from its beginning, the others from where the text ends; so what was asked
        before makes no difference.
        """
        said = np.empty((len(texts), len(questions), len(answers)))
        for row, text in enumerate(texts):
            report(row, len(texts))
            for place, question in enumerate(questions):
                logs = answer_logs(self._judged(text, question, answers, again=place > 0), answers)
                said[row, place] = logs.round(SAID)
            keep(row, said[row])
        return said

    def _judged(self, text: str, question: str, answers: Sequence[str], *, again: bool) -> dict[str, float]:
        """The likeliest first tokens of an answer; of a text that is too long, the beginning is read."""
        for _cut in range(CUTS):
            try:
                return self._likeliest(plain(asked(text, question), self.header.control), answers, again=again)
            except _TooLongError:
                text = text[: len(text) // 2]
        raise UnusableData(_("The text is too long for the language model."), _("Use a shorter one."))

    def _likeliest(self, prompt: str, answers: Sequence[str], *, again: bool) -> dict[str, float]:
        """The likeliest first tokens of an answer, with the logarithms of their probabilities.

        again: the prompt begins as the one before does
        """
        answer = self.server.handle_chat_completions(
            {
                "messages": [
                    {"role": "system", "content": plain(brief(answers), self.header.control)},
                    {"role": "user", "content": prompt},
                ],
                "max_tokens": 1,
                "temperature": 0,
                "logprobs": True,
                "top_logprobs": LOOKED_AT,
                "cache_prompt": again,
                "chat_template_kwargs": {"enable_thinking": False},
                "reasoning_format": "none",
            }
        )
        if "error" in answer and answer["error"].get("type") == "exceed_context_size_error":
            raise _TooLongError
        if "error" in answer:
            raise UnusableData(
                _("The language model could not answer: {cause}"), cause=str(answer["error"].get("message", ""))[:200]
            )
        (first, *_rest) = answer["choices"][0]["logprobs"]["content"]
        return {one["token"]: float(one["logprob"]) for one in first["top_logprobs"]}

    def _written(
        self, prompt: str, settings: Decoding, stop: Sequence[str], grammar: str, place: int, sample: int
    ) -> Iterator[Written]:
        text, tokens = "", 0
        with closing(self._pieces(plain(prompt, self.header.control), settings, grammar)) as pieces:
            for piece, finished in pieces:
                text, tokens = text + (piece or ""), tokens + bool(piece)
                if piece is None:  # still reading: whoever waits may want to leave
                    yield Written(place, sample, "", 0, None)
                    continue
                shown, stopped = until(text, stop, final=finished is not None)
                ended = "stop" if stopped else ENDS.get(finished or "")
                if piece or ended:
                    yield Written(place, sample, shown.strip(), tokens, ended)
                if ended:
                    return

    def _pieces(
        self, prompt: str, settings: Decoding, grammar: str
    ) -> Generator[tuple[str | None, str | None], None, None]:
        """What is written, piece by piece, and with the last one why it ended."""
        asked = self._asked(prompt, settings, grammar)
        for _cut in range(CUTS):
            too_long = None
            with closing(_stream(self.server, asked)) as answers:
                for answer in answers:
                    if answer is None:
                        yield None, None
                        continue
                    error = answer.get("error")
                    if error and error.get("type") == "exceed_context_size_error":
                        too_long = error
                        break
                    if error:
                        raise UnusableData(
                            _("The language model could not answer: {cause}"), cause=str(error.get("message", ""))[:200]
                        )
                    for choice in answer.get("choices", []):
                        yield choice.get("delta", {}).get("content") or "", choice.get("finish_reason")
            if too_long is None:
                return
            room = int(too_long["n_ctx"]) - min(settings.max_tokens, int(too_long["n_ctx"]) // 2)
            prompt = cut_to(prompt, 0.95 * max(room, 1) / int(too_long["n_prompt_tokens"]))
            asked = self._asked(prompt, settings, grammar)
        raise UnusableData(_("The text is too long for the language model."), _("Use a shorter one."))

    def _asked(self, prompt: str, settings: Decoding, grammar: str) -> dict[str, Any]:
        return {
            "messages": [{"role": "user", "content": prompt}],
            "stream": True,
            "max_tokens": settings.max_tokens,
            "temperature": settings.temperature,
            "top_k": settings.top_k,
            "top_p": settings.top_p,
            "min_p": settings.min_p,
            "repeat_penalty": settings.repetition_penalty,
            "seed": settings.seed,
            **({"grammar": grammar} if grammar else {}),
            "chat_template_kwargs": {"enable_thinking": False},
            "reasoning_format": "none",  # what a model thinks aloud is text, too: it would pass unseen
        }


def opened(path: Path, settings: Any) -> Any:
    """The engine with a file's model, for whoever asks inside this process.

    settings: what is special about it, as the engine's own ``CommonParams``

    Raises
    ------
    ModelUnavailable
        The file can't be read, or there is not enough memory.
    """
    memory.check(path.stem, path.stat().st_size)
    settings.model.path = str(path)
    settings.n_parallel = 1
    settings.cache_ram_mib = settings.n_ctx_checkpoints = 0  # else each prompt's states are kept, up to 8 GB
    settings.verbosity = 0
    settings.api_keys = [secrets.token_hex(32)]  # it listens on this machine, for nobody
    try:
        return xllamacpp.Server(settings)
    except Exception as error:
        raise ModelUnavailable(
            _("“{file}” could not be read as a language model: {cause}"),
            _("Copy the file again, or remove it from the folder."),
            file=path.name,
            cause=" ".join(str(error).split())[:200] or type(error).__name__,
        ) from error


@lru_cache(maxsize=8)
def _fingerprint(path: Path, changed: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:24]


def fingerprint(path: Path) -> str:
    """A short hash of a file's content, made once for as long as the file stays as it is."""
    told = path.stat()
    return _fingerprint(path, told.st_mtime_ns, told.st_size)


_LOADING = threading.Lock()


def loaded(path: Path, changed: int) -> Gguf:
    """The model of a file, loaded once per process.  changed: when the file was, so that another one is not missed"""
    with _LOADING:  # two first questions at once would load it twice
        return _loaded(path, changed)


@lru_cache(maxsize=1)
def _loaded(path: Path, changed: int) -> Gguf:
    return Gguf(path)


def _stream(server: Any, asked: dict[str, Any]) -> Generator[dict[str, Any] | None, None, None]:
    """The engine's answers as they come, None while there are none; whoever leaves early stops it.

    It hears that at its next word; what it reads until then, it reads to the end by itself.
    """

    def ask(take: Callable[[dict[str, Any]], bool], left: threading.Event) -> None:
        if (failed := server.handle_chat_completions(asked, take)) is not None:
            take(failed)

    return streamed(ask)
