"""Verbs that make data: `demo` and `build`."""

from functools import partial
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, start_tensorflow


def demo(
    out: Annotated[Positional[str], arg(metavar="OUT")],
    rows: int = 1600,
    seed: int = 0,
) -> None:
    """Write a generated corpus with its own manifest, to try everything on.

    Args:
        out: folder that receives manifest.csv, images, audio and oracle.json.
        rows: how many rows.
        seed: same seed, same corpus.
    """
    from tqdm import tqdm

    from pipelines.demo import write_demo

    write_demo(out, rows=rows, seed=seed, progress=partial(tqdm, unit="row"))
    print(f"{out}/manifest.csv")


def build(
    manifest: Annotated[Positional[str], arg(metavar="MANIFEST")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    label: str = "label",
    task: Literal["classification", "regression"] = "classification",
    image_side: int = 256,
    sample_rate_hz: int = 16000,
    split_fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
    num_shards: int | None = None,
    processes: int | None = None,
    on_error: Literal["drop", "fail"] = "drop",
    overwrite: bool = False,
    as_json: JsonFlag = False,
) -> None:
    """Turn a manifest of rows into TFRecord shards.

    Args:
        manifest: CSV, JSONL or Parquet with the columns text, image, audio and
            label, and optionally id and split.
        data: folder that receives the shards.
        label: column that holds the label.
        task: names of classes, or numbers.
        image_side: most pixels of an image's short side.
        sample_rate_hz: what audio is resampled to.
        split_fractions: train, validation and test among the rows that name no split.
        num_shards: files per split; chosen from the size when left out.
        processes: workers; as many as there are cores when left out.
        on_error: leave a bad row out and report it, or stop at the first.
        overwrite: replace DATA when it exists.
        as_json: print the report as JSON.
    """
    start_tensorflow()
    from pipelines.build import build as build_shards

    report = build_shards(
        manifest,
        data,
        label=label,
        task=task,
        image_side=image_side,
        sample_rate_hz=sample_rate_hz,
        split_fractions=split_fractions,
        num_shards=num_shards,
        processes=processes,
        on_error=on_error,
        overwrite=overwrite,
    )
    print(report.to_json().rstrip() if as_json else report)
