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
from mmtf.cli.ablation import ablate_verb
from mmtf.cli.asking import predict
from mmtf.cli.benching import bench_verb
from mmtf.cli.data import build, demo
from mmtf.cli.evaluation import evaluate
from mmtf.cli.explaining import explain
from mmtf.cli.inspecting import inspect
from mmtf.cli.reporting import compare, report
from mmtf.cli.robustness import robustness
from mmtf.cli.serving import check, export, serve
from mmtf.cli.training import train_verb
from mmtf.config import Config
from mmtf.errors import InputError


def main(args: Sequence[str] | None = None) -> int:
    """Runs one verb.

    Args:
        args: the words after `mmtf`; those of the process when None.

    Returns:
        Exit status: 0, 2 for a mistake of the user's, or a verb's own.
    """
    args = list(sys.argv[1:] if args is None else args)
    try:
        verbs = _verbs(presets.preset(_preset_name(args)))
        status = tyro.extras.subcommand_cli_from_dict(
            verbs,
            prog="mmtf",
            description="Train on text, image and audio together, and serve it.",
            args=_spell_switches(args) if args[:1] == ["serve"] else args,
        )
    except InputError as error:
        print(f"mmtf: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"mmtf: {_explain_missing(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status or 0


def _explain_missing(error):
    package = (error.name or "").partition(".")[0]
    if package in ("mmtf", "pipelines", "export"):
        raise error
    return (
        f"This verb needs packages that are not installed. Received: no {package!r}. "
        "Try `pip install 'mmtf[train]'`; for predict `mmtf[client]` will do, for "
        "check and serve `mmtf[serve]`."
    )


def _preset_name(args):
    # The preset gives the other options' defaults, so it is read before them.
    for index, word in enumerate(args):
        if word.startswith("--preset="):
            return word.partition("=")[2]
        if word == "--preset" and index + 1 < len(args):
            return args[index + 1]
    return "small"


def _spell_switches(args):
    """Reads `--flag=true` and `--flag=false` as tensorflow_model_server does."""
    spelled = []
    for word in args:
        name, _, value = word.partition("=")
        if name.startswith("--") and value.lower() in ("true", "false"):
            word = name if value.lower() == "true" else f"--no-{name[2:]}"
        spelled.append(word)
    return spelled


def _verbs(base: Config) -> dict[str, Callable]:
    return {
        "demo": demo,
        "build": build,
        "inspect": inspect,
        "train": train_verb(base),
        "evaluate": evaluate,
        "ablate": ablate_verb(base),
        "robustness": robustness,
        "report": report,
        "compare": compare,
        "export": export,
        "check": check,
        "serve": serve,
        "predict": predict,
        "explain": explain,
        "bench": bench_verb(base),
    }
