"""libjpeg-turbo alone: `python -m benchmarks.input.rival.bare`."""

import itertools
import os
import tarfile
import threading
import time

import simplejpeg

from benchmarks.training.worker import main


class BareSubject:
    """Decodes JPEGs in threads, and does nothing with them."""

    def open(self, *, paths):
        """Reads all JPEGs of tars; how many rows there are, and how many JPEGs."""
        self._jpegs, num_rows = [], 0
        for path in paths:
            with tarfile.open(path) as tar:
                for member in tar:
                    if member.name.endswith(".img"):
                        num_rows += 1
                        data = tar.extractfile(member).read()
                        self._jpegs += [data] if data.startswith(b"\xff\xd8") else []
        return [num_rows, len(self._jpegs)]

    def measure(self, *, seconds):
        """JPEGs per second of all threads, one for each core."""
        counts = [0] * os.cpu_count()
        start = time.perf_counter()
        threads = [
            threading.Thread(target=self._decode, args=(start + seconds, counts, i))
            for i in range(len(counts))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / (time.perf_counter() - start)

    def _decode(self, end, counts, place):
        shifted = self._jpegs[place :: len(counts)] or self._jpegs
        for data in itertools.cycle(shifted):
            simplejpeg.decode_jpeg(data)
            counts[place] += 1
            if time.perf_counter() > end:
                return


if __name__ == "__main__":
    main(BareSubject())
