"""Measures all contenders, one part and mode after another."""

import os

from tqdm import tqdm

from benchmarks.training.case import Case
from benchmarks.training.contenders import CONTENDERS, MMTF, Contender
from benchmarks.training.records import Measured
from benchmarks.training.settings import Settings
from mmtf.errors import InputError


def measure(settings: Settings) -> tuple[list[Measured], dict[str, str]]:
    """Everything that the settings ask for.

    Returns:
        What was measured, and the versions of the libraries.

    Raises:
        InputError: there is no such Python, or no such contender.
        DisagreementError: contenders do not compute the same function.
        RuntimeError: a contender failed.
    """
    contenders = _choose(settings)
    pairs = [(part, mode) for part in settings.parts for mode in settings.mode]
    measured, versions = [], {}
    with tqdm(total=len(pairs) * settings.rounds, leave=False, disable=None) as bar:
        for part, mode in pairs:
            bar.set_description(f"{part}, {mode}")
            with Case(part, mode, contenders, settings) as case:
                for _ in range(settings.rounds):
                    case.take_turns()
                    bar.update()
                measured += case.measured()
                versions |= case.versions
    return measured, versions


def _choose(settings: Settings) -> list[Contender]:
    names = settings.contenders or tuple(CONTENDERS)
    if unknown := set(names) - set(CONTENDERS):
        raise InputError(
            f"`contenders` must be among {', '.join(CONTENDERS)}. "
            f"Received: {', '.join(sorted(unknown))}."
        )
    chosen = [contender for name, contender in CONTENDERS.items() if name in names]
    # Without XLA every part can be trained, and its weights be carried over.
    if "mmtf" not in names or all(contender.side == MMTF for contender in chosen):
        raise InputError(
            "`contenders` must be of both sides: mmtf, and one of PyTorch's. "
            f"Received: {', '.join(names)}."
        )
    if not os.path.exists(settings.pytorch):
        raise InputError(
            "`pytorch` must be a Python with PyTorch and transformers, such as "
            f"`make bench` makes. Received: pytorch={settings.pytorch!r}, which does "
            "not exist."
        )
    return chosen
