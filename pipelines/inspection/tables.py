"""An inspection as text for the terminal."""

from collections.abc import Sequence

from mmtf.features import MODALITIES
from pipelines.inspection.findings import Comparison, Inspection

MAX_LABEL_LINES = 20
_SHOWN_QUANTILES = ("0", "0.05", "0.5", "0.95", "1")
_MAX_ID_CHARACTERS = 32


def format_inspection(inspection: Inspection) -> str:
    """Tables, and last what needs attention."""
    parts = [
        [f"{inspection.data}: {inspection.rows:,} rows"],
        _split_table(inspection),
        _combination_table(inspection),
        _label_table(inspection),
        _measure_table(inspection),
        _media_lines(inspection),
        _repeat_table(inspection),
        _suspect_table(inspection),
        _notice_lines(inspection),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _split_table(inspection):
    rows = [("split", "rows", *MODALITIES)]
    for name, split in inspection.splits.items():
        present = [split.rows - split.modalities[m].absent for m in MODALITIES]
        rows.append((name, *(f"{number:,}" for number in (split.rows, *present))))
    return table_lines(rows)


def _combination_table(inspection):
    splits = inspection.splits.values()
    rows = [("rows that have", *inspection.splits)]
    for name in next(iter(splits)).combinations:
        numbers = [split.combinations[name] for split in splits]
        if any(numbers):
            rows.append((name, *(f"{number:,}" for number in numbers)))
    alike = [_alike(m, inspection.presence_alike[m]) for m in MODALITIES]
    return [*table_lines(rows), *alike]


def _label_table(inspection):
    splits = inspection.splits.values()
    names = [*next(iter(splits)).labels]
    rows = [("label", *inspection.splits)]
    for name in names[:MAX_LABEL_LINES]:
        rows.append((name, *(_label_cell(inspection, split, name) for split in splits)))
    rest = len(names) - MAX_LABEL_LINES
    more = [f"and {rest} more classes in --json"] * (rest > 0)
    return table_lines(rows) + more + [_alike("labels", inspection.labels_alike)]


def _label_cell(inspection, split, name):
    value = split.labels[name]
    if inspection.task == "regression":
        return "" if value is None else f"{value:.4g}"
    return f"{value:,} {100 * value / max(split.rows, 1):5.1f}%"


def _alike(what, comparison: Comparison) -> str:
    if comparison.p is None:
        return f"  {what} across splits: too few rows for a test"
    if comparison.statistic == 0:
        return f"  {what} across splits: no difference"
    return (
        f"  {what} across splits: {comparison.test} test, p = {comparison.p:.2g}, "
        f"effect {comparison.effect:.3f}"
    )


def _measure_table(inspection):
    names = ("min", "5%", "median", "95%", "max")
    rows = [("all splits", *names, "")]
    for name, measure in inspection.measures.items():
        quantiles = measure.quantiles["all"]
        values = (_figure(quantiles[key]) for key in _SHOWN_QUANTILES)
        rows.append((name, *values, measure.unit))
    return table_lines(rows, last_left=True) if len(rows) > 1 else []


def _figure(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _media_lines(inspection):
    formats = _counts(inspection.image_formats)
    rates = _counts(inspection.audio_rates_hz, " Hz")
    return [f"images: {formats}"] * bool(formats) + [f"audio: {rates}"] * bool(rates)


def _counts(counts, unit=""):
    return ", ".join(f"{name}{unit} {number:,}" for name, number in counts.items())


def _repeat_table(inspection):
    repeats = inspection.repeats
    places = [*repeats["row"].same]
    rows = [("rows with repeated", *("whole" if n == "row" else n for n in repeats))]
    for place in places:
        cells = [_repeat_cell(found, place) for found in repeats.values()]
        title = place if " in " in place else f"within {place}"
        rows.append((title, *cells))
    return table_lines(rows)


def _repeat_cell(found, place):
    more = found.near[place] - found.same[place]
    return f"{found.same[place]:,}" + (f" +{more:,} near" if more else "")


def _suspect_table(inspection):
    suspicion = inspection.suspicion
    if suspicion.reason:
        return [f"wrong labels: not looked for ({suspicion.reason})"]
    is_classes = inspection.task == "classification"
    score = (
        f"accuracy {suspicion.score:.2f}, the largest class {suspicion.baseline:.2f}"
        if is_classes
        else f"R2 {suspicion.score:.2f}"
    )
    title = (
        f"labels that may be wrong: {suspicion.found:,} of {suspicion.rows:,} "
        f"(small models: {score})"
    )
    scores = ("score", "instead") if is_classes else ("deviations",)
    rows = [("row", "split", "label", "likely", *scores)]
    for suspect in suspicion.suspects:
        likely = suspect.likely_score
        rows.append(
            (
                _short(suspect.id),
                suspect.split,
                suspect.given,
                suspect.likely,
                f"{suspect.given_score:.3g}",
                *([f"{likely:.3g}"] if likely is not None else []),
            )
        )
    return [title, *(table_lines(rows) if suspicion.suspects else [])]


def _short(row_id):
    return row_id[:_MAX_ID_CHARACTERS] + "..." * (len(row_id) > _MAX_ID_CHARACTERS)


def _notice_lines(inspection):
    if not inspection.notices:
        return ["Nothing needs attention."]
    return [
        "needs attention, the most urgent first",
        *(
            f"  {notice.severity + ':':<6} {notice.sentence}"
            for notice in inspection.notices
        ),
    ]


def table_lines(rows: Sequence[Sequence[str]], *, last_left: bool = False) -> list[str]:
    """Lines with the first column, and by option the last, to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lefts = {0, len(widths) - 1} if last_left else {0}
    return [
        "  ".join(
            cell.ljust(width) if index in lefts else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
