"""Names of people: by what a column is called and what its values look like. Those inside of texts are not found."""

from __future__ import annotations

import re

import pandas as pd

MOSTLY = 0.8  # of the values must look like a name where the column says that it holds names of people
SOME_KNOWN = 0.2  # of them must hold a well-known name where the column may hold names of anything
_WHO = (
    r"customer|client|patient|employee|contact|person|passenger|user|student|teacher|owner|member|guest|author|reviewer"
    r"|sender|recipient|manager|agent|doctor|driver|applicant|candidate|player|participant|spouse|father|mother|child"
)
_CERTAIN = re.compile(
    rf"^((first|last|middle|given|family|maiden|full|sur|fore)[ _-]?names?|({_WHO})s?[ _-]?(full[ _-]?)?names?"
    r"|vorname|nachname|familienname|vor- und nachname|prénom|prenom|nom de famille|apellidos?|cognome|imi[eę]|nazwisko"
    r"|sobrenome|.*姓名|名字|联系人|收件人|寄件人)$",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(rf"^(names?|nom|nombre|nome|naam|namn|autor|kunde|mitarbeiter|{_WHO})$", re.IGNORECASE)
_SHAPED = re.compile(r"^[^\W\d_](?:[^\W\d_]|[ .,'’\-()\"]){0,80}$")
_CHINESE = re.compile(r"^[㐀-鿿]{2,4}$|^[㐀-鿿]{1,8}·[㐀-鿿·]{1,12}$")
_HAN = re.compile("[㐀-鿿]")
_WORD = re.compile(r"[^\W\d_]+")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "señor", "señora", "sr", "sra"})
_LIST = """
    james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank
    raymond jack dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle noah ethan jeremy walter
    christian keith roger terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie
    gabriel logan mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
    margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon
    laura cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha katherine christine helen
    debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly
    christina joan evelyn judith andrea hannah megan alice jean sophia grace julia ann anne jane oliver harry
    charlie fred owen florence hans wolfgang klaus jürgen stefan andreas uwe bernd martin jörg lukas jonas leon finn
    felix maximilian ursula sabine monika petra claudia birgit gabriele heike susanne katrin lena lea mia greta karl
    heinz jan lars sven nils ole erik björn anders gustav ingrid astrid karin eva elsa pierre michel philippe alain
    bernard jacques françois nicolas julien antoine louis marie nathalie isabelle sophie camille chloé juan carlos
    luis jorge miguel ángel manuel francisco antonio javier pablo diego carmen josefa isabel ana lucía marta elena
    giuseppe giovanni mario luigi marco francesco giulia chiara sara paolo lorenzo joão pedro paulo tiago rafael
    beatriz piotr krzysztof andrzej tomasz paweł michał marcin agnieszka katarzyna małgorzata ewa magdalena ivan
    dmitri sergei alexei natasha olga tatiana svetlana mohammed muhammad ahmed ali hassan omar fatima aisha yusuf
    mehmet mustafa ayşe raj amit rahul priya sanjay anil sunita wei li ming hiroshi yuki
"""
_GIVEN = frozenset(_LIST.split())


def are_names(column: str, values: pd.Series) -> bool:
    """Whether a column holds names of people.

    Parameters
    ----------
    column : str
        What it is called.
    values : Series of str
        Some of its filled cells.

    Examples
    --------
    >>> are_names("first_name", pd.Series(["Ada", "Grace", "Alan"]))
    True
    >>> are_names("name", pd.Series(["Toyota Corolla", "Ford Fiesta"]))
    False
    """
    certain = bool(_CERTAIN.match(column.strip()))
    if not len(values) or not (certain or _POSSIBLE.match(column.strip())):
        return False
    shaped = values.map(_looks_like_one)
    if shaped.mean() < MOSTLY:
        return False
    return certain or bool(values.map(_well_known).mean() >= SOME_KNOWN)


def _looks_like_one(value: str) -> bool:
    """A few words in capitals without a digit, or two to four Chinese characters."""
    value = value.strip()
    if _HAN.search(value):
        return bool(_CHINESE.match(value))
    words = _WORD.findall(value)
    small = sum(word[0].islower() for word in words)  # von, de, bin
    return bool(_SHAPED.match(value)) and 1 <= len(words) <= 10 and small <= len(words) / 2


def _well_known(value: str) -> bool:
    if _CHINESE.match(value.strip()):
        return value.strip()[0] in _SURNAMES
    words = {word.lower() for word in _WORD.findall(value)}
    return bool(words & _TITLES) or bool(words & _GIVEN)
