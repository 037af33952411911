"""“I choose” on the Compare page: which candidates run, with which encoders, models and settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import catalog
from core.catalog import Model, Parameter, Task
from core.data.schema import Advice, Schema
from core.plan import EncoderChoice, Search
from pages.parts import names, state
from pages.parts.plain import plain, short
from pages.parts.words import _, t

MOST_DESCRIBED = 30  # classes with a field of their own
USUAL = ("dummy", "columns", "text-tfidf", "cooperative")  # families that are chosen at first


@dataclass(frozen=True)
class Choice:
    """What takes part."""

    candidates: list[str]
    model_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    balanced: bool = False
    search: Search = field(default_factory=Search)
    descriptions: dict[str, str] = field(default_factory=dict)


def default_candidates(n_texts: int, n_columns: int) -> list[str]:
    """What Amalgam compares when left to it: guessing, each half alone, both together, the encoder tuned."""
    if not n_texts:
        return ["dummy", "columns", "columns+boosting", "columns+forest", "columns-as-text"]
    fused = ["cooperative", "cooperative@words", "cooperative-tuned"]
    if not n_columns:
        return ["dummy", "text-tfidf", *fused]
    return ["dummy", "columns", "columns+boosting", "text-tfidf", "text-llm", "columns-as-text", *fused]


def candidate_names(families: list[str], models: list[str], encoders: list[str], *, all_models: bool) -> list[str]:
    """Every combination that was asked for, in the catalogue's order; baselines keep their own model unless told."""
    chosen = []
    for fusion in catalog.FUSIONS:
        if fusion.name not in families:
            continue
        stems = [fusion.name]
        if fusion.takes_encoder and not fusion.baseline:
            fitting = [name for name in encoders if not fusion.costly or tunable(name)]
            stems += [f"{fusion.name}:{name}" for name in fitting]
        own = not fusion.takes_model or (fusion.baseline and not all_models) or not models
        chosen += stems if own else [f"{stem}+{model}" for stem in stems for model in models]
    return chosen


def tunable(encoder: str) -> bool:
    """Whether an encoder can be trained further; one from the hub or a folder can."""
    entry = catalog.encoder(encoder)
    return entry is None or entry.tunable


def draw(schema: Schema, task: Task, key: str, classes: list[str]) -> Choice:
    """Families, models with their settings, the search and the weighting of rare classes."""
    families = _families(schema, key)
    models, encoders, all_models = _models(schema, task, families, key)
    descriptions = _descriptions(classes, key) if "zero-shot" in families else {}
    settings = {name: values for name in models if (values := _settings(catalog.model(name), key))}
    balanced = task != "regression" and st.toggle(
        _("Weight classes by their rarity"),
        key=f"{key}-balanced",
        persist_state="session",
        help=_("Mistakes on rare classes cost more during training, so that the model does not pass them over."),
    )
    return Choice(
        candidate_names(families, models, encoders, all_models=all_models),
        settings,
        bool(balanced),
        _search(key),
        descriptions,
    )


def _families(schema: Schema, key: str) -> list[str]:
    """Cards of the families that can apply, each with its sentence."""
    has_text = bool(schema.names("text"))
    has_columns = bool(schema.names("number", "category", "date"))
    absent = {"text"} - ({"text"} if has_text else set()) | {"columns"} - ({"columns"} if has_columns else set())
    fitting = [fusion for fusion in catalog.FUSIONS if fusion.needs not in absent]
    st.markdown(_("**What to compare**"))
    chosen = []
    with st.container(horizontal=True):
        for fusion in fitting:
            with st.container(border=True, width=230, height="stretch"):
                wanted = st.checkbox(
                    t(fusion.label), fusion.name in USUAL, key=f"{key}-family-{fusion.name}", persist_state="session"
                )
                st.caption(t(fusion.about))
            if wanted:
                chosen.append(fusion.name)
    return chosen


def _descriptions(classes: list[str], key: str) -> dict[str, str]:
    """What each class means in words, which is all that zero-shot has to go by."""
    given = {}
    with st.expander(_("What the classes mean, for zero-shot"), icon=":material/label:"):
        st.caption(_("The language model compares each row with these words. Left empty, a class goes by its name."))
        for label in classes[:MOST_DESCRIBED]:
            words = st.text_input(short(label), key=f"{key}-class-{label}", persist_state="session", max_chars=300)
            if words.strip():
                given[label] = words.strip()
    return given


def _models(schema: Schema, task: Task, families: list[str], key: str) -> tuple[list[str], list[str], bool]:
    if not any(catalog.fusion(name).takes_model for name in families):
        return [], [], False
    fitting = [model.name for model in catalog.MODELS if task in model.tasks]
    models = st.multiselect(
        _("Classical models"),
        fitting,
        ["linear"],
        format_func=names.model_label,
        key=f"{key}-models",
        persist_state="session",
        help=_("Each model chosen here is trained once more on the same folds."),
    )
    encoders: list[str] = []
    if any(catalog.fusion(name).takes_encoder for name in families):
        encoders = st.multiselect(
            _("Compare further encoders"),
            [entry.name for entry in catalog.ENCODERS],
            format_func=names.encoder_label,
            key=f"{key}-encoders",
            persist_state="session",
            placeholder=_("only those chosen in the sentence above"),
            help=_("Each encoder chosen here is used for all text columns, as candidates of their own."),
        )
    all_models = st.toggle(
        _("Train the columns-only and text-only baselines with these models too"),
        key=f"{key}-all-models",
        persist_state="session",
    )
    return models, encoders, all_models


