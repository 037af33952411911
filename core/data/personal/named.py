"""Names of people inside of texts, where a title, a greeting, a signature or “my name is” marks them.

No model is asked, so a name without such a mark is not found. Light.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.data.personal.well_known import GIVEN, SURNAMES
from core.letters import HAN, begins_with_han

_TITLE = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Dott|Sig|Hr|Sra?|Srta)\.|Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Doctor"
    r"|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Mademoiselle|Señor|Señora|Señorita|Senhora?|Signora?|Signorina"
    r"|Pani|г-н|г-жа|[Гг]осподин|[Гг]оспожа"
)
_GREETING = (
    r"Dear|Hi|Hello|Hey|Liebe[r]?|Hallo|Bonjour|Cher|Chère|Hola|Querid[oa]|Estimad[oa]|Prezad[oa]|Olá|Car[oa]|Ciao"
    r"|Уважаем(?:ый|ая)"
)
_FORMAL = (
    r"(?:[Bb]est|[Kk]ind|[Ww]arm)(?:est)? [Rr]egards|[Rr]egards|Sincerely|Yours \w+"
    r"|(?:Mit )?[Ff]reundlichen? Gr[üu](?:ß|ss)en?"
    r"|(?:Viele|Liebe|Beste) Gr[üu](?:ß|ss)e|MfG|Cordialement|Bien à vous|Atentamente|Atenciosamente|Cordiali saluti"
    r"|С уважением"
)
_CASUAL = r"[Bb]est(?: [Ww]ishes)?|Cheers|(?:Many )?[Tt]hanks|Thank you|Love|LG|VG|Saludos|Abraços|Pozdrawiam"
_CLOSING = f"(?:{_FORMAL}|{_CASUAL})"
_INTRODUCED = (
    r"[Mm]y name is|[Mm]y name's|[Mm]ein Name ist|[Ii]ch heiße|[Jj]e m['’]appelle|[Mm]e llamo|[Mm]eu nome é"
    r"|[Mm]i chiamo|[Mm]eня зовут|[Nn]azywam się"
)
_HAN_TITLE = "先生|女士|小姐|太太|医生|大夫|老师|教授|律师|经理|师傅|护士|博士"
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž]|[А-ЯЁ])"
_WORD = rf"(?:(?:O|D|L)['’])?{_CAPITAL}(?:[^\W\d_]|['’](?=[^\W\d_]{{2}}))*(?:-{_CAPITAL}[^\W\d_]*)*"
_PART = rf"(?:{_CAPITAL}\.(?=[ ])|{_WORD})"
_SMALL = r"(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|zu|ter)[ ]){0,2}"
_NAME = rf"{_SMALL}{_PART}(?:[ ]{_SMALL}{_PART}){{0,3}}"
_TITLED = re.compile(rf"(?<![\w.-])(?P<mark>(?:{_TITLE}))[ ]{{1,2}}(?:(?:{_TITLE})[ ]{{1,2}}){{0,3}}(?P<name>{_NAME})")
_GREETED = re.compile(
    rf"(?:^|(?<=[.!?\"“,:>]))[ \t>]{{0,8}}(?P<mark>{_GREETING})[ ]+(?P<name>{_NAME})"
    r"(?=[ ]?[,!:;.\n]|[ ]?[-–—][ ]|[ ]*$)",
    re.MULTILINE,
)
_SIGNED = re.compile(
    rf"(?<!\w)(?P<mark>{_CLOSING})(?P<gap>[ ]?[,.!;–—-]?[ ]{{0,8}}(?:\r?\n\s{{0,8}}|[ ](?=\w)))"
    rf"(?P<name>{_NAME})(?=[ ]?(?:[\r\n,.]|$))"
)
_TOLD = re.compile(rf"(?<!\w)(?P<mark>{_INTRODUCED}) (?P<name>{_NAME})")
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯"
_CHINESE = re.compile(rf"(?P<name>(?:{_DOUBLE}|[{SURNAMES}])[{HAN}]{{0,2}}?)(?:{_HAN_TITLE})")
_CHINESE_TOLD = re.compile(
    rf"我(?:叫|的名字[是叫]|姓名是)(?P<name>(?:{_DOUBLE}|[{SURNAMES}])[{HAN}]{{1,2}})(?![{HAN}])"
)
_BEFORE = "和与跟同给找问请的叫是到对让为由向谢感把被在有及或、我你他她见约陪帮遇"  # a name may follow these
_BEGINS_LIKE_A_NAME = """
    任何 任课 任职 高级 高中 高等 高三 高二 高一 方便 方面 马上 于是 金融 金牌 江苏 江西 石油 黄金 白天 夏天 万一
    何时 何种 程序 钟点 雷达 陆军 许多 严格 武术 武警 康复 常务 田径 龙头 钱多 方言 方案 范文 余下 安全 贺卡
    主治 毛线 萧山
    王牌 王国 史学 文学 林业 汤姆 叶片 杜绝 宋代 唐代 魏晋 夏令 江南 江北 金发 白发 白衣 姜黄 于此
"""
_NO_SURNAME = tuple(_BEGINS_LIKE_A_NAME.split())  # words, before a title
_THINGS_LIST = """
    right price clean bean robot wonderful perfect nice big fix money muscle coffee pepper martens oetker scholl who
    no love universe america world usa word office excel access windows project holle ober potato fixit new pacman
