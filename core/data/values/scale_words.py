"""Words of ordered scales in several languages, the lowest first; bars stand between words of one level."""

from __future__ import annotations

_WRITTEN = """
lowest < very low < low < medium low < medium|middle|moderate|mid|average|normal < medium high < high < very
    high < highest|critical ;
none < minimal < mild|minor|slight < moderate < severe|major < very severe|critical|extreme ;
trivial < minor < normal|medium < major < critical < blocker ;
lowest < low < medium < high < highest < critical < urgent ;
low < normal < high < urgent < critical ;
xxs < xs|x-small|extra small < s|small < m|medium < l|large < xl|x-large|extra large < xxl|2xl < xxxl|3xl ;
tiny < small < medium < large < huge|very large ;
strongly disagree < disagree < somewhat disagree < neutral|neither agree nor disagree|neither < somewhat agree
    < agree < strongly agree ;
very dissatisfied|very unsatisfied < dissatisfied|unsatisfied < somewhat dissatisfied < neutral|neither
    satisfied nor dissatisfied < somewhat satisfied < satisfied < very satisfied ;
very unlikely < unlikely < neutral|neither < likely < very likely ;
never < rarely|seldom < sometimes|occasionally < often|frequently < usually < always ;
very poor|terrible < poor|bad < fair|average|ok|okay < good < very good < excellent ;
awful < bad < neutral < good < great < excellent ;
poor < below average < average < above average < good < very good < excellent|ideal ;
fair < good < very good < premium < ideal ;
not at all < slightly|a little < somewhat < moderately < very|a lot < extremely ;
beginner < elementary < intermediate < advanced < expert|proficient ;
junior < mid|middle < senior < lead < principal ;
free < basic < standard < plus < premium|pro < enterprise ;
bronze < silver < gold < platinum < diamond ;
first|1st < second|2nd < third|3rd < fourth|4th ;
primary < secondary < tertiary ;
no education < primary school < middle school < high school < some college < associate|associate's|associate
    degree < bachelor|bachelor's|bachelors|bachelor degree < master|master's|masters|master degree <
    phd|doctorate|doctoral ;
monday|mon < tuesday|tue < wednesday|wed < thursday|thu < friday|fri < saturday|sat < sunday|sun ;
jan|january < feb|february < mar|march < apr|april < may < jun|june < jul|july < aug|august < sep|september <
    oct|october < nov|november < dec|december ;
sehr niedrig < niedrig|gering < mittel < hoch < sehr hoch ;
nie < selten < manchmal|gelegentlich < oft|häufig < immer ;
ungenügend < mangelhaft < ausreichend < befriedigend < gut < sehr gut ;
stimme gar nicht zu < stimme nicht zu < neutral|teils/teils < stimme zu < stimme voll zu|stimme völlig zu ;
très faible < faible|bas|basse < moyen|moyenne < élevé|élevée|haut < très élevé ;
jamais < rarement < parfois < souvent < toujours ;
muy bajo|muy baja < bajo|baja < medio|media < alto|alta < muy alto|muy alta ;
nunca < raramente|casi nunca < a veces|às vezes < a menudo|frequentemente < siempre|sempre ;
molto basso < basso|bassa < medio|media < alto|alta < molto alto ;
muito baixo < baixo|baixa < médio|média < alto|alta < muito alto ;
很低|极低 < 低 < 较低 < 中|中等|一般 < 较高 < 高 < 很高|极高 ;
很差|非常差 < 差|较差 < 一般|中|中等 < 好|较好|良|良好 < 很好|非常好|优|优秀 ;
非常不满意|很不满意 < 不满意 < 一般 < 满意 < 非常满意|很满意 ;
非常不同意 < 不同意 < 一般|中立 < 同意 < 非常同意 ;
从不 < 很少 < 有时 < 经常 < 总是 ;
小 < 中 < 大 < 特大 ;
小学 < 初中 < 高中 < 大专|专科 < 本科 < 硕士 < 博士 ;
低い < 普通 < 高い ;
"""
SCALES = tuple(
    tuple(level.strip() for level in " ".join(scale.split()).split(" < "))
    for scale in _WRITTEN.split(";")
    if scale.strip()
)
