"""Adding a table: dropped files, a separate test file, an address where that is allowed, pasted text, or a sample."""

from __future__ import annotations

import streamlit as st

from core.data.remote.allowed import allowed, checked
from core.data.samples import SAMPLES
from core.job_params import ReadParams
from core.messages import AmalgamError
from core.workspace import new_id
from pages.shared.i18n import _, t
from pages.shared.runs import starting
from pages.shared.upload import Upload, drop_zone


def draw(key: str, *, replace: str = "", name: str = "") -> bool:
    """The ways in, one at a time.  →  whether something is being read now

    With `replace` the new table takes the place, and the name, of that data set.
    """
    ways = {"files": _("My files"), "paste": _("Paste a table"), "sample": _("A sample")}
    way = st.segmented_control(
        _("Where the table comes from"),
        list(ways),
        default="files",
        required=True,
        format_func=ways.__getitem__,
        key=f"{key}-way",
        label_visibility="collapsed",
    )
    if way == "paste":
        return _paste(key, replace, name)
    if way == "sample":
        return _samples(key, replace)
    return _files(key, replace, name)


def _files(key: str, replace: str, name: str) -> bool:
    separate = st.toggle(
        _("I have a separate test file"),
        key=f"{key}-separate",
        help=_("A file with the same columns that is only scored on, never trained on."),
    )
    if not separate:
        uploads = drop_zone(f"{key}-drop")
        if allowed() and _address(key, replace, name):
            return True
        return bool(uploads) and starting.read_uploads(
            [upload.id for upload in uploads], name or called(uploads), dataset=replace
        )
    train_slot, test_slot = f"{key}-train", f"{key}-test"
    left, right = st.columns(2)
    with left:
        train = _kept(train_slot, _("Train on"))
    with right:
        test = _kept(test_slot, _("Test on"))
    ready = bool(train and test)
    if not st.button(_("Read both"), key=f"{key}-both", type="primary", disabled=not ready) or not ready:
        return False
    started = starting.read_uploads(
        [upload.id for upload in train], name or called(train), test_upload=test[0].id, dataset=replace
    )
    if started:
        st.session_state[train_slot], st.session_state[test_slot] = [], []
    return started


def _address(key: str, replace: str, name: str) -> bool:
    """A file of the web, which the server fetches: only where whoever runs it allows that."""
    with st.form(f"{key}-address-form", border=False):
        address = st.text_input(
            _("Or read from an address"),
            key=f"{key}-address",
            placeholder="https://data.example.org/table.csv",
            help=_("The server fetches the file; it must be reachable without a password."),
        )
        wanted = st.form_submit_button(_("Fetch it"))
    if not wanted or not address.strip():
        return False
    try:
        checked(address)
    except AmalgamError as error:
        starting.show_error(error)
        return False
    return starting.read(ReadParams(dataset=replace or new_id(), name=name, address=address.strip()))


def _kept(slot: str, title: str) -> list[Upload]:
    """A drop zone that waits for the other one: what arrived stays listed."""
    st.markdown(f"**{title}**")
    if arrived := drop_zone(f"{slot}-drop", multiple=False):
        st.session_state[slot] = arrived
    kept: list[Upload] = st.session_state.get(slot, [])
    for upload in kept:
        st.text(upload.name)
    return kept


def called(uploads: list[Upload]) -> str:
    """A name for the table of these files."""
    if len(uploads) == 1:
        return uploads[0].name
    return _("{first} and {n} more").format(first=uploads[0].name, n=len(uploads) - 1)


def _paste(key: str, replace: str, name: str) -> bool:
    with st.form(f"{key}-paste-form", border=False):
        text = st.text_area(
            _("Rows with their header, as copied from a spreadsheet or a CSV file"),
            height=220,
            key=f"{key}-paste",
            placeholder="text\tlabel\n…",
        )
        wanted = st.form_submit_button(_("Read it"), type="primary")
    if not wanted:
        return False
    if not text.strip():
        st.warning(_("There is nothing to read yet."))
        return False
    params = ReadParams(dataset=replace or new_id(), name=name or _("Pasted table"), paste=text)
    return starting.read(params)


def _samples(key: str, replace: str) -> bool:
    started = False
    with st.container(horizontal=True):
        for entry in SAMPLES:
            with st.container(border=True, width=280, height="stretch"):
                st.markdown(f"**{t(entry.label)}**")
                st.caption(t(entry.about))
                if st.button(_("Use this"), key=f"{key}-sample-{entry.name}"):
                    params = ReadParams(dataset=replace or new_id(), name=t(entry.label), sample=entry.name)
                    started = starting.read(params)
    return started
