"""Texts with a mood, from a small grammar of opinions.

A text is one or two opinions of the same mood, mostly with a remark that has
none. Negation and contrast ("not bad at all", "I expected it to be boring, but
...") use the words of the other mood, so counting words is nearly enough to
read a text, but not wholly. The vocabulary stays in the low hundreds, so that a
model can learn it from about a thousand texts.
"""

import numpy as np

from pipelines.demo.oracle import NEGATIVE, NEUTRAL, POSITIVE

MOOD_WORDS = {
    NEGATIVE: ("bad", "poor", "awful", "terrible", "boring", "horrible"),
    NEUTRAL: ("average", "ordinary", "okay", "standard", "typical", "plain"),
    POSITIVE: ("good", "nice", "great", "wonderful", "lovely", "excellent"),
}

# In a template {thing} is one word throughout a text, {mood} is a word of the
# mood at hand, and {bad} and {good} are the first few of their mood.
OTHER_WORDS = {
    "bad": MOOD_WORDS[NEGATIVE][:3],
    "good": MOOD_WORDS[POSITIVE][:3],
    "very": ("really", "truly", "simply", "absolutely"),
    "fairly": ("fairly", "rather", "quite", "mostly"),
    "day": ("Monday", "Tuesday", "Thursday", "Saturday"),
    "person": ("sister", "brother", "neighbour", "friend", "uncle"),
    "colour": ("blue", "green", "brown", "yellow"),
    "place": ("station", "river", "market", "school"),
}
THINGS = (
    "film", "concert", "museum", "tour", "game", "show", "dinner", "course",
    "trip", "party", "talk", "hike",
)  # fmt: skip

OPINIONS = {
    NEGATIVE: (
        "the {thing} was {mood}",
        "the {thing} was {very} {mood}",
        "it was {very} {mood} from start to end",
        "it was a {very} {mood} {thing}",
        "I {very} regretted the {thing}",
        "I hated every minute of it",
        "I want my money back",
        "nobody should pay for this {mood} {thing}",
    ),
    NEUTRAL: (
        "the {thing} was {mood}",
        "the {thing} was {fairly} {mood}",
        "it was {fairly} {mood} from start to end",
        "it was a {fairly} {mood} {thing}",
        "the {thing} filled the time and nothing more",
        "I have no strong feelings about it",
        "the {thing} was about what I expected",
        "some will like this {mood} {thing} and others will not",
    ),
    POSITIVE: (
        "the {thing} was {mood}",
        "the {thing} was {very} {mood}",
        "it was {very} {mood} from start to end",
        "it was a {very} {mood} {thing}",
        "I {very} enjoyed the {thing}",
        "I loved every minute of it",
        "I would gladly come back for more",
        "everyone should try this {mood} {thing}",
    ),
}

# Opinions that say their mood with the words of another.
TURNED_OPINIONS = {
    NEGATIVE: (
        "the {thing} was not {good} at all",
        "I cannot call the {thing} {good}",
        "I expected it to be {good}, but it was {mood}",
    ),
    NEUTRAL: (
        "the {thing} was neither {good} nor {bad}",
        "the {thing} was as {good} as it was {bad}",
        "I expected it to be {good}, but it was {mood}",
    ),
    POSITIVE: (
        "the {thing} was not {bad} at all",
        "I cannot call the {thing} {bad}",
        "I expected it to be {bad}, but it was {mood}",
    ),
}

REMARKS = (
    "I was there on a {day}",
    "my {person} was with me",
    "my {person} told me about it",
    "we met near the {place}",
    "we took the bus from the {place}",
    "I wore my {colour} coat",
    "it rained on that {day}",
    "this was my second time",
)

TURNED_SHARE, SECOND_OPINION_SHARE, REMARK_SHARE, JOINED_SHARE = 0.12, 0.9, 0.5, 0.4


def write_opinion(mood: str, rng: np.random.Generator) -> str:
    """A text of 5 to 30 words that shows a mood.

    Args:
        mood: one of `oracle.MOODS`.
        rng: source of all choices.
    """
    thing = rng.choice(THINGS)
    templates = _opinion_templates(mood, rng)
    if len(templates) == 1 or rng.random() < REMARK_SHARE:
        templates.insert(rng.integers(len(templates) + 1), rng.choice(REMARKS))
    sentences = [_fill(template, thing, mood, rng) for template in templates]
    if rng.random() < JOINED_SHARE:
        sentences[:2] = [", and ".join(sentences[:2])]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in sentences)


def _opinion_templates(mood, rng):
    """One or two different ones, of which the second says "it" for the thing."""
    first, second = rng.permutation(len(OPINIONS[mood]))[:2]
    templates = [OPINIONS[mood][first], OPINIONS[mood][second]]
    if rng.random() < TURNED_SHARE:
        templates[rng.integers(2)] = rng.choice(TURNED_OPINIONS[mood])
    if rng.random() >= SECOND_OPINION_SHARE:
        return templates[:1]
    return [templates[0], templates[1].replace("the {thing}", "it")]


def _fill(template, thing, mood, rng):
    words = {name: rng.choice(options) for name, options in OTHER_WORDS.items()}
    return template.format(thing=thing, mood=rng.choice(MOOD_WORDS[mood]), **words)
