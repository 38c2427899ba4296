import csv
import dataclasses

import keras
import numpy as np
import pytest

from mmtf import presets, training
from mmtf.config import Labels, TrainConfig
from mmtf.distribution import make_strategy
from mmtf.errors import InputError
from mmtf.run import Run, start_run
from tests.mmtf.first_losses import random_rows


def tiny(**train):
    config = dataclasses.replace(
        presets.tiny(), labels=Labels(class_names=("a", "b", "c"))
    )
    return dataclasses.replace(config, train=dataclasses.replace(config.train, **train))


def fit(config, folder):
    rows = random_rows(config)
    train = rows.batch(8, drop_remainder=True)
    strategy = make_strategy("one")
    model = training.prepare_model(config, strategy, steps_per_epoch=len(train))
    run = Run(str(folder))
    start_run(run, config)
    return training.fit(model, train, rows.batch(10), config.train, run), run


def test_steps_must_be_known():
    with pytest.raises(InputError, match="`steps_per_epoch` must be 1 or more.*-2"):
        training.prepare_model(tiny(), make_strategy("one"), steps_per_epoch=-2)


def test_several_seeds_are_not_for_one_model():
    with pytest.raises(InputError, match=r"with one seed. Received: seeds=\(1, 2\)"):
        training.prepare_model(
            tiny(seeds=(1, 2)), make_strategy("one"), steps_per_epoch=1
        )


def test_fit_leaves_a_model_a_history_and_logs(tmp_path):
    model, run = fit(tiny(epochs=2), tmp_path)
    assert model.count_params() > 0
    with open(run.path("history.csv")) as file:
        epochs = list(csv.DictReader(file))
    assert [row["epoch"] for row in epochs] == ["0", "1"]
    assert all(np.isfinite(float(row["val_loss"])) for row in epochs)
    assert {"train", "validation"} <= {p.name for p in (tmp_path / "logs").iterdir()}


def test_the_same_seed_gives_the_same_weights(tmp_path):
    first, _ = fit(tiny(seed=3), tmp_path / "1")
    second, _ = fit(tiny(seed=3), tmp_path / "2")
    other, _ = fit(tiny(seed=4), tmp_path / "3")
    pairs = list(zip(first.get_weights(), second.get_weights(), strict=True))
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])


def test_a_loss_that_is_no_number_is_said(tmp_path):
    with pytest.raises(InputError, match="finite validation loss.*learning-rate"):
        fit(tiny(learning_rate=1e30, clip_norm=0.0), tmp_path)


def test_regression_trains_on_squared_error(tmp_path):
    config = dataclasses.replace(tiny(), labels=Labels(task="regression"))
    model, _ = fit(config, tmp_path)
    assert model.output_shape == (None, 1)


def test_early_stopping_ends_training(tmp_path):
    fit(tiny(epochs=9, patience=1, learning_rate=0.3, clip_norm=0.0), tmp_path)
    with open(tmp_path / "history.csv") as file:
        assert len(list(csv.DictReader(file))) < 9


def test_the_rate_rises_then_falls_to_zero():
    config = TrainConfig(learning_rate=0.5, warmup_fraction=0.2)
    rate = training.make_optimizer(config, total_steps=100)._learning_rate
    assert float(rate(0)) == 0.0
    assert float(rate(10)) == pytest.approx(0.25)
    assert float(rate(20)) == pytest.approx(0.5)
    assert float(rate(60)) == pytest.approx(0.25)
    assert float(rate(100)) == pytest.approx(0.0, abs=1e-7)


def test_optimizer_options_reach_the_optimizer():
    adam = training.make_optimizer(
        TrainConfig(optimizer="adam", clip_norm=2.5), total_steps=1
    )
    adamw = training.make_optimizer(
        TrainConfig(weight_decay=0.125, clip_norm=0.0), total_steps=1
    )
    assert isinstance(adam, keras.optimizers.Adam)
    assert not isinstance(adam, keras.optimizers.AdamW)
    assert adam.global_clipnorm == 2.5
    assert adamw.weight_decay == 0.125
    assert adamw.global_clipnorm is None


@pytest.mark.parametrize(("kind", "choice"), [("CPU", False), ("GPU", "auto")])
def test_keras_may_choose_xla_on_gpus(kind, choice, monkeypatch):
    monkeypatch.setattr(
        "tensorflow.config.list_physical_devices",
        lambda asked=None: [kind] if asked == kind else [],
    )
    options = {}
    monkeypatch.setattr(
        keras.Model, "compile", lambda self, *_, **given: options.update(given)
    )
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    training.compile_model(model, tiny(), total_steps=10)
    assert options["jit_compile"] == choice


def test_only_kernels_decay():
    layer = keras.layers.Dense(2, name="dense")
    layer.build((None, 3))
    optimizer = training.make_optimizer(TrainConfig(), total_steps=1)
    optimizer.build(layer.trainable_variables)
    assert optimizer._use_weight_decay(layer.kernel)
    assert not optimizer._use_weight_decay(layer.bias)


def test_the_best_model_is_kept_and_the_worse_is_not(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    keeper = training.KeepBest(str(tmp_path / "model.keras"))
    keeper.set_model(model)
    for value, loss in [(1.0, 0.5), (2.0, 0.7), (3.0, float("nan"))]:
        model.set_weights([np.full((1, 1), value), np.zeros(1)])
        keeper.on_epoch_end(0, {"val_loss": loss})
    kept = keras.saving.load_model(tmp_path / "model.keras")
    assert kept.get_weights()[0][0, 0] == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]


def test_balanced_weights_by_hand():
    assert training.balanced_class_weight([1, 3, 0]) == {0: 2.0, 1: 4 / 6, 2: 0.0}
