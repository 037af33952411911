"""Fifteen short documents about things that don't exist, and two questions about each."""

DOCUMENTS = """
# Kettle Harbour
Kettle Harbour was founded in 1782 by fishermen from the northern islands. Its lighthouse is 31 metres high and was
painted green after the storm of 1911. The town has 4,300 inhabitants. Most of them work in the cannery, which packs
herring in mustard. On the last Sunday of August a boat made of paper is burned on the beach.
? When was Kettle Harbour founded? | 1782
? What colour is the lighthouse of Kettle Harbour? | green

# The Orlin clock
The Orlin clock was built by the watchmaker Berta Haas in her kitchen. It needs to be wound only once in nine years.
Its pendulum swings under a glass floor in the museum of Dorn. The clock loses about two seconds in a month. A copy
stands in the railway station of Vell.
? Who built the Orlin clock? | Berta Haas
? Where does the copy of the Orlin clock stand? | the railway station of Vell

# Lake Sorrel
Lake Sorrel is fed by seven streams and drained by a single river, the Tamm. At its deepest point it measures 212
metres. Because of its copper the water looks red at sunset. Motor boats have been forbidden since 1996. The lake
freezes over about once in twelve years.
? Which river drains Lake Sorrel? | the Tamm
? How deep is Lake Sorrel? | 212 metres

# The Pemberley loom
The Pemberley loom weaves cloth from nettles. Nettle fibres are soaked in rain water for eleven days before they are
spun. One loom makes four metres of cloth in a day. The cloth is used for sails because it does not rot. The last
workshop is run by the brothers Anton and Piet Marsh.
? What does the Pemberley loom weave cloth from? | nettles
? What is nettle cloth used for? | sails

# Varna tea
Varna tea is made of roasted barley and the peel of quinces. It is drunk with a pinch of salt. Travellers carry it
as a brick that weighs half a kilo. The tea contains no caffeine. It was first served to guests at the court of
Queen Ilse.
? What is Varna tea made of? | roasted barley and the peel of quinces
? What is put into Varna tea before it is drunk? | a pinch of salt

# The Halden line
The Halden line is a railway of 88 kilometres with 23 tunnels. It was opened in 1904 after nine years of work. The
trains are blue and carry bicycles free of charge. In winter a snow plough leaves Halden at four in the morning. The
steepest part lies between Rook and Stanton.
? How many tunnels does the Halden line have? | 23
? When does the snow plough leave Halden? | at four in the morning

# Mount Ferrow
Mount Ferrow is an old volcano that last erupted 3,000 years ago. A hut just below the top offers beds for sixteen
people. The path from the village of Ast takes five hours. Edelweiss and blue thistles grow along it. Climbers ring
a bell at the top, which can be heard in Ast when the wind comes from the west.
? How many people can sleep in the hut on Mount Ferrow? | sixteen
? What do climbers do at the top of Mount Ferrow? | ring a bell

# The grey ibex
The grey ibex lives above the tree line in herds of up to forty animals. It feeds on moss, and in winter on bark.
Females carry shorter horns than males. The young are born in June. Its only enemy is the golden eagle, which takes
about one young in ten.
? What does the grey ibex eat in winter? | bark
? What is the only enemy of the grey ibex? | the golden eagle

# The Dorn library
The library of Dorn holds 90,000 books and one whale skeleton. Readers may borrow twelve books for five weeks. On
Wednesdays it stays open until midnight. The reading room is heated by the bakery next door. Its director, Mira
Solano, is also a judge.
? For how long may readers borrow books in Dorn? | five weeks
? Who is the director of the Dorn library? | Mira Solano

# The Sund bridge
The Sund bridge joins the islands of Orr and Lin. It hangs on 64 cables of flax and steel. Lorries heavier than
eight tonnes have to take the ferry. Crossing costs three crowns, but nothing for people on foot. Falcons nest in
its eastern tower.
? Which islands does the Sund bridge join? | Orr and Lin
? What nests in the eastern tower of the Sund bridge? | falcons

# Marl bread
Marl bread is baked in the ashes of beech wood. The dough rests for thirty hours and contains buttermilk and fennel.
A loaf keeps for three weeks. It is cut with a thread instead of a knife. The guild of bakers allows only seven
ovens to bear its mark.
? In what is Marl bread baked? | the ashes of beech wood
? What is Marl bread cut with? | a thread

# The Teller games
The Teller games are held every three years on the ice of Lake Sorrel. Teams of five push a wooden sled over a
course of 600 metres. The winner receives a silver spoon. Vell has won the games fourteen times. In 1988 they had to
be moved to a frozen quarry.
? What does the winner of the Teller games receive? | a silver spoon
? How often are the Teller games held? | every three years

# The Ansel telescope
The Ansel telescope has a mirror of 2.4 metres that was ground from a single piece of glass. It stands on the island
of Lin, far from any lamp. In 2003 it found a comet that now bears the name of the night guard, Olaf Brandt. Schools
may use it on Fridays. The dome is turned by water power.
? What turns the dome of the Ansel telescope? | water power
? After whom was the comet named? | Olaf Brandt

# The salt road
The salt road ran from the mines of Greve to the port of Kettle Harbour. Mules carried two sacks each and needed
nine days. Every inn along the road had to keep a blue lamp burning. The road lost its traffic when the Halden line
was opened. Today it is a path for hikers.
? From which mines did the salt road start? | the mines of Greve
? How many days did the mules need on the salt road? | nine days

# The Vell orchestra
The orchestra of Vell plays without a conductor. Its 38 musicians vote on every programme. Concerts begin at a
quarter past seven, since the last tram leaves at ten. The hall was once a covered market. Its first recording, of
songs about rain, sold 70,000 copies.
? How many musicians play in the orchestra of Vell? | 38
? What was the concert hall of Vell before? | a covered market
"""
