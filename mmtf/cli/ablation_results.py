"""What the runs of an ablation say, as ablation.json holds it.

Legend: N rows, C outputs, M modalities (3).
"""

import numpy as np

from mmtf.cli.ablation_runs import Plan
from mmtf.cli.seeds import seed_runs
from mmtf.config import Config
from mmtf.evaluation import Predictions, summarise_seeds
from mmtf.evaluation.ablation import (
    LATE_FUSION,
    compare_variants,
    late_fusion,
    measure,
)
from mmtf.features import FULL
from mmtf.training_record import read_record


def summarise(plan: Plan, names: list[str], config: Config) -> dict:
    """Compares the variants on each split.

    Args:
        plan: the ablation's.
        names: variants, all measured; with late fusion also each single modality.
        config: gives modalities, labels and seeds.

    Returns:
        `models`: of each variant `parameters` and `seconds` of training; `splits`: of
        each one `examples` and `variants`, which are those of
        `mmtf.evaluation.ablation.compare_variants` and with several seeds have
        `seeds`, the mean, standard deviation and values of each figure.
    """
    runs = {name: plan.run(name) for name in names if name != LATE_FUSION}
    return {
        "models": _models(runs, names, config),
        "splits": {
            split: _summarise_split(runs, names, split, config) for split in plan.splits
        },
    }


def _models(runs, names, config):
    models = {}
    for name, run in runs.items():
        record = read_record(run)
        models[name] = {"parameters": record.parameters, "seconds": record.seconds}
    if LATE_FUSION in names:
        singles = [models[modality] for modality in config.model.modalities]
        models[LATE_FUSION] = {
            key: sum(single[key] for single in singles) for key in singles[0]
        }
    return models


def _summarise_split(runs, names, split, config):
    labels, answers = _answers(runs, names, split, config)
    variants = compare_variants(labels, answers, task=config.labels.task)
    if config.train.seeds:
        for name, summary in _seeds(runs, names, split, config).items():
            variants[name]["seeds"] = summary
    return {"examples": len(labels), "variants": variants}


def _answers(runs, names, split, config):
    """Labels (N,), and each variant's answers (N, C)."""
    predictions = {
        name: Predictions.load(run.path(f"predictions/{split}.npz"))
        for name, run in runs.items()
    }
    answers = {
        name: predictions[name].logits[FULL].astype("float64") / run.temperature
        for name, run in runs.items()
    }
    if LATE_FUSION in names:
        singles = config.model.modalities
        # A model of one modality knows of no other.
        presence = np.any([predictions[name].presence for name in singles], axis=0)
        answers[LATE_FUSION] = late_fusion(
            {name: answers[name] for name in singles}, presence, task=config.labels.task
        )
    return next(iter(predictions.values())).labels, answers


def _seeds(runs, names, split, config):
    """By variant, how its figures vary; seeds are those of the configuration."""
    measured = []
    for seed in config.train.seeds:
        of_seed = {
            name: next(r for r in seed_runs(run) if r.config.train.seed == seed)
            for name, run in runs.items()
        }
        labels, answers = _answers(of_seed, names, split, config)
        measured.append(
            {
                name: measure(labels, outputs, task=config.labels.task)
                for name, outputs in answers.items()
            }
        )
    return {name: _spread([figures[name] for figures in measured]) for name in names}


def _spread(figures):
    summary = summarise_seeds([{"subsets": {FULL: of_seed}} for of_seed in figures])
    return {name: spread for name, spread in summary.items() if name != "subsets"}
