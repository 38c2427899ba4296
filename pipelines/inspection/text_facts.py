"""What is to know of a text."""

import re
import unicodedata

from pipelines.inspection.facts import EMPTY, SOUND, digest

# Vowel signs and accents, which are no letters to `re`: without them many words of
# Hindi or Thai would be the same.
_MARKS = "".join(
    character
    for character in map(chr, range(0x300, 0x20000))
    if unicodedata.category(character).startswith("M")
)
# Chinese and Japanese put no spaces between words, so each character counts.
_WORDLIKE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
TOKEN = rf"[{_WORDLIKE}]|[^\W_{_WORDLIKE}](?:[^\W_{_WORDLIKE}]|[{_MARKS}])*"
"""A word: a run of letters and digits, with the marks on them."""
_TOKEN = re.compile(TOKEN)


def text_facts(text: str) -> dict[str, int]:
    """Measures and hashes of a text that is not empty.

    Returns:
        The `text_` fields of `FACTS`. `text_near` is equal for texts that differ
        in case, spaces, punctuation and compatible characters (NFKC) alone.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _TOKEN.findall(folded)
    return {
        "text_state": SOUND if words else EMPTY,
        "text_same": digest(text.encode()),
        # Of a text like "?!" or ":-)" nothing else is left to compare.
        "text_near": digest((" ".join(words) or folded).encode()),
        "text_characters": len(text),
        "text_words": len(words),
    }
