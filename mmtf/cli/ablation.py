"""The verb that trains what a fusion must be better than: `ablate`."""

import os
import sys
from collections.abc import Callable
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from mmtf.cli.ablation_runs import (
    Plan,
    clear_variant,
    measure_variant,
    train_variant,
)
from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.cli.training import PresetName, with_labels
from mmtf.config import Config, DataConfig, Labels, ModelConfig, TrainConfig
from mmtf.errors import InputError

Variant = Literal[
    "text", "image", "audio", "concat", "gated", "attention", "cnn_rnn", "late_fusion"
]
SPLITS = ("validation", "test")


def ablate_verb(base: Config) -> Callable:
    def ablate(
        data_folder: Annotated[Positional[str], arg(metavar="DATA")],
        out_folder: Annotated[Positional[str], arg(metavar="OUT")],
        preset: PresetName = "small",
        variants: tuple[Variant, ...] = (),
        overwrite: bool = False,
        as_json: JsonFlag = False,
        data: DataConfig = base.data,
        model: ModelConfig = base.model,
        train: TrainConfig = base.train,
    ) -> None:
        """Train each modality alone, each fusion and a baseline, and compare them.

        All have the same rows, options and epochs, and are measured on the same rows;
        a row without a model's modality teaches it what to say of nothing. Late fusion
        averages the models of single modalities, without training. What has been
        trained already is kept, so that a run that was cut short goes on.

        Args:
            data_folder: folder written by `mmtf build`.
            out_folder: folder that receives a run for each variant, and ablation.json.
            preset: gives the options below their defaults.
            variants: some of them; all when left out.
            overwrite: remove what these variants have in OUT, and train them anew.
            as_json: print ablation.json.
        """
        config = Config(data=data, model=model, train=train, labels=Labels())
        ablation = _ablate(data_folder, out_folder, config, variants, overwrite)
        print(dumps(ablation) if as_json else _format(ablation))

    return ablate


def _ablate(data_folder, out_folder, config, chosen, overwrite):
    start_tensorflow()
    import pipelines
    from mmtf.cli.ablation_results import summarise
    from mmtf.run import check_free, write_text

    check_free(out_folder, overwrite=True)
    info = pipelines.read_info(data_folder)
    config = with_labels(config, data_folder)
    names, configs = _variants(config, chosen)
    plan = Plan(
        data=data_folder,
        fingerprint=pipelines.data_fingerprint(data_folder),
        out=out_folder,
        splits=tuple(split for split in SPLITS if split in info.splits),
    )
    if overwrite:
        for name in configs:
            clear_variant(plan, name)
    # All are looked at before any is trained.
    unfinished = [name for name in configs if plan.must_train(name, configs[name])]
    for number, (name, of_variant) in enumerate(configs.items(), 1):
        state = "" if name in unfinished else ", trained already"
        print(f"{name}, {number} of {len(configs)}{state}", file=sys.stderr)
        if name in unfinished:
            train_variant(plan, name, of_variant)
        measure_variant(plan, name)
    ablation = summarise(plan, names, config)
    write_text(os.path.join(out_folder, "ablation.json"), dumps(ablation) + "\n")
    return ablation


def _variants(config, chosen):
    """The names of all variants, and the configs of those that are trained."""
    from mmtf import presets
    from mmtf.evaluation.ablation import LATE_FUSION, ablation_variants

    configs = ablation_variants(config, presets.cnn_rnn().model)
    names = [name for name in (*configs, LATE_FUSION) if not chosen or name in chosen]
    absent = [name for name in chosen if name not in names]
    if absent:
        raise InputError(
            "`--variants` must be of the modalities that there are. Received: "
            f"{absent[0]}, with --model.modalities {' '.join(config.model.modalities)}."
        )
    missing = [name for name in config.model.modalities if name not in names]
    if LATE_FUSION in names and missing:
        raise InputError(
            "late_fusion must have a model of each modality alone. Received: "
            f"--variants without {' '.join(missing)}. Name them too; what is trained "
            "is kept."
        )
    return names, {name: configs[name] for name in configs if name in names}


def _format(ablation):
    from mmtf.evaluation import format_ablation

    return format_ablation(list(ablation["splits"])[-1], ablation)
