"""Words of ordered scales in several languages, the lowest first; bars stand between words of one level."""

from __future__ import annotations

_WRITTEN = """
lowest < very low < low < medium low < medium|middle|moderate|mid|average|normal < medium high < high < very high <
    highest|critical ;
none < minimal < mild|minor|slight < moderate < severe|major < very severe|critical|extreme ;
trivial < minor < normal|medium < major < critical < blocker ;
lowest < low < medium < high < highest < critical < urgent ;
low < normal < high < urgent < critical ;
xxxs|3xs < xxs|2xs < xs|x-small|extra small < s|small < m|medium < l|large < xl|x-large|extra large <
    xxl|2xl|xx-large < xxxl|3xl < xxxxl|4xl < 5xl < 6xl ;
negative|neg|neg.|-|− < trace|traces|tr|± < +|1+|(+) < ++|2+ < +++|3+ < ++++|4+ ;
tiny < small < medium < large < huge|very large ;
strongly disagree < disagree < somewhat disagree < neutral|neither agree nor disagree|neither < somewhat agree <
    agree < strongly agree ;
very dissatisfied|very unsatisfied < dissatisfied|unsatisfied < somewhat dissatisfied < neutral|neither satisfied
    nor dissatisfied < somewhat satisfied < satisfied < very satisfied ;
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
no education < primary school < middle school < high school < some college < associate|associate's|associate degree
    < bachelor|bachelor's|bachelors|bachelor degree < master|master's|masters|master degree < phd|doctorate|doctoral
    ;
kein abschluss|ohne abschluss < hauptschule|hauptschulabschluss < realschule|realschulabschluss|mittlere reife <
    abitur|fachabitur < bachelor < master|diplom < promotion|doktor ;
licenza elementare < licenza media < diploma|diploma superiore < laurea triennale < laurea|laurea magistrale <
    dottorato|dottorato di ricerca ;
monday|mon < tuesday|tue < wednesday|wed < thursday|thu < friday|fri < saturday|sat < sunday|sun ;
jan|january < feb|february < mar|march < apr|april < may < jun|june < jul|july < aug|august < sep|september <
    oct|october < nov|november < dec|december ;
sehr niedrig < niedrig|gering < mittel < hoch < sehr hoch ;
nie < selten < manchmal|gelegentlich < oft|häufig < immer ;
sehr gering < gering < mittel|mäßig < groß|stark < sehr groß|sehr stark ;
überhaupt nicht|gar nicht < kaum < etwas|teilweise < ziemlich|überwiegend < sehr|vollständig ;
ungenügend < mangelhaft < ausreichend < befriedigend < gut < sehr gut ;
stimme gar nicht zu|stimme überhaupt nicht zu|stimme absolut nicht zu < stimme nicht zu|lehne ab < stimme eher nicht
    zu < neutral|teils/teils|teils teils|teils, teils|unentschieden|weder noch|stimme teilweise zu < stimme eher zu
    < stimme zu < stimme voll zu|stimme völlig zu|stimme voll und ganz zu|stimme stark zu ;
trifft gar nicht zu|trifft überhaupt nicht zu < trifft nicht zu < trifft eher nicht zu|trifft kaum zu <
    teils/teils|teils teils|neutral|trifft teilweise zu|weder noch < trifft eher zu < trifft zu < trifft voll
    zu|trifft völlig zu|trifft voll und ganz zu ;
sehr unzufrieden < unzufrieden < eher unzufrieden < neutral|teils/teils|weder noch < eher zufrieden < zufrieden <
    sehr zufrieden ;
sehr schlecht < schlecht < mittelmäßig|mittel|befriedigend|okay < gut < sehr gut < ausgezeichnet|hervorragend ;
sehr unwahrscheinlich < unwahrscheinlich < neutral < wahrscheinlich < sehr wahrscheinlich ;
pas du tout d'accord|pas du tout d’accord|tout à fait en désaccord < pas d'accord|pas d’accord|en désaccord < plutôt
    pas d'accord|plutôt pas d’accord|plutôt en désaccord < neutre|ni d'accord ni pas d'accord|ni en accord ni en
    désaccord|ni d'accord, ni pas d'accord|sans opinion < plutôt d'accord|plutôt d’accord|plutôt en accord <
    d'accord|d’accord|en accord < tout à fait d'accord|tout à fait d’accord|entièrement d'accord ;
très insatisfait|très insatisfaite|pas du tout satisfait|pas du tout satisfaite < insatisfait|insatisfaite|plutôt
    insatisfait|peu satisfait < neutre|ni satisfait ni insatisfait < plutôt satisfait|assez satisfait <
    satisfait|satisfaite < très satisfait|très satisfaite ;
très mauvais|très mauvaise < mauvais|mauvaise < moyen|moyenne|passable|correct < bon|bonne < très bon|très bonne <
    excellent|excellente ;
pas du tout < un peu|peu < moyennement|assez < beaucoup < énormément|extrêmement ;
totalmente en desacuerdo|muy en desacuerdo|completamente en desacuerdo < en desacuerdo < algo en desacuerdo <
    neutral|ni de acuerdo ni en desacuerdo|indiferente < algo de acuerdo < de acuerdo < totalmente de acuerdo|muy de
    acuerdo|completamente de acuerdo ;
muy insatisfecho|muy insatisfecha < insatisfecho|insatisfecha < neutral|ni satisfecho ni insatisfecho|indiferente <
    satisfecho|satisfecha < muy satisfecho|muy satisfecha ;
muy malo|muy mala|muy mal|pésimo < malo|mala|mal < regular < bueno|buena|bien < muy bueno|muy buena|muy bien <
    excelente ;
nada < poco < algo|regular < bastante < mucho < muchísimo ;
per niente d'accordo|per nulla d'accordo|totalmente in disaccordo|fortemente in disaccordo|completamente in
    disaccordo < in disaccordo|non d'accordo|poco d'accordo < abbastanza in disaccordo|piuttosto in disaccordo < né
    d'accordo né in disaccordo|neutrale|indifferente|incerto < abbastanza d'accordo|piuttosto d'accordo <
    d'accordo|molto d'accordo < totalmente d'accordo|completamente d'accordo|del tutto d'accordo|fortemente
    d'accordo ;
molto insoddisfatto|molto insoddisfatta|per niente soddisfatto < insoddisfatto|insoddisfatta|poco soddisfatto < né
    soddisfatto né insoddisfatto|neutrale|indifferente < abbastanza soddisfatto|abbastanza soddisfatta <
    soddisfatto|soddisfatta < molto soddisfatto|molto soddisfatta ;
per niente|per nulla < poco < abbastanza < molto < moltissimo|del tutto ;
mai < raramente|quasi mai < a volte|qualche volta|talvolta < spesso < sempre|quasi sempre ;
pessimo|pessima < scarso|scarsa|insufficiente < mediocre < sufficiente < discreto|discreta < buono|buona <
    ottimo|ottima < eccellente ;
discordo totalmente|discordo completamente|discordo plenamente < discordo < discordo parcialmente|discordo em parte
    < neutro|nem concordo nem discordo|não concordo nem discordo|indiferente < concordo parcialmente|concordo em
    parte < concordo < concordo totalmente|concordo completamente|concordo plenamente ;
muito insatisfeito|muito insatisfeita < insatisfeito|insatisfeita < neutro|indiferente|nem satisfeito nem
    insatisfeito < satisfeito|satisfeita < muito satisfeito|muito satisfeita ;
péssimo|muito ruim|muito mau < ruim|mau < regular|razoável < bom|boa < muito bom|muito boa < ótimo|ótima|excelente ;
helemaal niet mee eens|helemaal mee oneens|zeer mee oneens|volledig mee oneens < niet mee eens|mee oneens|oneens <
    enigszins mee oneens < neutraal|niet mee eens, niet mee oneens|niet eens, niet oneens|niet eens/niet oneens <
    enigszins mee eens < mee eens|eens < helemaal mee eens|zeer mee eens|volledig mee eens ;
zeer ontevreden < ontevreden < neutraal|niet tevreden, niet ontevreden < tevreden < zeer tevreden ;
zeer slecht < slecht|onvoldoende < matig|redelijk < voldoende < goed|ruim voldoende < zeer goed < uitstekend ;
nooit < zelden < soms < vaak < altijd ;
zeer laag < laag < gemiddeld|middel < hoog < zeer hoog ;
zdecydowanie się nie zgadzam|zdecydowanie nie < nie zgadzam się|raczej się nie zgadzam|raczej nie < trudno
    powiedzieć|ani tak, ani nie|nie mam zdania < raczej się zgadzam|zgadzam się|raczej tak < zdecydowanie się
    zgadzam|zdecydowanie tak ;
nigdy < rzadko < czasami|czasem < często < zawsze ;
très faible < faible|bas|basse < moyen|moyenne < élevé|élevée|haut < très élevé ;
jamais < rarement < parfois < souvent < toujours ;
muy bajo|muy baja < bajo|baja < medio|media < alto|alta < muy alto|muy alta ;
nunca < raramente|casi nunca < a veces|às vezes < a menudo|frequentemente < siempre|sempre ;
molto basso < basso|bassa < medio|media < alto|alta < molto alto ;
muito baixo < baixo|baixa < médio|média < alto|alta < muito alto ;
很低|极低 < 低 < 较低 < 中|中等|一般 < 较高 < 高 < 很高|极高 ;
很差|非常差 < 差|较差 < 一般|中|中等 < 好|较好|良|良好 < 很好|非常好|优|优秀 ;
非常不满意|很不满意|十分不满意 < 不满意|不太满意 < 比较不满意 < 一般|中立 < 比较满意|基本满意|较满意 < 满意 <
    非常满意|很满意|十分满意 ;
非常不同意|完全不同意|强烈不同意 < 不同意 < 不太同意|比较不同意|有点不同意 < 一般|中立|不确定 < 有点同意|比较同意 <
    同意 < 非常同意|完全同意|强烈同意 ;
非常不符合|完全不符合 < 不符合|比较不符合|不太符合 < 一般|不确定 < 符合|比较符合 < 非常符合|完全符合 ;
从不|从来没有 < 很少|偶尔 < 有时 < 经常 < 总是|一直 ;
非常不满 < 不满 < 普通 < 满足 < 非常满足 ;
小 < 中 < 大 < 特大 ;
小学 < 初中 < 高中 < 大专|专科 < 本科 < 硕士 < 博士 ;
低い < 普通 < 高い ;
"""
SCALES = tuple(
    tuple(level.strip() for level in " ".join(scale.split()).split(" < "))
    for scale in _WRITTEN.split(";")
    if scale.strip()
)
