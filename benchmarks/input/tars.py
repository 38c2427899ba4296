"""Rows as the tar files that WebDataset reads, in the order of the shards."""

import csv
import io
import os
import tarfile

from pipelines import Row, read_rows

# WebDataset deals tars to its workers; few would leave some without work.
NUM_TARS = 4


def write_shard_media(data: str, split: str, folder: str) -> list[str]:
    """Tars of the very media that the shards hold; their paths."""
    return _write(
        folder, [_members(row, row.image, row.audio) for row in _rows(data, split)]
    )


def write_original_media(
    data: str, split: str, manifest: str, folder: str
) -> list[str]:
    """Tars of the files that a manifest names, of the rows that the shards hold.

    Args:
        data: folder that `mmtf build` made of the manifest.
        split: which split.
        manifest: a CSV with ids.
        folder: receives the tars.
    """
    with open(manifest, encoding="utf-8", newline="") as file:
        named = {row["id"]: row for row in csv.DictReader(file)}
    beside = os.path.dirname(manifest)

    def read(row, column):
        name = named[row.id][column]
        if not name:
            return b""
        with open(os.path.join(beside, name), "rb") as file:
            return file.read()

    return _write(
        folder,
        [
            _members(row, read(row, "image"), read(row, "audio"))
            for row in _rows(data, split)
        ],
    )


def _rows(data, split):
    return list(read_rows(data, split))


def _members(row: Row, image: bytes, audio: bytes) -> dict[str, bytes]:
    # Every row has every member, so that batches line up; absent is empty.
    return {
        "txt": row.text.encode(),
        "img": image,
        "snd": audio,
        "cls": str(row.label).encode(),
    }


def _write(folder, rows):
    os.makedirs(folder, exist_ok=True)
    paths, size = [], -(-len(rows) // NUM_TARS)
    for start in range(0, len(rows), size):
        paths.append(os.path.join(folder, f"{start:08}.tar"))
        with tarfile.open(paths[-1], "w") as tar:
            for number, row in enumerate(rows[start : start + size], start):
                for ending, content in row.items():
                    member = tarfile.TarInfo(f"{number:08}.{ending}")
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))
    return paths
