"""`mmtf` and `python -m mmtf`."""

import sys

from mmtf.cli import main

if __name__ == "__main__":
    sys.exit(main())
