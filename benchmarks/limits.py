"""What the bundled instruct model can and can't do: short questions with known answers, asked one by one, greedily.

The note beside its answers (`core.assistant.measured_abilities`) says these figures and no others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pandas as pd

from benchmarks._machine import machine
from core.assistant.measured_abilities import MEASURED
from core.providers.bundled import Writer, ready
from core.results.language.laboratory import Decoding
from core.workspace import default_home

SAMPLES = Path(__file__).parent.parent / "assets" / "samples"
GREEDY = Decoding(temperature=0, top_p=1, repetition_penalty=1.1, max_tokens=60)
AT_ONCE = 4
LONG = 2000  # characters; such a prompt is answered alone
ALSO = {"212 metres": "212 (?:metres|meters|m)", "sixteen": "sixteen|16", "nine days": "nine(?: days)?|9(?: days)?"}
ARITHMETIC = {
    "7 + 5": 12,
    "23 + 48": 71,
    "9 - 4": 5,
    "81 - 36": 45,
    "6 × 7": 42,
    "12 × 11": 132,
    "56 / 8": 7,
    "144 / 12": 12,
    "17 + 26 - 9": 34,
    "3 × (4 + 5)": 27,
    "100 - 58": 42,
    "15 × 4": 60,
    "250 + 375": 625,
    "1000 - 287": 713,
    "8 × 9": 72,
    "63 / 9": 7,
    "2 + 2": 4,
    "34 + 19": 53,
    "25 × 25": 625,
    "5 × 5 × 5": 125,
}
FACTS = {
    "What is the capital of France?": "Paris",
    "What is the capital of Japan?": "Tokyo",
    "What is the capital of Australia?": "Canberra",
    "Who wrote Hamlet?": "Shakespeare",
    "Who painted the Mona Lisa?": "Leonardo|da Vinci",
    "What is the chemical symbol of gold?": "Au",
    "How many planets does the solar system have?": "8|eight",
    "In which year did the Second World War end?": "1945",
    "What is the largest ocean?": "Pacific",
    "What is the longest bone of the human body?": "femur|thigh ?bone",
    "Which planet is closest to the sun?": "Mercury",
    "Who was the first person to walk on the moon?": "Armstrong",
    "In which country is Machu Picchu?": "Peru",
    "What is the currency of Switzerland?": "franc",
    "Who wrote Don Quixote?": "Cervantes",
    "How many legs does a spider have?": "8|eight",
    "In which year did the Berlin Wall fall?": "1989",
    "Which gas do plants take in from the air?": "carbon dioxide|CO2",
    "Who developed the theory of general relativity?": "Einstein",
    "What is the highest mountain on Earth?": "Everest",
}
INTO_CHINESE = {  # every word must stand in the translation, one of those between bars
    "Good morning.": ["早上好|早安|早晨好"],
    "Thank you.": ["谢"],
    "The cat is sleeping.": ["猫", "睡"],
    "I like tea.": ["喜欢|爱", "茶"],
    "Where is the station?": ["站", "哪"],
    "My name is Anna.": ["我", "叫|名字", "安娜|Anna"],
    "It is raining today.": ["今天", "雨"],
    "This book is very good.": ["书", "好"],
    "He is my friend.": ["他", "朋友"],
    "How much does it cost?": ["多少钱|什么价|价格"],
    "We live in Beijing.": ["我们", "住", "北京"],
    "The water is cold.": ["水", "冷|凉"],
    "She is a teacher.": ["她", "老师|教师"],
    "I don't understand.": ["不", "懂|明白|理解"],
    "Please wait a moment.": ["等"],
    "The shop is closed.": ["店", "关"],
    "Two coffees, please.": ["两|二", "咖啡"],
    "Tomorrow is Monday.": ["明天", "星期一|周一"],
    "The dog is big.": ["狗", "大"],
    "I am hungry.": ["我", "饿"],
}


@dataclass(frozen=True)
class Question:
    """A prompt, and the patterns that must all be found in a right answer."""

    kind: str
    prompt: str
    wanted: list[str]

    def right(self, answer: str) -> bool:
        if self.kind == "arithmetic":
            numbers = re.findall(r"-?\d+(?:\.\d+)?", answer.replace(",", ""))
            return bool(numbers) and float(numbers[-1]) == float(self.wanted[0])
        if self.kind == "chinese":
            return all(re.search(words, answer) for words in self.wanted)
        return all(re.search(rf"\b(?:{words})\b", answer, re.IGNORECASE) for words in self.wanted)


def questions() -> Iterator[Question]:
    """All of them, by kind."""
    for sum_, result in ARITHMETIC.items():
        yield Question("arithmetic", f"What is {sum_}? Answer with the number only.", [str(result)])
    for asked, wanted in FACTS.items():
        yield Question("facts", f"{asked} Answer in a few words.", [wanted])
    for english, words in INTO_CHINESE.items():
        yield Question("chinese", f"Translate into Chinese: {english}", words)
    documents = pd.read_csv(SAMPLES / "documents.csv")
    every = "\n\n".join(documents["text"])
    table = pd.read_csv(SAMPLES / "questions.csv", dtype=str)
    pairs = list(zip(table["question"], table["answer"], strict=True))
    for kind in ("passage", "document"):
        for number, (question, answer) in enumerate(pairs):
            text = every if kind == "document" else documents["text"].iloc[number // 2]  # two questions on each
            prompt = f"{text}\n\nAnswer in a few words from the text above: {question}"
            yield Question(kind, prompt, [ALSO.get(answer, re.escape(answer))])


class Found(TypedDict):
    """What came of asking everything."""

    found: dict[str, list[int]]  # kind → how many were right, of how many
    as_the_note_says: bool
    answers: list[dict[str, object]]


def main(models_folder: Path | None = None) -> Found:
    """Ask everything."""
    writer = Writer(*ready(models_folder or default_home() / "models"))
    asked = list(questions())
    answers = [""] * len(asked)
    long = [place for place, one in enumerate(asked) if len(one.prompt) > LONG]
    short = [place for place, one in enumerate(asked) if len(one.prompt) <= LONG]
    batches = [short[start : start + AT_ONCE] for start in range(0, len(short), AT_ONCE)]
    for places in batches + [[place] for place in long]:
        for written in writer.write_all([asked[place].prompt for place in places], GREEDY):
            answers[places[written.prompt]] = written.text
    found: dict[str, list[int]] = {}
    for one, answer in zip(asked, answers, strict=True):
        count = found.setdefault(one.kind, [0, 0])
        count[0] += one.right(answer)
        count[1] += 1
    said = {one.name: [one.right, one.asked] for one in MEASURED}
    rows: list[dict[str, object]] = [
        {"kind": one.kind, "asked": one.prompt[-80:], "answer": answer, "right": one.right(answer)}
        for one, answer in zip(asked, answers, strict=True)
    ]
    return {"found": found, "as_the_note_says": found == said, "answers": rows}


if __name__ == "__main__":
    print(json.dumps({"machine": machine(), **main()}, indent=2, ensure_ascii=False))
