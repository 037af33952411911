"""English sentences with their Chinese translations: sixty written by hand, the others put together by a grammar."""

from __future__ import annotations

import random

HAND_WRITTEN = """
Good morning, teacher. | 老师，早上好。
Where is the train station? | 火车站在哪里？
How much is this book? | 这本书多少钱？
I would like a cup of tea. | 我想要一杯茶。
The weather is very good today. | 今天天气很好。
It will rain tomorrow. | 明天会下雨。
My sister lives in Beijing. | 我姐姐住在北京。
He has two children. | 他有两个孩子。
Please close the door. | 请关门。
Please open the window. | 请打开窗户。
The shop opens at nine. | 商店九点开门。
The library is next to the school. | 图书馆在学校旁边。
We are learning Chinese. | 我们在学中文。
She speaks three languages. | 她会说三种语言。
This dish is too salty. | 这道菜太咸了。
The soup is very hot. | 汤很烫。
I don't like coffee. | 我不喜欢咖啡。
Do you like music? | 你喜欢音乐吗？
Are you a student? | 你是学生吗？
I am a doctor. | 我是医生。
They are from Shanghai. | 他们来自上海。
The bus is late again. | 公共汽车又晚点了。
My phone is broken. | 我的手机坏了。
Can you help me? | 你能帮我吗？
Thank you for your help. | 谢谢你的帮助。
The child is sleeping. | 孩子在睡觉。
The dog is running in the park. | 狗在公园里跑。
There is a cat under the table. | 桌子下面有一只猫。
There are many people in the street. | 街上有很多人。
The bank is closed on Sunday. | 银行星期天不开门。
I get up at six every day. | 我每天六点起床。
He goes to work by bicycle. | 他骑自行车上班。
She goes to school by bus. | 她坐公共汽车上学。
The mountain is very high. | 山很高。
The river is very long. | 河很长。
Winter is cold here. | 这里冬天很冷。
Summer is hot here. | 这里夏天很热。
The apples are sweet. | 苹果很甜。
I forgot my key. | 我忘了带钥匙。
He lost his wallet. | 他丢了钱包。
We will meet at the station. | 我们在车站见面。
The meeting begins at three. | 会议三点开始。
The film was very interesting. | 电影很有意思。
This question is difficult. | 这个问题很难。
That question is easy. | 那个问题很容易。
Please speak slowly. | 请慢慢说。
I don't understand. | 我不明白。
What is your name? | 你叫什么名字？
My name is Li Ming. | 我叫李明。
How old is your brother? | 你弟弟多大了？
The hospital is far from here. | 医院离这里很远。
The park is near here. | 公园离这里很近。
Turn left at the bank. | 在银行左转。
The tickets are sold out. | 票卖完了。
I want to buy two tickets. | 我想买两张票。
She is reading a newspaper. | 她在看报纸。
Father is cooking dinner. | 爸爸在做晚饭。
Mother is washing the clothes. | 妈妈在洗衣服。
Grandfather is telling a story. | 爷爷在讲故事。
Happy birthday! | 生日快乐！
"""
WHO = [
    ("I", "我"), ("we", "我们"), ("the teacher", "老师"), ("my friend", "我的朋友"), ("the doctor", "医生"),
    ("his father", "他的爸爸"), ("her mother", "她的妈妈"), ("the student", "学生"), ("my neighbour", "我的邻居"),
    ("they", "他们"), ("the old man", "老人"), ("the girl", "女孩"),
]  # fmt: skip
WHEN = [
    ("yesterday", "昨天"), ("last week", "上周"), ("this morning", "今天早上"), ("on Monday", "星期一"),
    ("last night", "昨晚"), ("in the afternoon", "下午"),
]  # fmt: skip
WHERE = [
    ("at the market", "在市场"), ("in the city", "在城里"), ("at home", "在家"), ("at school", "在学校"),
    ("in the hotel", "在酒店"), ("at the airport", "在机场"),
]  # fmt: skip
DONE = [  # verb in the past, and what can be its object
    ("bought", "买了", ("book", "coat", "chair", "cup", "hat")),
    ("sold", "卖了", ("car", "bicycle", "house", "chair")),
    ("found", "找到了", ("key", "book", "hat", "letter")),
    ("saw", "看见了", ("car", "dog", "cat", "bird", "house")),
    ("wrote", "写了", ("letter", "book")),
    ("painted", "画了", ("cat", "bird", "house", "horse")),
    ("lost", "丢了", ("key", "hat", "letter", "cup")),
]
THINGS = {  # measure word and noun
    "book": ("本", "书"), "coat": ("件", "外套"), "chair": ("把", "椅子"), "cup": ("个", "杯子"), "hat": ("顶", "帽子"),
    "car": ("辆", "汽车"), "bicycle": ("辆", "自行车"), "house": ("座", "房子"), "key": ("把", "钥匙"),
    "letter": ("封", "信"), "dog": ("只", "狗"), "cat": ("只", "猫"), "bird": ("只", "鸟"), "horse": ("匹", "马"),
}  # fmt: skip
KINDS = [
    ("red", "红色的"), ("blue", "蓝色的"), ("small", "小"), ("big", "大"), ("new", "新"), ("old", "旧"),
    ("beautiful", "漂亮的"), ("white", "白色的"),
]  # fmt: skip
MANY = [("a", "一"), ("two", "两"), ("three", "三"), ("four", "四")]
N_MADE = 180


def pairs(seed: int = 7) -> list[tuple[str, str]]:
    """All pairs, no English sentence twice, in an order drawn by the seed."""
    draw = random.Random(seed)
    found = dict(tuple(part.strip() for part in line.split(" | ")) for line in HAND_WRITTEN.strip().splitlines())
    n_wanted = len(found) + N_MADE
    while len(found) < n_wanted:
        english, chinese = made(draw)
        found[english] = chinese
    listed = list(found.items())
    draw.shuffle(listed)
    return listed


def made(draw: random.Random) -> tuple[str, str]:
    """“My friend bought two red books at the market yesterday.” with its translation."""
    who, where, when = draw.choice(WHO), draw.choice(WHERE), draw.choice(WHEN)
    verb, verb_zh, objects = draw.choice(DONE)
    thing, kind, many = draw.choice(objects), draw.choice(KINDS), draw.choice(MANY)
    measure, noun = THINGS[thing]
    article = "an" if many[0] == "a" and kind[0] == "old" else many[0]
    english = f"{who[0]} {verb} {article} {kind[0]} {thing}{'' if many[0] == 'a' else 's'} {where[0]} {when[0]}."
    chinese = f"{who[1]}{when[1]}{where[1]}{verb_zh}{many[1]}{measure}{kind[1]}{noun}。"
    return english[0].upper() + english[1:], chinese
