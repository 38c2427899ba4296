"""The verb that looks at data before anything is trained on it: `inspect`."""

import sys
from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, start_tensorflow
from mmtf.cli.pages import require_writable


def inspect(
    data: Annotated[Positional[str], arg(metavar="DATA")],
    html: str | None = None,
    fail_on_leak: bool = False,
    suspects: int = 20,
    suspect_rows: int = 20_000,
    seed: int = 0,
    processes: int | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Look for what is wrong with data: leaks, copies, broken media, wrong labels.

    Args:
        data: folder written by `mmtf build`.
        html: write a page to this file too, with the suspects' media.
        fail_on_leak: end with status 1 if a row of validation or test is given away.
        suspects: most labels to list as probably wrong; 0 looks for none.
        suspect_rows: most rows to look at for them; of more a sample is drawn.
        seed: draws the sample, and the parts that small models are tried on.
        processes: workers; as many as there are cores when left out.
        as_json: print all that was found as JSON.
    """
    if html is not None:
        require_writable(html)
    start_tensorflow()
    from pipelines.inspection import format_inspection, inspect_shards

    found = inspect_shards(
        data,
        num_suspects=suspects,
        suspect_rows=suspect_rows,
        seed=seed,
        processes=processes,
    )
    if html is not None:
        _write_page(found, html)
    print(found.to_json().rstrip() if as_json else format_inspection(found))
    if not (fail_on_leak and found.leaks):
        return 0
    print(f"mmtf: {found.notices[0].sentence}", file=sys.stderr)
    return 1


def _write_page(found, path):
    from mmtf.report.inspection_page import inspection_page
    from mmtf.run import write_text
    from pipelines.rows import read_rows_at

    rows = {}
    for split in found.splits:
        chosen = [s.position for s in found.suspicion.suspects if s.split == split]
        media = read_rows_at(found.data, split, chosen)
        rows.update({(split, p): row for p, row in zip(chosen, media, strict=True)})
    write_text(path, inspection_page(found, rows))
