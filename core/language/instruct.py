"""The bundled instruct model, ready to write: converted once for the fast engine, then loaded from disk.

Sources: SmolLM2-135M-Instruct; the engine is CTranslate2 with 8-bit weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import ctranslate2
from ctranslate2.converters import TransformersConverter
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from core.encode.once import made_once
from core.encode.smollm2 import prepared

FOLDER = "smollm2-135m-instruct-int8"
HALF_CHARACTER = "\ufffd"  # stands for a character whose other bytes are still to come
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


class Writer:
    """The instruct model in memory."""

    def __init__(self, source: Path, folder: Path, threads: int) -> None:
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(source)
        self.folder = folder
        self.threads = threads

    def write(
        self, prompt: str, *, temperature: float, top_p: float, max_tokens: int, seed: int
    ) -> Iterator[tuple[str, bool]]:
        """Answer a prompt token by token.  →  (the whole text so far, whether it ended by itself)

        Same seed and settings, same text. Temperature 0 always takes the likeliest token.
        """
        ctranslate2.set_random_seed(seed)
        # An engine's thread takes the seed when it first draws and goes on from there, so each text has a fresh one.
        engine = ctranslate2.Generator(str(self.folder), device="cpu", intra_threads=self.threads)
        steps = engine.generate_tokens(
            self.prompt_tokens(prompt),
            max_length=max_tokens,
            sampling_temperature=max(temperature, 1e-3),
            sampling_topk=1 if temperature == 0 else 0,
            sampling_topp=top_p if temperature > 0 else 1,
            repetition_penalty=1.1,
            end_token=[self.tokenizer.eos_token],
        )
        written: list[int] = []
        try:
            for step in steps:
                if step.token == self.tokenizer.eos_token:
                    yield self._text(written), True
                    return
                written.append(step.token_id)
                yield self._text(written), False
        finally:
            steps.close()  # whoever leaves early stops the engine

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


@lru_cache(maxsize=1)
def writer(models_folder: Path, threads: int) -> Writer:
    """The model, loaded once per process."""
    return Writer(*ready(models_folder), threads)
