"""Where the language models come from that write."""

from __future__ import annotations

from dataclasses import dataclass

from core.messages import _

BUNDLED, OPENAI = "bundled", "openai"


@dataclass(frozen=True)
class Provider:
    """One way to have a language model write."""

    name: str
    label: str
    about: str


PROVIDERS: tuple[Provider, ...] = (
    Provider(BUNDLED, _("Bundled model"), _("SmolLM2 with 135 million parameters; it writes English, anywhere.")),
    Provider(
        "llama.cpp",
        _("GGUF file"),
        _(
            "Any instruct model as a GGUF file below AMALGAM_MODELS, or put there by “amalgam models add”. The largest "
            "that fits writes, unless AMALGAM_LANGUAGE_MODEL names another one."
        ),
    ),
    Provider(
        OPENAI,
        _("Endpoint"),
        _(
            "Any OpenAI-compatible endpoint that AMALGAM_LLM_URL names, where AMALGAM_LANGUAGE_MODEL is “openai”. "
            "Texts of a table leave this machine only once a person allows it, with pseudonyms for personal data."
        ),
    ),
    Provider(
        "transformers",
        _("Folder or id"),
        _(
            "Any language model in Hugging Face’s format, as safetensors: AMALGAM_LANGUAGE_MODEL or --provider names "
            "its folder, or its id where AMALGAM_HUB=1 lets models be fetched. Translation models can only write."
        ),
    ),
)
