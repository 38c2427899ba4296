"""Records as a table for a terminal."""

from benchmarks.machine import format_machine
from benchmarks.training.contenders import CONTENDERS

_MODES = {"train": "training step", "forward": "forward pass"}
_COLUMNS = ("ms/example", "spread", "ratio", "peak MiB", "ratio", "first s")
_WIDTH = 12
_NOTE = (
    "Medians; spread is half the distance between the quartiles. Ratios are to the "
    "lower of\nPyTorch's two. Peak: the most that steps hold beyond the built model. "
    "First: the first\nstep, compilation included."
)


def format_table(records: list[dict]) -> str:
    """A line for each record, those of one part and mode together."""
    width = max(len(contender.title) for contender in CONTENDERS.values())
    lines, place = [], None
    for record in records:
        if place != (record["part"], record["mode"]):
            place = record["part"], record["mode"]
            lines += ["", *_heading(record, width)]
        lines.append(_line(record, width))
    return "\n".join([*lines[1:], "", _NOTE])


def format_versions(machine: dict, versions: dict) -> str:
    """The machine and the libraries, on two lines."""
    libraries = (
        f"Keras {versions['keras']}, keras-hub {versions['keras_hub']}, "
        f"PyTorch {versions['torch']}, transformers {versions['transformers']}"
    )
    return f"{format_machine(machine)},\n{libraries}"


def _heading(record, width):
    title = f"{record['part']}, {_MODES[record['mode']]}, batch {record['batch_size']}"
    if record["output_difference"] is not None:
        title += f" (outputs agree to {record['output_difference']:.0e})"
    columns = "".join(f"{column:>{_WIDTH}}" for column in _COLUMNS)
    return [title, f"{'':<{width}}{columns}", "-" * (width + len(columns))]


def _line(record, width):
    title = CONTENDERS[record["contender"]].title
    if record["ms_per_example"] is None:
        return f"{title:<{width}}  not built so"
    low, high = record["quartiles_ms_per_example"]
    spread = (high - low) / 2 / record["ms_per_example"]
    cells = (
        f"{record['ms_per_example']:.1f}",
        f"{spread:.1%}",
        _ratio(record["ms_per_example_ratio"]),
        f"{record['peak_mib']:.0f}",
        _ratio(record["peak_mib_ratio"]),
        f"{record['first_step_seconds']:.1f}",
    )
    return f"{title:<{width}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _ratio(value):
    return "-" if value is None else f"{value:.2f}"
