"""The bundled instruct model, ready to write: converted once for the fast engine, then loaded from disk.

Sources: SmolLM2-135M-Instruct; the engine is CTranslate2 with 8-bit weights.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import ctranslate2
from ctranslate2.converters import TransformersConverter
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from core.encode.engines.unpack_smollm2 import prepared
from core.encode.once import make_once
from core.messages import UnusableData, _
from core.providers.base import Ended, Written, until
from core.results.language.laboratory import Decoding

FOLDER = "smollm2-135m-instruct-int8"
HALF_CHARACTER = "\ufffd"  # stands for a character whose other bytes are still to come
LIKELIEST = 1000  # tokens that are drawn from at most; sorting all 49,152 for top-p would take a third of the time
ENGINES = 2  # several texts are shared among so many; fixed, or another machine would write others from the same seed
APART = 1_000_003  # seeds of two engines
TIDY = 16  # uses of fresh engines, after which their memory goes back to the system: each time would slow the next one
LONGEST = 1800  # tokens of a prompt; the model reads 2048 in all


def ready(models_folder: Path, progress: Callable[[float], None] | None = None) -> tuple[Path, Path]:
    """Folders of the tokenizer and of the fast model; made on first use (about half a minute), found ever after.

    progress: receives the share that is done, 0 to 1.
    """
    tell = progress or (lambda share: None)
    source = prepared(models_folder, lambda done, total: tell(0.7 * done / total))
    folder = models_folder / FOLDER
    if not folder.is_dir():
        tell(0.75)
        convert = TransformersConverter(str(source)).convert
        make_once(folder, lambda place: convert(str(place), quantization="int8", force=True))
    tell(1.0)
    return source, folder


class Writer:
    """The instruct model in memory."""

    name, writes, repetition_penalty = "SmolLM2-135M-Instruct", frozenset({"en"}), 1.1

    def __init__(self, source: Path, folder: Path) -> None:
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(source)
        self.folder = folder
        self._greedy: list[ctranslate2.Generator] = []
        self._loader = ThreadPoolExecutor(ENGINES)
        self._fresh: list[Future[ctranslate2.Generator]] = []  # the next ones that draw
        self._used = 0  # times that engines drew

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = ()
    ) -> Generator[Written, None, None]:
        """Answer several prompts side by side, each n times: much faster than one after another.

        Each engine writes every other text, and draws for all of its texts from one seed; so the texts depend on what
        else is written beside them. The engine knows no min-p.

        Raises
        ------
        UnusableData
            The settings ask for min-p.
        """
        if settings.min_p:
            raise UnusableData(_("The bundled model’s engine knows no min-p."), _("Set it to 0, or use top-p."))
        asked = [tokens for tokens in map(self.prompt_tokens, prompts) for _sample in range(n)]
        if not asked:
            return
        over: set[int] = set()
        end = self.tokenizer.eos_token
        streams = self._streams(asked, settings, over)
        ids: list[list[int]] = [[] for _text in asked]
        with closing(_side_by_side(streams)) as steps:  # whoever leaves early stops the engines
            for place, step in steps:
                if place in over:
                    continue  # it was already on its way when a stop string came
                written = ids[place]
                if step.token != end:
                    written.append(step.token_id)
                text, stopped = until(self._text(written), stop, final=step.token == end)
                ended: Ended | None = "end" if step.token == end else "stop" if stopped else None
                if ended is None and len(written) == settings.max_tokens:
                    text, ended = self._text(written), "length"
                if ended:
                    over.add(place)
                yield Written(place // n, place % n, text, len(written), ended)

    def _streams(self, asked: list[list[str]], settings: Decoding, over: set[int]) -> list[Steps]:
        """Each engine's share of the texts as steps; over: places of texts that need no more tokens."""
        engines = self._engines(settings, apart := min(ENGINES, len(asked)))
        return [
            _numbered(
                engine.generate_tokens(
                    asked[first::apart],
                    max_length=settings.max_tokens,
                    repetition_penalty=settings.repetition_penalty,
                    end_token=[self.tokenizer.eos_token],
                    callback=partial(_is_over, over, first, apart),
                    **_drawing(settings),
                ),
                first,
                apart,
            )
            for first, engine in enumerate(engines)
        ]

    def _engines(self, settings: Decoding, n: int) -> list[ctranslate2.Generator]:
        """Those that draw must be fresh: an engine's thread takes its seed when it first draws, and goes on from there.

        The next ones are loaded while these write.
        """
        if not settings.temperature:
            self._greedy += [self._load() for _missing in range(n - len(self._greedy))]
            return self._greedy[:n]
        self._used += 1
        if self._used % TIDY == 0:
            _give_back()
        loading = self._fresh[:n] + [self._loader.submit(self._load) for _missing in range(n - len(self._fresh))]
        self._fresh = self._fresh[n:]
        engines = [one.result() for one in loading]
        for number, engine in enumerate(engines):
            ctranslate2.set_random_seed((settings.seed + number * APART) % 2**32)
            engine.generate_batch([[self.tokenizer.eos_token]], max_length=1, **_drawing(settings))  # takes the seed
        self._fresh += [self._loader.submit(self._load) for _used in engines]
        return engines

    def _load(self) -> ctranslate2.Generator:
        """One thread: two were 2.5 to 3.3 times slower on the two cores it was measured on (benchmarks/README.md)."""
        return ctranslate2.Generator(str(self.folder), device="cpu", intra_threads=1)

    def prompt_tokens(self, prompt: str) -> list[str]:
        """The prompt in the model's chat form; one that is too long keeps its beginning and end."""
        ids = plain_ids(self.tokenizer, prompt)
        if len(ids) > LONGEST:
            ids = plain_ids(self.tokenizer, self._text([*ids[: LONGEST - 300], *ids[-300:]]))
        before, after = around(self.tokenizer)
        return [str(token) for token in self.tokenizer.convert_ids_to_tokens([*before, *ids, *after])]

    def _text(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip().rstrip(HALF_CHARACTER)


def plain_ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Tokens of a text in which nothing is a sign of control: ``<|im_end|>`` in a cell is letters and strokes."""
    return list(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))


def around(tokenizer: PreTrainedTokenizerBase) -> tuple[list[int], list[int]]:
    """Tokens of the chat form before and after what a person asks."""
    place = "WHAT-IS-ASKED"
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": place}], tokenize=False, add_generation_prompt=True
    )
    before, _place, after = str(chat).partition(place)
    begin, end = (
        tokenizer.encode(part, add_special_tokens=False, split_special_tokens=False) for part in (before, after)
    )
    return list(begin), list(end)


def _drawing(settings: Decoding) -> dict[str, Any]:
    """How the engine takes its next token; temperature 0 always takes the likeliest."""
    if not settings.temperature:
        return {"sampling_temperature": 1e-3, "sampling_topk": 1, "sampling_topp": 1}
    likeliest = min(settings.top_k or LIKELIEST, LIKELIEST)
    return {
        "sampling_temperature": max(settings.temperature, 1e-3),
        "sampling_topk": likeliest,
        "sampling_topp": settings.top_p,
    }


def _is_over(over: set[int], first: int, apart: int, step: ctranslate2.GenerationStepResult) -> bool:
    """Asked by the engine's own thread, which drops the last hold on what it asks: an engine in reach of this would
    then be ended by its own thread, and the process with it.
    """
    return first + apart * step.batch_id in over


Steps = Generator[tuple[int, ctranslate2.GenerationStepResult], None, None]


def _numbered(steps: Generator[ctranslate2.GenerationStepResult, None, None], first: int, apart: int) -> Steps:
    """An engine's steps with the place of each one's text among all: first, first + apart, ...

    The engine starts with the first look at them.
    """
    with closing(steps):
        for step in steps:
            yield first + apart * step.batch_id, step


def _side_by_side(streams: list[Steps]) -> Steps:
    """The steps of several engines in turn, all of which go on writing meanwhile; leaving early stops them all."""
    with ExitStack() as stack:
        for stream in streams:
            stack.enter_context(closing(stream))
        with ThreadPoolExecutor(len(streams)) as pool:  # at once: each is asked to start, and reads its prompts
            waiting = list(pool.map(lambda stream: (stream, next(stream, None)), streams))
        while waiting:
            stream, found = waiting.pop(0)
            if found is not None:
                yield found
                waiting.append((stream, next(stream, None)))


def _give_back() -> None:
    """Have the C library return the memory of engines that are gone: it keeps pieces of it, more with each."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def writer(models_folder: Path) -> Writer:
    """The model, loaded once per process."""
    return Writer(*ready(models_folder))
