"""An OpenAI-compatible endpoint as a language model: Ollama, vLLM, llama.cpp's server, a company's gateway.

Whatever is sent is masked first, is allowed by a person, and leaves a line in the audit log.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.allowed.endpoint import EndpointSettings, tokens_of
from core.data.personal.masking import mask_text
from core.messages import Message, ModelUnavailable, _, say
from core.providers.base import ENDS, LIKELIEST, SAID, Keep, Report, Written, answer_logs, asked, brief, cut_to, until
from core.providers.http_client import HttpClient, Refused
from core.providers.in_order import Job, in_order
from core.results.language.laboratory import Decoding

AT_ONCE = 4  # requests
MOST_STOPS = 4  # strings that the interface takes; the others are looked for here
EMBEDDED_AT_ONCE = 64  # texts of one request
MARKS = ".,:;!?\"'*()。，：；！？"  # around a word
UNSAID = 0.01  # share of each answer that was not given, where an endpoint tells no probabilities


@dataclass(frozen=True)
class Usage:
    """What was asked so far, and what it cost."""

    requests: int = 0
    tokens_in: int = 0  # as the endpoint counts them; by their letters where it does not
    tokens_out: int = 0
    cost: float | None = None  # None: no price is known


def fingerprint(settings: EndpointSettings) -> str:
    """What answers are kept by: where they come from, and of which model; not the key.

    Examples
    --------
    >>> len(fingerprint(EndpointSettings("https://llm.example/v1", "large", "k")))
    24
    """
    return hashlib.sha256(f"{settings.url}\0{settings.model}".encode()).hexdigest()[:24]


class Endpoint:
    """A language model of another machine.

    Parameters
    ----------
    settings : EndpointSettings
    may_send : callable (host) → bool
        Whether a person allows that these texts are sent there; asked before every request.
    mask_key : str
        Makes the pseudonyms that stand for personal data: the same key, the same pseudonyms.
    audited : callable (about)
        Receives a line for each batch before it is sent: host, model, how many texts and tokens.

    Attributes
    ----------
    usage : Usage
    note : Message or None
        That the endpoint tells no probabilities, once it turned out.
    """

    writes = frozenset({"en", "zh"})
    repetition_penalty = 1.0

    def __init__(
        self,
        settings: EndpointSettings,
        may_send: Callable[[str], bool],
        mask_key: str,
        audited: Callable[[str], object],
    ) -> None:
        self.name, self.host = settings.model, settings.host
        self.revision = fingerprint(settings)
        self.note: Message | None = None
        self.client = HttpClient(settings)
        self._settings, self._may_send, self._mask_key, self._audited = settings, may_send, mask_key, audited
        self._usage, self._counting = Usage(cost=settings.cost(0, 0)), threading.Lock()

    def __repr__(self) -> str:
        return f"Endpoint({self.name!r} at {self.host})"

    @property
    def usage(self) -> Usage:
        return self._usage

    def check(self) -> None:
        """That texts may be sent.

        Raises
        ------
        ModelUnavailable
            Nobody has allowed it, or it was taken back.
        """
        if not self._may_send(self.host):
            raise not_allowed(self.host)

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = ()
    ) -> Generator[Written, None, None]:
        """Answer each prompt n times; see `core.providers.base.LanguageModel`.

        Of the settings those are sent that OpenAI's interface has: temperature, top_p, max_tokens and the seed.

        Raises
        ------
        ModelUnavailable, UnusableData
        """
        ready = [self._fitting(self._masked(prompt), settings.max_tokens) for prompt in prompts]
        self._begin(len(prompts), n * sum(tokens_of(prompt) for prompt in ready))
        jobs: list[Job[Written]] = []
        for place, prompt in enumerate(ready):
            for sample in range(n):
                seeded = settings.model_copy(update={"seed": settings.seed + sample})
                jobs.append(partial(self._written, prompt, seeded, tuple(stop), place, sample))
        last = Written(0, 0, "", 0, None)
        with closing(in_order(jobs, AT_ONCE)) as steps:
            for step in steps:
                last = step or last  # nothing new: whoever waits may want to leave
                if step or not last.ended:
                    yield last

    def score(
        self,
        texts: Sequence[str],
        questions: Sequence[str],
        answers: Sequence[str],
        report: Report = lambda done, total: None,
        keep: Keep = lambda place, said: None,
    ) -> np.ndarray:
        """How likely each answer is; see `core.providers.base.Judge`.

        Raises
        ------
        ModelUnavailable, UnusableData
        """
        hidden, wanted = [self._masked(text) for text in texts], [self._masked(question) for question in questions]
        prompts = [self._fitting(asked(text, question), 1) for text in hidden for question in wanted]
        self._begin(len(texts), sum(tokens_of(brief(answers) + prompt) for prompt in prompts))
        said: list[np.ndarray] = []
        report(0, len(texts))
        jobs: list[Job[np.ndarray]] = [partial(self._scored, prompt, tuple(answers)) for prompt in prompts]
        with closing(in_order(jobs, AT_ONCE)) as steps:
            for step in steps:
                if step is not None:
                    said.append(step.round(SAID))
                    if len(said) % len(questions) == 0:
                        keep(len(said) // len(questions) - 1, np.stack(said[-len(questions) :]))
                report(len(said) // max(1, len(questions)), len(texts))
        return np.asarray(said, dtype=float).reshape(len(texts), len(questions), len(answers))

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Texts as rows of numbers, by the same model.

        →  float32, shape (n, width)

        Raises
        ------
        ModelUnavailable, UnusableData
        """
        hidden = [self._masked(text) for text in texts]
        self._begin(len(texts), sum(map(tokens_of, hidden)))
        parts = [hidden[start : start + EMBEDDED_AT_ONCE] for start in range(0, len(hidden), EMBEDDED_AT_ONCE)]
        rows: list[list[float]] = []
        for part in parts:
            self.check()
            told = self.client.ask("embeddings", {"model": self.name, "input": part})
            self._count(told.get("usage"), "".join(part), "")
            try:
                rows += [one["embedding"] for one in sorted(told["data"], key=lambda one: int(one["index"]))]
            except (KeyError, TypeError, ValueError):
                raise self.client.malformed() from None
        try:
            made = np.asarray(rows, dtype=np.float32).reshape(len(texts), -1 if rows else 0)
        except (TypeError, ValueError):
            raise self.client.malformed() from None
        if not np.isfinite(made).all():
            raise self.client.malformed()
        return made

    def _begin(self, n_texts: int, tokens: int) -> None:
        """A batch is allowed and written down before any of it is sent."""
        if n_texts:
            self.check()
            self._audited(f"{self.host} {self.name} {n_texts} texts, {tokens} tokens")

    def _masked(self, text: str) -> str:
        return mask_text(text, self._mask_key)

    def _fitting(self, prompt: str, max_tokens: int) -> str:
        """A prompt that the model can read beside its answer; its beginning and its end stay."""
        if self._settings.context is None:
            return prompt
        room = self._settings.context - min(max_tokens, self._settings.context // 2)
        found = tokens_of(prompt)
        return prompt if found <= 0.9 * room else cut_to(prompt, 0.9 * room / found)

    def _written(
        self,
        prompt: str,
        settings: Decoding,
        stop: tuple[str, ...],
        place: int,
        sample: int,
        left: threading.Event,
    ) -> Iterator[Written]:
        self.check()
        text, tokens, ended, usage = "", 0, "", None
        body = self._body([{"role": "user", "content": prompt}], settings, stop)
        with closing(self.client.events("chat/completions", body, left)) as parts:
            for part in parts:
                if part is None:  # it broke off and begins again
                    text, tokens, ended = "", 0, ""
                    continue
                usage = part.get("usage") or usage
                piece, why = self._said(part)
                text, tokens, ended = text + piece, tokens + bool(piece), why or ended
                shown, stopped = until(text, stop, final=False)
                if stopped:
                    self._count(None, prompt, text)
                    yield Written(place, sample, shown.strip(), tokens, "stop")
                    return
                if piece:
                    yield Written(place, sample, shown.strip(), tokens, None)
        if left.is_set():
            return
        self._count(usage, prompt, text)
        yield Written(place, sample, until(text, stop, final=True)[0].strip(), tokens, ENDS.get(ended, "length"))

    def _body(self, messages: list[dict[str, str]], settings: Decoding, stop: tuple[str, ...]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": settings.max_tokens,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "seed": settings.seed,
        }
        return {**body, "stop": list(stop[:MOST_STOPS])} if stop else body

    def _said(self, part: dict[str, Any]) -> tuple[str, str]:
        """The next piece of a text, and why it ended, if it did; an endpoint that does not stream says all at once."""
        piece, why = "", ""
        for choice in self.client.choices(part)[:1]:
            told = choice.get("delta") or choice.get("message") or {}
            if not isinstance(told, dict):
                raise self.client.malformed()
            content = told.get("content")
            piece, why = content if isinstance(content, str) else "", str(choice.get("finish_reason") or "")
        return piece, why

    def _scored(self, prompt: str, answers: tuple[str, ...], left: threading.Event) -> Iterator[np.ndarray]:
        self.check()
        told = self._judged(prompt, answers, left)
        if not told and left.is_set():  # an answer that came was paid for, whoever still waits for it
            return
        choices = self.client.choices(told)
        if not choices:
            raise self.client.malformed()
        text, _why = self._said(told)
        self._count(told.get("usage"), brief(answers) + prompt, text)
        likeliest = self._likeliest(choices[0])
        if likeliest:
            yield answer_logs(likeliest, answers)
            return
        self._note_missing()
        first = next(iter(text.split()), "").strip(MARKS).casefold()
        meant = [bool(first) and one.casefold().startswith(first) for one in answers]
        sure = sum(meant) == 1
        yield np.asarray([0.0 if sure and hit else np.log(UNSAID) for hit in meant])

    def _judged(self, prompt: str, answers: tuple[str, ...], left: threading.Event) -> dict[str, Any]:
        body = {
            "model": self.name,
            "messages": [
                {"role": "system", "content": self._masked(brief(answers))},
                {"role": "user", "content": prompt},
            ],
            "max_tokens": 1,
            "temperature": 0,
        }
        if self.note is None:
            try:
                return self.client.ask("chat/completions", {**body, "logprobs": True, "top_logprobs": LIKELIEST}, left)
            except Refused as error:
                if error.status != 400 or "logprob" not in error.cause:
                    raise
        self._note_missing()
        return self.client.ask("chat/completions", body, left)

    def _likeliest(self, choice: dict[str, Any]) -> dict[str, float]:
        """The likeliest first tokens of an answer; none where the endpoint does not tell them."""
        told = choice.get("logprobs")
        if not isinstance(told, dict) or not told.get("content"):
            return {}
        try:
            found = {str(one["token"]): float(one["logprob"]) for one in told["content"][0].get("top_logprobs") or []}
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            raise self.client.malformed() from None
        return {token: log for token, log in found.items() if np.isfinite(log)}

    def _note_missing(self) -> None:
        if self.note is None:
            self.note = say(
                _("{host} tells no probabilities, so the answer it gives counts as sure, and the others as unlikely."),
                host=self.host,
            )

    def _count(self, told: Any, prompt: str, written: str) -> None:
        """Add a request to what was asked so far, as the endpoint counts it, else by its letters."""
        told = told if isinstance(told, dict) else {}
        numbers = [told.get("prompt_tokens"), told.get("completion_tokens")]
        guessed = [tokens_of(prompt), tokens_of(written)]
        tokens_in, tokens_out = (
            one if isinstance(one, int) and one >= 0 else other for one, other in zip(numbers, guessed, strict=True)
        )
        with self._counting:
            before = self._usage
            sums = before.tokens_in + tokens_in, before.tokens_out + tokens_out
            self._usage = Usage(before.requests + 1, *sums, self._settings.cost(*sums))


def not_allowed(host: str) -> ModelUnavailable:
    """Why nothing was sent."""
    return ModelUnavailable(
        _(
            "Texts, cells of rows and facts of this table would leave this machine for {host}, which nobody has "
            "allowed."
        ),
        _("Allow it on the Data page or by “amalgam models allow”; for a file, add “--send-to {host}”."),
        host=host,
    )
