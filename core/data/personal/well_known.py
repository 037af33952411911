"""Frequent given names of many languages, and Chinese surnames. Only words."""

from __future__ import annotations

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
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
GIVEN = frozenset(_LIST.split())