"""
_THINGS = frozenset(_THINGS_LIST.split())  # that have a title in their name: Mr. Right, Dr. Pepper
_GROUPS_LIST = """
    customer customers client clients sir sirs madam team all everyone everybody colleague colleagues friend friends
    guest guests support service services sales department management hiring reader readers user users member members
    diary lord god santa valued mom mum dad mother father folks there again kitty doctor professor teacher student
    students kunde kunden kundin damen herren kollegen freunde zusammen leute kundenservice kundendienst gmbh inc ltd
    llc corp company ag group bank hotel bundle shop store online staff reception amazon google apple microsoft tous
    toutes todos todas amigos cliente monsieur madame señor señora frau herr mr mrs ms miss dr prof president speaker
    chairman chairwoman minister secretary director ambassador mayor manager editor doktor пользователь клиент коллеги
"""
_GROUPS = frozenset(_GROUPS_LIST.split())  # that letters are written to and signed by
_STARTERS_LIST = """
    the your our a an this that it and so but for from to in on at i we you he she they my his her was is are sent
    thanks thank regards best please if when what der die das ihr ihre sie wir ich und vielen bitte le la les votre el
    los su not also very just good great bad english german french spanish monday tuesday wednesday thursday friday
    saturday sunday january february september october november december
"""
_STARTERS = frozenset(_STARTERS_LIST.split())  # of a next sentence
_PATRONYMIC = re.compile("(?:вич|вна|чна)$")
_STREET = re.compile(r"(?<!\d)\d++ (?:[A-Z]\w*+ ?){1,3}$")
_FELT = re.compile(r"(?:\b[IWYTiwyt](?:e|ou|hey)?|'ll|\b(?:to|will|really|still|not|[Dd]on't|would))$")
MAYBE = "|".join(
    [
        r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Dott|Sig|Hr|Sra?|Srta)\.? |(?:Miss|Doctor|Herrn?|Frau|Mme|Mlle) ",
        r"(?:Professor|Monsieur|Madame|Mademoiselle|Señor|Señora|Señorita|Senhora?|Signora?|Signorina|Pani) ",
        r"(?:г-н|г-жа|осподин|оспожа) ",
        rf"(?:{_GREETING})[ ]+[^\s\d]",
        rf"{_CLOSING}[ ]?[,.!;–—-]?\s+[^\s\d]",
        _INTRODUCED,
        _HAN_TITLE,
        "我叫|我的名字|我姓名",
    ]
)  # for a first look at a whole column, in the syntax that Rust's regex and Python's share


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand in a text that a mark tells; the title before a name is not part of it.

    Examples
    --------
    >>> [text[start:end] for text in ["Dear Mrs Jane Smith, thank you."] for start, end in names(text)]
    ['Jane Smith']
    >>> list(names("Dear Customer, Mr. Right is on sale."))
    []
    """
    for pattern, kept in _MARKED:
        for match in pattern.finditer(text):
            if name := kept(match):
                yield match.start("name"), match.start("name") + len(name)
    yield from _chinese(text)


def _titled(match: re.Match[str]) -> str:
    """The name behind a title, up to where a sentence goes on; empty where it is a street, a brand or a feeling."""
    before = match.string[max(0, match.start() - 40) : match.start()].rstrip()
    if match["mark"].startswith("Dr") and _STREET.search(before):
        return ""
    if match["mark"] == "Miss" and _FELT.search(before):
        return ""
    words = match["name"].split(" ")
    low = [word.strip(".").lower() for word in words]
    if low[0] in _THINGS or low[0] in _GROUPS:
        return ""
    ends = [place for place, word in enumerate(low) if words[place][0].isupper() and word in _STARTERS | _GROUPS]
    return _to_last_name(words[: min(ends, default=len(words))])


def _greeted(match: re.Match[str]) -> str:
    """The name that a letter begins with, if it is a well-known one."""
    return match["name"] if _is_well_known(match["name"]) else ""


def _signed(match: re.Match[str]) -> str:
    """The name that a letter ends with: on a line of its own below a formal closing, or a well-known one."""
    own_line = "\n" in match["gap"] and re.fullmatch(_FORMAL, match["mark"])
    several = len(match["name"].split(" ")) > 1 and not match["name"].isupper()
    plain = own_line and several and not _belongs_to_none(match["name"])
    return match["name"] if plain or _is_well_known(match["name"]) else ""


def _told(match: re.Match[str]) -> str:
    return _to_last_name([word for word in match["name"].split(" ") if word.lower() not in _STARTERS])


def _to_last_name(words: list[str]) -> str:
    """Without small words at the end, which belong to the sentence, and nothing if it has but initials."""
    while words and not words[-1][0].isupper():
        words = words[:-1]
    return " ".join(words) if any(len(word.strip(".")) > 1 and word[0].isupper() for word in words) else ""


def _belongs_to_none(name: str) -> bool:
    words = [word.strip(".").lower() for word in name.split(" ")]
    return words[0] in _THINGS or any(word in _GROUPS | _STARTERS for word in words if word not in ("la", "le", "el"))


def _is_well_known(name: str) -> bool:
    known = any(word.lower() in GIVEN for word in name.split(" ")) or bool(_PATRONYMIC.search(name))
    return known and not _belongs_to_none(name)


_MARKED = ((_TITLED, _titled), (_GREETED, _greeted), (_SIGNED, _signed), (_TOLD, _told))


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    while match := _CHINESE.search(text, place):
        start, name = match.start("name"), match["name"]
        before = text[start - 1 : start]
        free = not before or not begins_with_han(before) or before in _BEFORE
        if free and not name.startswith(_NO_SURNAME) and not name.endswith(("的", "位", "了", "们")):
            yield match.span("name")
            place = match.end()
        else:
            place = start + 1
    for match in _CHINESE_TOLD.finditer(text):
        yield match.span("name")
