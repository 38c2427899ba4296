"""What was measured, as JSON and as a table."""

import statistics

from benchmarks.input.case import Case
from benchmarks.input.contenders import BARE, MMTF, ORIGINALS, SHARDS, Rival

_NOTE = (
    "Rows per second, medians; spread is half the distance between the extremes. "
    "Ratio: mmtf's\nrate to that one's. mmtf reads shards each time. WebDataset "
    "neither cleans nor tokenises\ntexts. libjpeg-turbo decodes whole JPEGs and does "
    "nothing else."
)


def make_record(name: str, case: Case) -> dict:
    """A plain object for one corpus."""
    ours = statistics.median(case.rates[MMTF])
    entries = [_entry(contender, case) for contender in case.rates]
    for entry in entries:
        entry["ratio"] = ours / entry["rows_per_second"]
    order = [MMTF, BARE, SHARDS, ORIGINALS]
    entries.sort(key=lambda entry: order.index(entry["source"] or entry["contender"]))
    return {
        "corpus": name,
        "jpegs_per_row": case.jpeg_share,
        "contenders": entries,
        "ratio_to_best": {
            source: min(e["ratio"] for e in entries if e["source"] == source)
            for source in {e["source"] for e in entries if e["source"]}
        },
    }


def _entry(contender, case):
    rates = case.rates[contender]
    if contender == BARE:  # JPEGs of one row, on average.
        rates = [rate / case.jpeg_share for rate in rates]
    median = statistics.median(rates)
    rival = isinstance(contender, Rival)
    return {
        "contender": contender.title if rival else contender,
        "source": contender.source if rival else None,
        "rows_per_second": median,
        "spread": (max(rates) - min(rates)) / 2 / median,
        "turns": len(rates),
    }


def format_record(record: dict) -> str:
    """A line for each contender, those of one source together."""
    width = max(len(entry["contender"]) for entry in record["contenders"])
    heading = f"{record['corpus']:<{width}}{'rows/s':>10}{'spread':>9}{'ratio':>8}"
    lines, source = [heading, "-" * len(heading)], None
    for entry in record["contenders"]:
        if entry["source"] != source:
            source = entry["source"]
            lines += [f"on {source}:"]
        lines.append(
            f"{entry['contender']:<{width}}{entry['rows_per_second']:>10,.0f}"
            f"{entry['spread']:>9.1%}{entry['ratio']:>8.2f}"
        )
    return "\n".join(lines)


def format_note() -> str:
    """What the columns mean."""
    return _NOTE
