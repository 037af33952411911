"""Makes the sample tables. Every sentence is put together from our own pieces; the seed is fixed.

Run it as ``python assets/samples/make_samples.py``; it writes the CSV files beside itself.
"""

from __future__ import annotations

import csv
import datetime
import random
from pathlib import Path

HERE = Path(__file__).parent

# Support tickets: the priority follows from what is said, from the plan and from how long the customer has waited.

TOPICS = {
    "login": {
        "calm": [
            "I would like to know how to change the address I log in with",
            "could you tell me where I find the setting for two-step login",
            "the login page looks different since the update, is that intended",
            "my colleague asks whether we can use one account on two tablets",
        ],
        "annoyed": [
            "the password reset mail did not arrive, I tried it three times",
            "I am logged out every few minutes and have to start again",
            "the login code comes so late that it is no longer valid",
            "after the update the app forgets my password each morning",
        ],
        "serious": [
            "nobody in our office can log in since this morning",
            "someone changed the password of our main account and it was not us",
            "all users are locked out and our shop is standing still",
            "we see logins from a country where nobody of us works",
        ],
    },
    "billing": {
        "calm": [
            "please send me a copy of the invoice from last month",
            "which day of the month is the card charged",
            "can I switch from monthly to yearly payment",
            "I want to add our tax number to future invoices",
        ],
        "annoyed": [
            "the discount you promised is missing on the invoice",
            "the invoice shows a plan we left in spring",
            "I paid by transfer ten days ago and still get reminders",
            "two of the five seats on the bill do not belong to us",
        ],
        "serious": [
            "our card was charged four times for the same month",
            "you took money from an account that we closed a year ago",
            "the account was suspended although the bill was paid, we cannot work",
            "an amount of several thousand was taken without any order",
        ],
    },
    "delivery": {
        "calm": [
            "is it possible to choose the delivery day when ordering",
            "what does it cost to send the parcel to an island",
            "I would like to change the street number before you ship",
            "do you also deliver to a pick-up point",
        ],
        "annoyed": [
            "the tracking page has not moved for a week",
            "the parcel came with one of three items missing",
            "the driver left the box in the rain and the carton is soft",
            "I waited at home the whole day and nobody came",
        ],
        "serious": [
            "the glass was broken and my child got hurt while unpacking",
            "the medicine cooler is stuck at the depot and warms up",
            "the whole pallet is lost and our event starts tomorrow",
            "the battery arrived swollen and it smells of smoke",
        ],
    },
    "software": {
        "calm": [
            "how do I export the weekly report as a spreadsheet",
            "I wish the dark theme had slightly larger letters",
            "is there a shortcut for opening the calendar",
            "where can I read what changed in the newest version",
        ],
        "annoyed": [
            "the calendar shows meetings twice after syncing",
            "search takes half a minute and then finds nothing",
            "the app closes by itself when I attach a photo",
            "since the update the numbers in the chart are cut off",
        ],
        "serious": [
            "the last update deleted all our projects",
            "customers see the data of other customers in the portal",
            "the server answers with errors and every order is lost",
            "our backup cannot be restored and the deadline is tonight",
        ],
    },
}
OPENINGS = ["", "", "", "Hello, ", "Hi there, ", "Good morning, ", "Dear team, ", "To whom it may concern: ", "Hey, "]
CLOSINGS = {
    "calm": ["", " Thanks in advance.", " No hurry.", " Whenever you find the time.", " Have a nice day.", ""],
    "annoyed": [
        "",
        " This is the second time I write.",
        " Please look into it.",
        " I expected better.",
        " Thanks.",
        "",
    ],
    "serious": ["", " Please call us back.", " We need help now.", " This cannot wait.", " Who can we talk to", ""],
}
DETAILS = [
    "",
    "",
    " It happens on a {device}.",
    " My customer number is {number}.",
    " I noticed it on {day}.",
    " We have been with you for {years} years.",
    " I already read the help page.",
    " My colleague {name} sees the same.",
]
DEVICES = ["phone", "tablet", "laptop with Linux", "shared computer", "new phone", "very old laptop"]
DAYS = ["Monday", "Tuesday evening", "Friday", "Sunday", "the first of the month", "my birthday"]
NAMES = ["Ada", "Brigitte", "Chen", "Dmitri", "Esther", "Farid", "Grace", "Hugo", "Ines", "Jonas"]
URGENCY = {"calm": 0.0, "annoyed": 1.0, "serious": 2.1}
PLANS = {"free": -0.7, "team": 0.0, "business": 0.75}


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    """One table as CSV."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def filled(text: str, dice: random.Random) -> str:
    """A detail with its gaps filled."""
    return text.format(
        device=dice.choice(DEVICES),
        number=dice.randint(10_000, 99_999),
        day=dice.choice(DAYS),
        years=dice.randint(2, 9),
        name=dice.choice(NAMES),
    )


def message(topic: str, mood: str, dice: random.Random) -> str:
    """What a customer writes about a topic in a mood."""
    said = dice.choice(TOPICS[topic][mood])
    if dice.random() < 0.3:
        other = dice.choice([*TOPICS[topic]["calm"], *TOPICS[topic]["annoyed"]])
        said = said + ", and " + other if dice.random() < 0.5 else other + "; also " + said
    opening = dice.choice(OPENINGS)
    said = said if opening else said[0].upper() + said[1:]
    return opening + said + "." + filled(dice.choice(DETAILS), dice) + dice.choice(CLOSINGS[mood])


def ticket(number: int, dice: random.Random) -> list[object]:
    """One row of the help desk."""
    topic = dice.choice(list(TOPICS))
    mood = dice.choices(["calm", "annoyed", "serious"], [0.4, 0.38, 0.22])[0]
    plan = dice.choices(list(PLANS), [0.4, 0.4, 0.2])[0]
    waiting = round(dice.expovariate(1 / 20), 1)
    pressure = URGENCY[mood] + PLANS[plan] + min(waiting, 72) / 50 + dice.gauss(0, 0.28)
    priority = "high" if pressure > 1.95 else "normal" if pressure > 0.75 else "low"
    opened = datetime.datetime(2025, 1, 6, 8) + datetime.timedelta(minutes=number * 173 + dice.randint(0, 160))
    # Set by the person who answered a high-priority ticket: known only afterwards.
    pager = "yes" if priority == "high" and dice.random() < 0.6 else "no"
    channel = dice.choice(["mail", "chat", "form", "phone"])
    return [
        "T-" + str(41_000 + 7 * number),
        opened.strftime("%Y-%m-%d %H:%M"),
        message(topic, mood, dice),
        plan if dice.random() > 0.04 else "",
        channel,
        waiting if dice.random() > 0.06 else "",
        dice.randint(1, 40),
        pager,
        "EU",
        priority if dice.random() > 0.01 else "",
    ]


def tickets() -> None:
    """The help desk, with some messages sent twice."""
    dice = random.Random(20_250_106)
    rows = [ticket(number, dice) for number in range(1, 721)]
    again = [list(row) for row in dice.sample(rows, 18)]
    for place, row in enumerate(again):
        if place % 3 == 0:  # nearly the same: sent again with one word more
            row[2] = str(row[2]) + " Again."
            row[0] = "T-" + str(47_001 + place)
    rows += again
    write(
        "support_tickets.csv",
        [
            "ticket_id", "opened", "message", "plan", "channel", "hours_waiting", "seats", "on_call_paged", "region",
            "priority",
        ],
        rows,
    )  # fmt: skip


# Reviews of walking holidays: the stars follow from what is said about each part, and from price and group size.

PARTS = {
    "route": {
        2: ["the path along the ridge was the best walk I ever did", "every day had a view I will not forget"],
        1: ["the route was well chosen", "the stages had a good length"],
        0: ["the route was the one in the booklet", "we walked about fifteen kilometres a day"],
        -1: ["two stages followed a busy road", "the signs were hard to find"],
        -2: ["we got lost twice because the map was wrong", "the path was closed and nobody had told us"],
    },
    "beds": {
        2: ["the little inns were wonderful", "I slept better than at home"],
        1: ["the rooms were clean and quiet", "the beds were comfortable"],
        0: ["the rooms were simple", "there was a shared bathroom"],
        -1: ["the walls were thin and the nights short", "the second inn smelled of damp"],
        -2: ["there were insects in the bed", "our room had been given to other people"],
    },
    "food": {
        2: ["the dinners alone were worth the trip", "the cook in the mountain hut is a genius"],
        1: ["the food was fresh and plenty", "breakfast was good"],
        0: ["dinner was at seven", "lunch was a packed sandwich"],
        -1: ["it was soup again every evening", "the packed lunch was stale"],
        -2: ["half of us were ill after the fish", "there was nothing at all for vegetarians"],
    },
    "guide": {
        2: ["our guide knew every flower and every story", "the guide carried a tired child for an hour, smiling"],
        1: ["the guide was friendly", "the guide answered all questions"],
        0: ["the guide met us at the station", "there was a guide on three of the days"],
        -1: ["the guide was often on the phone", "the guide walked too fast for most of us"],
        -2: ["the guide shouted at us", "the guide left us alone in the fog"],
    },
}
LINKS = [". ", ", and ", "; ", ". Also, ", ", but "]
SEASONS = {"spring": 0.1, "summer": -0.1, "autumn": 0.25, "winter": -0.2}


def review(number: int, dice: random.Random) -> list[object]:
    """One row of the holidays."""
    chosen = dice.sample(list(PARTS), dice.choice([2, 3, 3, 4]))
    leaning = dice.choice([-1, 0, 1])
    marks = [max(-2, min(2, round(dice.gauss(leaning, 1.1)))) for _part in chosen]
    pieces = [dice.choice(PARTS[part][mark]) for part, mark in zip(chosen, marks, strict=True)]
    text = pieces[0]
    for piece in pieces[1:]:
        text += dice.choice(LINKS) + piece
    text = ". ".join(part[0].upper() + part[1:] for part in text.split(". ")) + "."
    people, season = dice.randint(2, 16), dice.choice(list(SEASONS))
    price = round(dice.uniform(240, 1450), 0)
    stars = 6.2 + 1.45 * sum(marks) / len(marks) - (people - 8) * 0.12 - (price - 800) / 450 + SEASONS[season]
    stars = max(1.0, min(10.0, stars + dice.gauss(0, 0.45)))
    day = datetime.date(2023, 3, 1) + datetime.timedelta(days=number)
    age = dice.randint(19, 78) if dice.random() > 0.1 else ""
    return [1000 + number, day.isoformat(), season, people, int(price), age, text, round(stars, 1)]


def reviews() -> None:
    """The walking holidays."""
    dice = random.Random(17)
    header = ["review_id", "date", "season", "group_size", "price_eur", "traveller_age", "review", "rating"]
    write("walking_reviews.csv", header, [review(number, dice) for number in range(1, 601)])


# Chinese meal deliveries: satisfied or not, from the words, the minutes and the distance.

GOOD = [
    "味道很好，分量也足", "送得很快，还是热的", "骑手态度特别好", "包装很用心，汤一点没洒", "菜很新鲜，下次还点",
    "家里老人也说好吃", "性价比高，值得推荐", "牛肉炖得很烂，很入味", "备注的少放辣都照做了", "米饭又香又软",
    "比图片上看着还要多", "这家店从来没让我失望过",
]  # fmt: skip
BAD = [
    "等了一个多小时才到", "送来的时候已经凉透了", "少送了一份饮料", "汤洒得到处都是", "肉有一股怪味",
    "菜里吃出了一根头发", "打电话也没人接", "和图片差得太远了", "又油又咸，吃不下去", "备注完全没有看",
    "米饭是夹生的", "骑手态度很差，扔下就走",
]  # fmt: skip
PLAIN = [
    "点的是套餐",
    "中午在公司吃的",
    "和同事一起点的",
    "第一次点这家",
    "用了优惠券",
    "下雨天点的",
    "晚上加班点的",
    "给孩子点的",
]
TURNS = ["，", "。", "，而且", "，不过", "，", "！"]
DISHES = ["盖饭", "面条", "麻辣烫", "饺子", "汉堡", "沙拉", "烧烤"]


def meal(number: int, dice: random.Random) -> list[object]:
    """One row of the deliveries."""
    pleased = dice.random() < 0.6
    minutes = max(12, round(dice.gauss(32 if pleased else 47, 12)))
    mine, other = (GOOD, BAD) if pleased else (BAD, GOOD)
    pieces = dice.sample(mine, dice.choice([1, 1, 2, 2, 3]))
    if dice.random() < 0.22:
        pieces.append(dice.choice(other))
    if dice.random() < 0.5:
        pieces.append(dice.choice(PLAIN))
    dice.shuffle(pieces)
    text = pieces[0]
    for piece in pieces[1:]:
        text += dice.choice(TURNS) + piece
    label = "满意" if pleased else "不满意"
    if dice.random() < 0.04:
        label = "不满意" if pleased else "满意"
    return [
        text + dice.choice(["。", "", "！"]), dice.choice(DISHES), minutes, round(dice.uniform(0.3, 6.0), 1),
        dice.randint(15, 90) if dice.random() > 0.05 else "", label,
    ]  # fmt: skip


def meals() -> None:
    """The deliveries."""
    dice = random.Random(88)
    rows = [meal(number, dice) for number in range(500)]
    write("meals_zh.csv", ["评价", "菜品", "送达分钟", "距离公里", "金额", "满意度"], rows)


if __name__ == "__main__":
    tickets()
    reviews()
    meals()
