"""Typed places in the session; some are held by the page's address, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Slot(Generic[T]):
    """One typed place in the session. Not a widget's key, so it survives a change of page."""

    key: str
    default: T

    def get(self) -> T:
        return st.session_state.get(self.key, self.default)

    def set(self, value: T) -> None:
        st.session_state[self.key] = value


class Kept(Slot[str]):
    """A place that the page's address holds, too, so that it survives a reload."""

    def get(self) -> str:
        if self.key not in st.session_state and self.key in st.query_params:
            st.session_state[self.key] = st.query_params[self.key]
        return super().get()

    def set(self, value: str) -> None:
        super().set(value)
        self.say()

    def say(self) -> None:
        """Put it into the address, which a change of page empties."""
        value = self.get()
        if not value:
            st.query_params.pop(self.key, None)
        elif st.query_params.get(self.key) != value:
            st.query_params[self.key] = value
