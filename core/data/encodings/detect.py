"""Which letters the bytes of a file mean: UTF-8, UTF-16, GB18030, Latin-1 and their like, found out and checked."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from charset_normalizer import from_bytes

from core.data.encodings import letters
from core.letters import KANA_LETTER
from core.messages import UnreadableFile, _

SAMPLE_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 22
_TOLD_BY = 1 << 17  # bytes whose letters tell a one-byte encoding


def find(path: Path) -> str:
    """The encoding of a text file, as Python names it.

    Raises
    ------
    UnreadableFile
        The bytes are not text.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return checked(path, name)
    if name := _utf16_without_mark(sample):
        return checked(path, name)
    first_zero = sample.find(b"\0")
    if first_zero >= 0:
        raise UnreadableFile(
            _("Line {line} of “{file}” holds zero bytes, so this is not a text file, or it was damaged."),
            _("Save it again as plain text in UTF-8 (a table as CSV) and upload that."),
            line=sample.count(b"\n", 0, first_zero) + 1,
            file=path.name,
        )
    if _decodes(path, "utf-8"):
        return "utf-8"
    return _guess(path, sample)


def likely(path: Path) -> str:
    """UTF-8 if the file begins as that, else nothing: for a parser that checks the rest itself, which saves a reading.

    Where the parser meets anything odd, `find` is to be asked.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return ""
    if b"\0" in sample:
        return ""
    return "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else "utf-8"


def checked(path: Path, encoding: str) -> str:
    """An encoding the user chose, if there is such a thing and the file is valid in it."""
    try:
        codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise UnreadableFile(
            _("There is no encoding called “{encoding}”."),
            _("Usual ones are utf-8, utf-16, latin-1, cp1252 and gb18030."),
            encoding=encoding,
        ) from None
    line = _first_bad_line(path, encoding)
    if line:
        raise UnreadableFile(
            _("Line {line} of “{file}” is not valid {encoding}."),
            _("Choose another encoding, or let Amalgam find it."),
            line=line,
            file=path.name,
            encoding=encoding,
        )
    return encoding


def sample_text(path: Path, encoding: str, n_bytes: int = SAMPLE_BYTES) -> tuple[str, bool]:
    """The beginning of the file as text, and whether that is the whole file."""
    with path.open("rb") as file:
        sample = file.read(n_bytes)
        whole = not file.read(1)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(sample, final=whole)
    return text, whole


def _utf16_without_mark(sample: bytes) -> str:
    """UTF-16 of mostly Western text has a zero in every other byte."""
    head = sample[:4096]
    if len(head) < 8:
        return ""
    even, odd = head[::2].count(0) / (len(head) / 2), head[1::2].count(0) / (len(head) / 2)
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return ""


def _decodes(path: Path, encoding: str) -> bool:
    return _first_bad_line(path, encoding) == 0


def _first_bad_line(path: Path, encoding: str) -> int:
    """The line of the first bytes that are not valid, from 1; 0 if all are."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    done = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                return _line_at(path, done + max(0, start))
            if not block:
                return 0
            done += len(block)


def _line_at(path: Path, place: int) -> int:
    """The line that the byte at `place` is on, from 1."""
    line = 1
    with path.open("rb") as file:
        while place > 0 and (block := file.read(min(_BLOCK, place))):
            line += block.count(b"\n")
            place -= len(block)
    return line


def _guess(path: Path, sample: bytes) -> str:
    """Among the encodings without a mark: the one whose letters look like written language."""
    for name, plausible in (("gb18030", _looks_chinese), ("big5", _looks_chinese), ("shift_jis", _looks_japanese)):
        text = sample.decode(name, errors="replace")
        if text.count("�") <= 1 and plausible(text) and _decodes(path, name):
            return name
    if (name := letters.one_byte_encoding(sample[:_TOLD_BY])) and _decodes(path, name):
        return name
    text = sample.decode("cp1252", errors="replace")
    if _looks_western(text) and "�" not in text:
        return "cp1252" if _decodes(path, "cp1252") else "latin-1"
    best = from_bytes(sample[: 1 << 16]).best()
    if best is not None and _decodes(path, best.encoding):
        return best.encoding
    return "cp1252" if _decodes(path, "cp1252") else "latin-1"


def _beyond_ascii(text: str) -> str:
    return "".join(character for character in text[:200_000] if ord(character) > 127)


def _looks_chinese(text: str) -> bool:
    """Most of what is not ASCII is a frequent Han character or full-width punctuation."""
    beyond = _beyond_ascii(text)
    if not beyond:
        return False
    common = sum(character in _FREQUENT for character in beyond)
    han = sum("一" <= character <= "鿿" or character in "，。！？、；：（）《》“”‘’…—　" for character in beyond)
    return han / len(beyond) > 0.9 and common / len(beyond) > 0.12


def _looks_japanese(text: str) -> bool:
    beyond = _beyond_ascii(text)
    kana = len(KANA_LETTER.findall(beyond))
    return bool(beyond) and kana / len(beyond) > 0.2


def _looks_western(text: str) -> bool:
    """Letters beyond ASCII stand alone among ASCII letters, as accents do, and are mostly lower case."""
    beyond = _beyond_ascii(text)
    if not beyond or len(beyond) > 0.3 * len(text[:200_000]):
        return False
    odd = sum(unicodedata.category(character) in ("Cc", "Co", "Cn") for character in beyond)
    return odd / len(beyond) < 0.02


_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "，。！？吃味送餐快慢份钱店卖家"
)
