"""One check for any layer: what every layer of mmtf owes its users."""

import inspect

import keras
import numpy as np
import tensorflow as tf
from keras import tree


def check_layer(layer_class, arguments, inputs, tmp_path):
    """Builds, calls, configures, saves, loads and differentiates a layer.

    Args:
        layer_class: the class of the layer.
        arguments: every argument of its constructor, none at its default.
        inputs: tuple of call arguments, each an array or a list of arrays.
        tmp_path: folder for the saved model.
    """
    _check_no_argument_at_its_default(layer_class, arguments)
    layer = layer_class(**arguments)
    model = _functional(layer, inputs)
    randomise(layer)
    _check_config(layer, arguments)
    _check_specs(layer, inputs)
    _check_save(model, inputs, tmp_path)
    _check_gradients(layer, inputs)
    for dtype in ("mixed_bfloat16", "mixed_float16"):
        _check_specs(layer_class(**arguments, dtype=dtype), inputs)


def randomise(layer, seed=0):
    """Gives every weight a value that no initializer would."""
    rng = np.random.default_rng(seed)
    for weight in layer.trainable_variables:
        weight.assign(rng.normal(0.1, 0.5, weight.shape))


def _check_no_argument_at_its_default(layer_class, arguments):
    own_classes = (c for c in layer_class.__mro__ if c.__module__.startswith("mmtf."))
    for owner in own_classes:
        constructor = vars(owner).get("__init__", lambda self: None)
        for name, parameter in inspect.signature(constructor).parameters.items():
            if name != "self" and parameter.kind is not parameter.VAR_KEYWORD:
                assert name in arguments, f"no value for `{name}`"
                assert arguments[name] != parameter.default


def _functional(layer, inputs):
    symbolic = tree.map_structure(
        lambda x: keras.Input(x.shape[1:], dtype=x.dtype.name), inputs
    )
    return keras.Model(tree.flatten(symbolic), layer(*symbolic))


def _check_config(layer, arguments):
    config = layer.get_config()
    assert arguments.items() <= config.items()
    assert type(layer).from_config(config).get_config() == config


def _check_specs(layer, inputs):
    specs = tree.map_structure(lambda x: keras.KerasTensor(x.shape, x.dtype), inputs)
    symbolic, eager = layer.compute_output_spec(*specs), layer(*inputs)
    shapes = layer.compute_output_shape(*_shapes(specs))
    assert tree.flatten(_shapes(symbolic)) == tree.flatten(shapes)
    for spec, output in zip(tree.flatten(symbolic), tree.flatten(eager), strict=True):
        assert len(spec.shape) == len(output.shape)
        for promised, size in zip(spec.shape, output.shape, strict=True):
            assert promised in (None, size)
        assert spec.dtype == keras.backend.standardize_dtype(output.dtype)
        assert np.isfinite(tf.cast(output, "float32")).all()


def _shapes(tensors):
    return tree.map_structure(lambda x: tuple(x.shape), tensors)


def _check_save(model, inputs, tmp_path):
    path = tmp_path / "layer.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    arrays = tree.flatten(inputs)
    for before, after in zip(
        tree.flatten(model(arrays)), tree.flatten(loaded(arrays)), strict=True
    ):
        np.testing.assert_array_equal(before, after)


def _check_gradients(layer, inputs):
    with tf.GradientTape() as tape:
        outputs = tree.flatten(layer(*inputs, **_training(layer)))
        loss = sum(tf.reduce_sum(tf.cast(x, "float32") ** 2) for x in outputs)
    weights = layer.trainable_variables
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    for weight, gradient in zip(weights, gradients, strict=True):
        assert gradient is not None, f"{weight.path} has no gradient"
        assert np.isfinite(gradient).all(), f"{weight.path} has a wild gradient"
    keras.optimizers.SGD(0.01).apply(gradients, weights)
    assert all(np.isfinite(weight.numpy()).all() for weight in weights)


def _training(layer):
    takes_it = "training" in inspect.signature(layer.call).parameters
    return {"training": True} if takes_it else {}