def _settings(model: Model, key: str) -> dict[str, Any]:
    """One model's settings; only what differs from the default is kept."""
    if not model.parameters:
        return {}
    values: dict[str, Any] = {}
    with st.expander(_("Settings of {model}").format(model=t(model.label)), icon=":material/tune:"):
        st.caption(t(model.about))
        for parameter in model.parameters:
            value = _field(parameter, f"{key}-{model.name}-{parameter.name}")
            if value != parameter.default:
                values[parameter.name] = value
    return values


def _field(parameter: Parameter, key: str) -> Any:
    label, about = t(parameter.label), t(parameter.about)
    if parameter.kind == "choice":
        options = list(parameter.choices)
        value = st.selectbox(
            label, options, options.index(parameter.default), key=key, persist_state="session", help=about
        )
    elif parameter.kind == "int":
        low, high = int(parameter.low), int(parameter.high)
        value = st.number_input(label, low, high, int(parameter.default), key=key, persist_state="session", help=about)
    else:
        value = st.number_input(
            label, parameter.low, parameter.high, float(parameter.default), step=parameter.low, format="%g", key=key,
            persist_state="session", help=about,
        )  # fmt: skip
    st.caption(about)
    return value


def _search(key: str) -> Search:
    kinds = {"none": _("no search"), "trials": _("a number of trials"), "time": _("a length of time")}
    kind = st.segmented_control(
        _("Search for better settings"),
        list(kinds),
        default="none",
        required=True,
        format_func=kinds.__getitem__,
        key=f"{key}-search",
        persist_state="session",
        help=_("Tries other settings inside each training fold, never on the rows it is scored on."),
    )
    if kind == "trials":
        trials = st.number_input(_("Trials"), 1, 500, 20, key=f"{key}-trials", persist_state="session")
        return Search(trials=int(trials))
    if kind == "time":
        minutes = st.number_input(
            _("Minutes for each candidate"), 0.1, 600.0, 2.0, format="%g", key=f"{key}-minutes", persist_state="session"
        )
        return Search(trials=500, budget_seconds=float(minutes) * 60)
    return Search()


def encoder_field(column: str, language: str, key: str) -> EncoderChoice:
    """How one text column becomes numbers: a bundled encoder, or any Hugging Face id or folder that is typed in."""
    own = {"en": "minilm"}.get(language, "e5")
    options = ["", *(entry.name for entry in catalog.ENCODERS)]
    automatic = _("suits its language: {encoder}").format(encoder=names.encoder_label(own))
    name = st.selectbox(
        _("Encoder"),
        options,
        format_func=lambda option: names.encoder_label(option) if option else automatic,
        key=f"{key}-encoder",
        persist_state="session",
        accept_new_options=True,
        help=_("Choose one, or type a Hugging Face id (owner/name) or the path of a local folder with safetensors."),
    )
    name = (name or "").strip()
    entry = catalog.encoder(name or own)
    st.caption(t(entry.about) if entry else plain(_("“{name}” from the hub or from a folder.").format(name=name)))
    if (advice := _advice(column)) is not None:
        told = _("Advice: {encoder}. {reason}").format(
            encoder=names.encoder_label(advice.encoder), reason=t(advice.reason)
        )
        st.caption(plain(told))
    poolings = entry.poolings if entry else tuple(catalog.POOLINGS)
    layers = entry.layers if entry else 48
    pooling, layer = "", -1
    if poolings:
        pooling = st.selectbox(
            _("Pooling"),
            ["", *poolings],
            format_func=lambda option: t(catalog.POOLINGS[option]) if option else _("the encoder's own"),
            key=f"{key}-pooling",
            persist_state="session",
            help=_("How the numbers of all tokens become the numbers of the text."),
        )
    if layers:
        layer = st.number_input(
            _("Layer"),
            -1,
            layers,
            -1,
            key=f"{key}-layer",
            persist_state="session",
            help=_(
                "Which hidden layer is read; −1 is the last. Middle layers know more of words, late ones of meaning."
            ),
        )
    return EncoderChoice(name=name, pooling=pooling or "", layer=int(layer), pca_variance=_pca(key))


def _advice(column: str) -> Advice | None:
    """Which encoder suits a column of the current data set, by what was measured when it was read."""
    row = state.dataset()
    report = None if row is None else state.report(row.id)
    return next((entry.advice for entry in report.columns if entry.name == column), None) if report else None


def _pca(key: str) -> float | None:
    wanted = st.toggle(
        _("Condense with PCA"),
        key=f"{key}-pca",
        persist_state="session",
        help=_(
            "Fewer numbers per text: faster trees, sometimes a little worse. The share kept is shown in the results."
        ),
    )
    if not wanted:
        return None
    share = st.slider(
        _("Share of the variance kept"), 50, 99, 90, format="%d %%", key=f"{key}-variance", persist_state="session"
    )
    return share / 100
