"""Forty short articles, written for this sample: topic and keywords, a summary, the text."""

ARTICLES = """
# travel | harbour bridge; repair; detour; ferry
> The harbour bridge closes for nine weeks in May so that two cracked joints can be repaired. Buses take a detour and
> cyclists a free ferry.
The harbour bridge will close for nine weeks from the first Monday in May. Engineers found cracks in two of the eight
steel joints during an inspection last autumn. Buses will take a detour through the old town, which adds about twelve
minutes. Cyclists can use a free ferry that runs every quarter of an hour. The city expects the repair to cost four
million and hopes that it will last for thirty years.

# travel | night train; sleeping cars; tickets
> A night train to the coast returns in June after eleven years. Its first month is nearly sold out.
After a gap of eleven years a night train will again run from the capital to the coast. It leaves at ten in the evening
and arrives in time for breakfast. The operator has bought eighteen used sleeping cars and fitted them with new beds.
Tickets for the first month, June, went on sale on Tuesday and nine out of ten are gone. If demand stays this high, the
train will run through the winter, too.

# travel | airport; security; scanners; bags
> New scanners have halved the queues at the airport, because bags no longer have to be unpacked.
Passengers at the regional airport no longer have to take bottles and computers out of their bags. Four new scanners
look into the bags from all sides and were put into service in March. Since then the average wait at security has
fallen from twenty-two to eleven minutes. The old machines were sold to a museum and a training school. A fifth scanner
will follow when the second hall opens next year.

# travel | mountain road; landslide; village
> A landslide has blocked the only road to a mountain village. Supplies come by helicopter until it is cleared.
Heavy rain has set off a landslide above the mountain road to Upper Fell. The road is the only way into the village,
where about three hundred people live. Nobody was hurt, but two parked cars were buried. A helicopter brings food and
medicine twice a day. Workers say that it will take at least ten days to clear the rocks, because the slope must first
be made safe with nets.

# travel | bicycles; helmets; tourists; island
> Tourists on the island can now rent bicycles by phone. The island hopes for fewer cars.
The island of Marren has put out two hundred bicycles that can be rented by phone. A ride of one hour costs as much as
a cup of coffee, and helmets hang at every station. The council hopes that tourists will leave their cars on the
mainland, where parking is free. In the first week the bicycles were used three thousand times. Shop owners near the
pier are pleased, but taxi drivers complain that they lose customers.

# travel | tram; line; strike; passengers
> Tram drivers strike for two days over night shifts. Only one line in three will run.
Tram drivers in the city will stop work on Thursday and Friday. Their union wants longer breaks between night shifts,
while the company says that it can't find enough staff. During the strike only one line in three will run, and none
after nine in the evening. Passengers with a monthly ticket get the money for both days back. Talks go on next Monday
with a judge who has settled two such disputes before.

# travel | hotel; lighthouse; guests
> A disused lighthouse has become a hotel with four rooms and no lift. It is booked out until autumn.
The lighthouse at Gull Point went dark twenty years ago and has now opened as a hotel. It has only four rooms, one above
the other, and guests climb ninety steps because there is no room for a lift. The family that bought it spent three
years on the work and kept the old lamp as a table. Breakfast comes up in a basket on a rope. All rooms are booked
until the end of September.

# travel | ferry; storm; cancelled
> A storm stopped all ferries for three days and left a thousand travellers waiting in the port.
All ferries between the islands were cancelled from Friday to Sunday because of a storm. Waves of seven metres were
measured at the harbour mouth. About a thousand travellers spent the nights in the port, where a school opened its gym
and cooks from nearby restaurants made soup. The first boat left on Monday morning with the sick and with families. The
company offers a free second crossing to everyone who had to wait.

# food | bakery; bread; cloth bags; plastic
> A bakery replaced plastic bags with cloth ones. Sales fell at first but recovered, and two other shops want to follow.
A bakery in the valley has stopped selling bread in plastic bags. Customers bring their own cloth bags or buy one at
the counter. In the first month sales fell by a tenth, but they have recovered since. The owner says that bread in
cloth stays fresh for longer. Two neighbouring shops are now planning to do the same.

# food | cheese; cellar; mould; prize
> A cheese that ripened by accident in a wet cellar has won a national prize.
The best cheese of the year was a mistake. A dairy in the hills forgot forty wheels in a wet cellar after a pipe had
burst. When they were found five months later, a grey mould had covered them and given them a taste of nuts. The judges
of the national prize put the cheese ahead of two hundred others. The dairy now keeps the cellar wet on purpose and
makes sixty wheels each month.

# food | school; vegetables; pupils
> A school cooks its own lunch with vegetables from local farms. Pupils eat more of it and less is thrown away.
For one year the school in Weir Street has cooked its own lunch instead of buying it ready-made. The vegetables come
from four farms nearby, and pupils of the eighth grade help to wash and cut them. Twice as many children now eat at
school. What is thrown away has fallen from thirty kilos a week to nine. A meal costs ten cents more than before, which
the parents agreed to pay.

# food | coffee; harvest; frost; prices
> Frost has destroyed a third of the coffee harvest, so coffee will cost more next year.
Three nights of frost in July have destroyed a third of the coffee harvest in the southern highlands. The trees were in
flower and can't bear fruit before the year after next. Traders expect that prices will rise by a quarter in the
coming months. Large roasters have stocks for half a year, small ones only for some weeks. Growers ask the government
for cheap loans in order to plant kinds that stand the cold.

# food | restaurant; robot; waiter; plates
> A restaurant uses robots to carry plates because it can't find waiters. Guests like them, but still want to order from
> people.
The restaurant at the central station has three robots that carry plates from the kitchen to the tables. The manager
could not find waiters for the evening shift and first rented one robot for a trial. Each of them walks about eleven
kilometres a day and says thank you in four languages. Guests find them funny, but nine out of ten still want to order
from a person. The waiters who are left earn the same tips as before.

# food | honey; beehives; roof; town hall
> Bees on the roof of the town hall made more honey than bees in the countryside.
Two years ago the town hall put six beehives on its roof. This summer each hive gave thirty kilos of honey, while hives
in the surrounding villages gave only eighteen. The beekeeper explains that parks and balconies flower from March to
October, whereas fields are green for a few weeks only. The honey is sold in small glasses at the market. The money
goes to a project that plants trees along streets.

# food | apples; orchards; varieties
> Volunteers have found twelve apple varieties that were thought lost, and now graft them for gardeners.
Volunteers have walked through old orchards along the river for three autumns and tasted thousands of apples. They
found twelve varieties that were thought to be lost. One of them, a yellow apple with a red cheek, keeps until April
without a cold store. Twigs of all twelve have been grafted onto young trees in the botanical garden. Gardeners can
order a tree from next spring if they promise to give twigs to others.

# food | fish market; ice; energy
> The fish market makes ice at noon from solar power and has halved its bill for electricity.
The fish market used to make ice at night, when power was cheap. Since the roof has been covered with solar panels, it
makes the ice at noon and keeps it in an insulated tank. The bill for electricity has fallen by half. On cloudy days a
small machine from the old plant helps. The market hall in the next town wants to copy the idea as soon as its roof has
been repaired.

# health | sleep; pupils; lessons
> A school that starts an hour later has pupils who sleep longer and are absent less often.
At one school in the north, lessons have started at nine instead of eight since last autumn. Doctors followed four
hundred pupils and found that they sleep forty minutes longer on average. Fewer are absent, and marks in mathematics
have become slightly better. Parents who start work early were worried at first, so the school opens its library at
seven. Two more schools will try the later start this year.

# health | clinic; waiting time; nurses
> Nurses who see patients first have cut the waiting time of a clinic by half.
The clinic on Mill Road had become known for long waits. Since January trained nurses see every patient first and treat
small injuries and colds themselves. Doctors are left with the difficult cases. The average waiting time has fallen
from ninety to forty-five minutes. A survey shows that patients are just as satisfied with nurses as with doctors.

# health | vaccine; malaria; children
> A malaria vaccine given before the rainy season protected three out of four children in a trial.
In a trial in four countries, children received a new malaria vaccine shortly before the rainy season. Three out of
four were protected through the whole season. Side effects were mild and mostly a fever that went away after a day. The
vaccine needs three doses and can be kept in a common refrigerator. Health workers warn that nets over the beds stay
necessary, since the protection is not complete.

# health | runners; knees; pain
> A study of older runners found that running does not wear out the knees.
Researchers have examined the knees of six hundred people over fifty, half of them runners. After ten years the knees
of the runners were no more worn than those of the others. Those who ran up to thirty kilometres a week even had less
pain. Only people with an earlier injury had more trouble when they ran. The researchers advise beginners to start
slowly and to choose soft ground.

# health | hospital; alarms; ward
> A hospital turned off alarms that need no action, and patients now sleep better.
In the intensive care ward of the university hospital, an alarm used to sound every two minutes. A team listened for a
month and found that eight out of ten alarms needed no action at all. These now only flash on a screen. The ward has
become quieter, and patients sleep an hour longer each night. Not a single important alarm was missed in the first
half-year.

# health | allergies; pollen; forecast
> A phone forecast of pollen for each street helps people with allergies to plan their day.
A new forecast tells people with allergies how much pollen is in the air of their own street. It combines a map of all
city trees with the wind of the coming hours. In a test with nine hundred users, those who had the forecast took a
third fewer tablets. They went for walks at other times or chose other ways. The forecast is free, and the city pays
for the measuring stations.

# health | dentist; sugar; drinks; tax
> Since sweet drinks have been taxed, children have fewer bad teeth.
Five years ago the country put a tax on drinks with much sugar. Makers reacted by using less sugar, and sales of sweet
drinks have fallen by a fifth. Dentists now report that children have fewer bad teeth than before the tax. The effect
is strongest in poor districts. Critics say that fruit juice, which is not taxed, has just as much sugar.

# health | choir; lungs; patients
> Singing in a choir helps people with weak lungs to breathe and to climb stairs.
Once a week forty people with weak lungs meet to sing in a church hall. A doctor started the choir to make breathing
exercises less boring. After six months the singers could hold their breath for longer and climbed two more flights of
stairs than patients who only took medicine. Most of them say that the company matters as much as the singing. The
health insurance has agreed to pay for three more choirs.

# technology | battery; salt; storage; power
> A village stores its solar power in a battery made of salt, which is heavy but can't burn.
The village of Lower Marsh now stores its solar power in a battery that is based on salt. It fills a container behind
the fire station and can supply all houses for five hours. Salt batteries are heavy, but they can't burn and need no
rare metals. The battery cost a third less than one of the usual kind. If it lasts through two winters, six other
villages want to buy one.

# technology | satellite; forest fires; warning
> A small satellite now finds forest fires within ten minutes and has already given useful warnings.
A satellite no larger than a shoe box has been looking for forest fires since April. It sees heat from five hundred
kilometres up and warns fire brigades within ten minutes. In its first summer it found sixty fires, four of which
nobody else had noticed. False alarms came mainly from steel works and were filtered out later. Seven more satellites
are to follow, so that every forest is seen once an hour.

# technology | password; passkey; bank
> A bank has replaced passwords by passkeys, and fraud has fallen sharply.
The savings bank has abolished passwords for its customers. They sign in with a passkey that lies in their phone and is
opened by a fingerprint. In the first year the number of fraud cases fell from four hundred to thirty. Older customers
were helped at the counter, and those without a phone got a small key for the computer. Two other banks have said that
they will follow.

# technology | translation; headset; museum
> A museum gives visitors headsets that translate its guided tours into thirty languages.
The maritime museum offers guided tours in thirty languages at once. Visitors wear a headset that translates what the
guide says with a delay of two seconds. A test showed that jokes are lost, but facts and dates are almost always right.
The guides had to learn to speak in shorter sentences. Since the headsets came, the number of foreign visitors has
doubled.

# technology | robot; harvest; strawberries
> A robot picks strawberries at night almost as carefully as people do, but it is slower.
On a farm in the east a robot picks strawberries at night. Cameras tell it which fruits are ripe, and soft fingers turn
them off the stalk. It damages four fruits in a hundred, people damage three. A person is still twice as fast, but the
robot works for twelve hours without a break. The farmer rents it because he finds fewer workers each year.

# technology | phones; repair; law
> A new law makes makers sell spare parts for phones for seven years, and repair shops welcome it.
Makers of phones must sell spare parts for seven years from next January. The law also says that a battery must be
replaceable with common tools. Repair shops welcome it and expect a third more work. Makers warn that phones will
become thicker and less safe against water. A consumer group has calculated that a family can save ninety a year if it
keeps its phones two years longer.

# technology | bridge; sensors; vibration
> Sensors that listen to a bridge's vibrations can tell when a cable becomes loose.
Students have glued forty sensors to the railway bridge near the campus. The sensors feel how the bridge shakes when a
train passes. When a cable becomes loose, the bridge shakes more slowly, long before anything can be seen. In a test
the sensors found a loosened screw within a day. The railway company wants to fit twelve old bridges with them.

# technology | video; courts; judges
> Courts that hold hearings by video finish cases sooner, but people without a good connection are at a disadvantage.
Since spring smaller cases can be heard by video in three courts. They are finished after five weeks on average instead
of nine. Lawyers save travel and judges can hear more cases in a day. A report warns that people with a bad connection
are understood less well and lose more often. The courts will therefore set up rooms with good equipment in libraries.

# nature | wolves; sheep; dogs; fences
> Dogs and fences have made wolves kill fewer sheep, although there are more wolves.
The number of wolves in the eastern hills has doubled within four years. Yet they killed fewer sheep last year than
before. Shepherds now keep large white dogs with their flocks and put up electric fences at night. The state pays for
eight tenths of the cost. Small farms say that feeding the dogs through the winter is still too expensive for them.

# nature | river; salmon; dam; ladder
> Salmon are back in the upper river after sixty years, because a dam was taken down.
For the first time in sixty years salmon have been seen in the upper part of the river. An old dam was taken down two
years ago, and a ladder for fish was built beside a second one. Cameras counted two hundred and ten salmon this
October. Anglers must put them back until there are a thousand. Scientists are surprised at how fast the fish found the
way.

# nature | storks; nests; chimney
> Storks have settled in a village that built wooden nests after a chimney fell.
When the chimney of the old brickworks fell, the storks of Reed Village lost their only nest. People put up five wooden
wheels on poles without knowing whether the birds would accept them. This spring four of the wheels are occupied and
nine young storks have hatched. A camera shows one of the nests on the internet. Meadows along the stream are now mown
later, so that the storks find frogs.

# nature | trees; water; rain; street
> Neighbours who water street trees saved nearly all of them in the drought.
It has rained on only four days since May. The city can't water all of its forty thousand street trees, so it asked for
help. Six thousand people adopted a tree near their home and gave it ten buckets a week. Of these trees only one in a
hundred died, of the others one in twelve. The city now puts up more pumps and will ask earlier next year.

# nature | seagrass; coast; divers
> Divers plant seagrass that protects the coast, and two thirds of it has survived the first winter.
Along the southern coast divers are planting seagrass by hand. The meadows slow down the waves, store carbon and
shelter young fish. Anchors, nets and dirty water had destroyed most of them. Two thirds of the first
twenty thousand plants have survived the winter. The project needs another five years and looks for people who can
dive.

# nature | hedgehogs; fences; hole
> A town cuts small holes into garden fences so that hedgehogs can move about, and more of them are seen.
Hedgehogs walk up to two kilometres each night, but fences stop them. In the town of Elmsford neighbours have cut a hole
the size of a hand into every fence of twelve streets. After one year twice as many hedgehogs were counted. Children
drew a map of the paths and put up signs for drivers. The only complaint came from a man whose small dog got out.

# nature | glacier; lake; flood; pump
> A lake that grew under a glacier is being pumped out before it can flood the valley.
A lake has formed behind the tongue of the White Glacier. If its wall of ice breaks, the water could flood two villages
in the valley. Engineers have flown in pumps and drilled a tunnel of two hundred metres. The lake has sunk by nine
metres since July and is now considered safe for this year. As the ice keeps melting, the work will have to be done
every summer.

# nature | lamps; insects; amber
> Street lamps with amber light attract far fewer insects, so the district is replacing all of them.
White street lamps attract insects, which circle until they die. A district in the west has replaced half of its lamps
by ones that shine amber and only downwards. Traps below them caught three quarters fewer insects. Residents say that
they sleep better, while some drivers find the streets too dark. After a vote the other half of the lamps will be
replaced as well.
"""
