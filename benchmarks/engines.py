"""Engines that run language models here, side by side: tokens a second, and the time to a first answer.

    python -m benchmarks.engines [--rounds N] [--large NAME]

Each line runs in a process of its own; *ctranslate2, new* begins without the converted model, as a new machine does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks._machine import machine
from core.encode.engines.unpack_smollm2 import packed_file
from core.providers.base import LanguageModel
from core.providers.bundled import Writer, ready
from core.providers.gguf import files as gguf_files
from core.providers.gguf.llama_cpp import Gguf
from core.results.language.laboratory import Decoding
from core.workspace import Workspace

PROMPTS = (
    "Write a short story about a small village by the sea, with a fisherman and his boat.",
    "Explain to a child why the sky is blue, in simple words, step by step.",
    "List things to look at before buying a used car, and say why each matters.",
)
TOKENS = 100


def main() -> None:
    """Print one JSON line per engine, threads and number of prompts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", default="", help="a GGUF file at hand, besides the bundled model")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "FILE", "THREADS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        engine, file, threads = options.one
        print(json.dumps(_measured(engine, Path(file), int(threads), options.rounds)))
        return
    print(json.dumps(machine()))
    models = Workspace().models_folder
    wanted = [("ctranslate2, new", Path(tempfile.mkdtemp()), 1), ("ctranslate2", models, 1)]
    wanted += [("llama.cpp", packed_file(), threads) for threads in (1, 2)]
    large = gguf_files.find(options.large, models) if options.large else None
    wanted += [("llama.cpp", large, threads) for threads in (1, 2) if large]
    ready(models)
    for engine, file, threads in wanted:
        again = [sys.executable, "-m", "benchmarks.engines", "--rounds", str(options.rounds)]
        done = subprocess.run(
            [*again, "--one", engine, str(file), str(threads)], capture_output=True, text=True, check=True
        )
        print(done.stdout.splitlines()[-1], flush=True)


def _measured(engine: str, file: Path, threads: int, rounds: int) -> dict[str, object]:
    began = time.monotonic()
    model: LanguageModel = Writer(*ready(file)) if engine.startswith("ctranslate2") else Gguf(file, threads + 1)
    next(one for one in model.write_all(PROMPTS[:1], Decoding(max_tokens=1, temperature=0)) if one.text)
    first = time.monotonic() - began
    return {
        "engine": engine,
        "model": model.name,
        "threads": threads,
        "seconds_to_first_word": round(first, 2),
        "tokens_per_second_one_prompt": _speed(model, PROMPTS[:1], rounds),
        "tokens_per_second_three_prompts": _speed(model, PROMPTS, rounds),
    }


def _speed(model: LanguageModel, prompts: tuple[str, ...], rounds: int) -> float:
    speeds = []
    for _round in range(rounds):
        began, tokens = time.monotonic(), dict[int, int]()
        for one in model.write_all(prompts, Decoding(max_tokens=TOKENS, temperature=0)):
            tokens[one.prompt] = one.tokens
        speeds.append(sum(tokens.values()) / (time.monotonic() - began))
    return round(median(speeds), 1)


if __name__ == "__main__":
    main()
