"""A text that grows by tokens: shown only as far as it is settled."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from core.letters import begun


class Growing:
    """Bytes in, text out: never half a character, never the beginning of what may become a stop string.

    Parameters
    ----------
    stop : sequence of str
        The text ends where the first of them begins.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self.stop = [text for text in stop if text]
        self.stopped = False
        self._characters = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""

    def add(self, data: bytes) -> str:
        """What can be shown now."""
        return self._settled(self._characters.decode(data))

    def end(self) -> str:
        """What was held back, now that nothing more comes; half a character shows as �."""
        shown = self._settled(self._characters.decode(b"", final=True))
        shown, self._held = shown + self._held, ""
        return shown

    def _settled(self, new: str) -> str:
        if self.stopped:
            return ""
        text = self._held + new
        places = [place for one in self.stop if (place := text.find(one)) >= 0]
        if places:
            self.stopped, self._held = True, ""
            return text[: min(places)]
        longest = max((begun(text, one) for one in self.stop), default=0)
        cut = len(text) - longest
        self._held = text[cut:]
        return text[:cut]
