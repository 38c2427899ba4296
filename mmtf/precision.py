"""The numbers that a model computes in."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def layers_in(precision: str) -> Iterator[None]:
    """Layers made inside have that dtype policy; Keras then has its own again.

    Args:
        precision: name of a dtype policy, as `mixed_bfloat16`.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def in_float32(model: keras.Model) -> keras.Model:
    """The model itself if it computes in float32, else a copy that does.

    Args:
        model: one that was built, maybe in mixed precision; its weights are float32
            either way.

    Returns:
        A model with the same weights and the same names.
    """
    if all(layer.compute_dtype == "float32" for layer in model._flatten_layers()):
        return model
    config = _with_float32_policies(keras.saving.serialize_keras_object(model))
    copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(model.get_weights())
    return copy


def _with_float32_policies(config):
    if isinstance(config, dict):
        if config.get("class_name") == "DTypePolicy":
            return {**config, "config": {"name": "float32"}}
        return {key: _with_float32_policies(value) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return type(config)(map(_with_float32_policies, config))
    return config
