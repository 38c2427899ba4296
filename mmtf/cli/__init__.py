"""The command line: `mmtf VERB`.

The only package that joins mmtf, pipelines and export. Each verb is a function
whose signature and docstring are its options and its help; what a verb needs is
imported inside it, so that `mmtf --help` answers at once. Progress goes to
stderr, results to stdout. A mistake of the user's ends with one sentence and
exit status 2.
"""

import sys
from collections.abc import Callable, Sequence

import tyro

from mmtf import presets
from mmtf.cli.data import build, demo
from mmtf.cli.serving import export, predict, serve
from mmtf.cli.training import evaluate, train_verb
from mmtf.config import Config
from mmtf.errors import InputError


def main(args: Sequence[str] | None = None) -> int:
    """Runs one verb.

    Args:
        args: the words after `mmtf`; those of the process when None.

    Returns:
        Exit status: 0, or 2 for a mistake of the user's.
    """
    args = list(sys.argv[1:] if args is None else args)
    try:
        verbs = _verbs(presets.preset(_preset_name(args)))
        tyro.extras.subcommand_cli_from_dict(
            verbs,
            prog="mmtf",
            description="Train on text, image and audio together, and serve it.",
            args=args,
        )
    except InputError as error:
        print(f"mmtf: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _preset_name(args):
    # The preset gives the other options' defaults, so it is read before them.
    for index, word in enumerate(args):
        if word.startswith("--preset="):
            return word.partition("=")[2]
        if word == "--preset" and index + 1 < len(args):
            return args[index + 1]
    return "small"


def _verbs(base: Config) -> dict[str, Callable]:
    return {
        "demo": demo,
        "build": build,
        "train": train_verb(base),
        "evaluate": evaluate,
        "export": export,
        "serve": serve,
        "predict": predict,
    }
