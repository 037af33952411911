"""The bundled instruct model, ready to write: converted once for the fast engine, then loaded from disk.

Sources: SmolLM2-135M-Instruct; the engine is CTranslate2 with 8-bit weights.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import ctranslate2
from ctranslate2.converters import TransformersConverter
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from core.encode.once import made_once
from core.encode.smollm2 import prepared
from core.evaluate.language_lab import Decoding
from core.language.decoding.growing import unfinished
from core.messages import UnusableData, _

FOLDER = "smollm2-135m-instruct-int8"
HALF_CHARACTER = "\ufffd"  # stands for a character whose other bytes are still to come
LIKELIEST = 1000  # tokens that are drawn from at most; sorting all 49,152 for top-p would take a third of the time
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
        with made_once(folder) as unfinished:
            if unfinished is not None:
                TransformersConverter(str(source)).convert(str(unfinished), quantization="int8", force=True)
    tell(1.0)
    return source, folder


Ended = Literal["end", "length", "stop"]


@dataclass(frozen=True)
class Written:
    """One more token of one text: the whole text so far, and why it ended, if it did."""

    prompt: int  # its place among the prompts
    sample: int
    text: str
    tokens: int
    ended: Ended | None


class Writer:
    """The instruct model in memory."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(source)
        self.folder = folder
        self._greedy: ctranslate2.Generator | None = None
        self._loader = ThreadPoolExecutor(1)
        self._fresh: Future[ctranslate2.Generator] | None = None  # the next one that draws

    def write(
        self,
        prompt: str,
        *,
        temperature: float,
        top_p: float,
        max_tokens: int,
        seed: int,
        top_k: int = 0,
        repetition_penalty: float = 1.1,
        stop: Sequence[str] = (),
    ) -> Iterator[tuple[str, bool]]:
        """Answer a prompt token by token.  →  (the whole text so far, whether it ended by itself)

        Same seed and settings, same text. Temperature 0 always takes the likeliest token; 0 as top_k draws from
        the 1000 likeliest; the text ends where one of `stop` begins.
        """
        settings = Decoding(
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            repetition_penalty=repetition_penalty,
            max_tokens=max_tokens,
            seed=seed,
        )
        with closing(self.write_all([prompt], settings, stop=stop)) as steps:
            for written in steps:
                yield written.text, written.ended in {"end", "stop"}

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = ()
    ) -> Generator[Written, None, None]:
        """Answer several prompts side by side, each n times: much faster than one after another.

        The engine draws for all of them from one seed, so the texts depend on what else is written beside them. It
        knows no min-p.

        Raises
        ------
        UnusableData
            The settings ask for min-p.
        """
        if settings.min_p:
            raise UnusableData(_("The bundled model’s engine knows no min-p."), _("Set it to 0, or use top-p."))
        over: set[int] = set()
        end = self.tokenizer.eos_token
        steps = self._engine(settings).generate_tokens(
            [tokens for tokens in map(self.prompt_tokens, prompts) for _sample in range(n)],
            max_length=settings.max_tokens,
            sampling_temperature=max(settings.temperature, 1e-3),
            sampling_topk=min(settings.top_k or LIKELIEST, LIKELIEST) if settings.temperature else 1,
            sampling_topp=settings.top_p if settings.temperature else 1,
            repetition_penalty=settings.repetition_penalty,
            end_token=[end],
            callback=lambda step: step.batch_id in over,
        )
        ids: list[list[int]] = [[] for _prompt in range(len(prompts) * n)]
        with closing(steps):  # whoever leaves early stops the engine
            for step in steps:
                if step.batch_id in over:
                    continue  # it was already on its way when a stop string came
                written = ids[step.batch_id]
                if step.token != end:
                    written.append(step.token_id)
                text, stopped = _until(self._text(written), stop, final=step.token == end)
                ended: Ended | None = "end" if step.token == end else "stop" if stopped else None
                if ended is None and len(written) == settings.max_tokens:
                    text, ended = self._text(written), "length"
                if ended:
                    over.add(step.batch_id)
                yield Written(step.batch_id // n, step.batch_id % n, text, len(written), ended)

    def _engine(self, settings: Decoding) -> ctranslate2.Generator:
        """One that draws must be fresh: its thread takes the seed when it first draws, and goes on from there.

        The next one is loaded while this one writes.
        """
        if not settings.temperature:
            self._greedy = self._greedy or self._load()
            return self._greedy
        loaded, self._fresh = self._fresh, None
        engine = loaded.result() if loaded else self._load()
        self._fresh = self._loader.submit(self._load)
        ctranslate2.set_random_seed(settings.seed)
        return engine

    def _load(self) -> ctranslate2.Generator:
        """One thread: two were 2.5 to 3.3 times slower on the two cores it was measured on (benchmarks/README.md)."""
        return ctranslate2.Generator(str(self.folder), device="cpu", intra_threads=1)

    def prompt_tokens(self, prompt: str) -> list[str]:
        """The prompt in the model's chat form; one that is too long keeps its beginning and end."""
        ids = self.tokenizer.encode(prompt, add_special_tokens=False)
        if len(ids) > LONGEST:
            prompt = self._text([*ids[: LONGEST - 300], *ids[-300:]])
        chat = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        ids = self.tokenizer.encode(str(chat), add_special_tokens=False)
        return [str(token) for token in self.tokenizer.convert_ids_to_tokens(ids)]

    def _text(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip().rstrip(HALF_CHARACTER)


def _until(text: str, stop: Sequence[str], *, final: bool) -> tuple[str, bool]:
    """The text up to the first stop string, or what of it can't be the beginning of one; whether one was met."""
    places = [place for one in stop if one and (place := text.find(one)) >= 0]
    if places:
        return text[: min(places)].rstrip(), True
    held = 0 if final else max((unfinished(text, one) for one in stop if one), default=0)
    return text[: len(text) - held], False


@lru_cache(maxsize=1)
def writer(models_folder: Path) -> Writer:
    """The model, loaded once per process."""
    return Writer(*ready(models_folder))
