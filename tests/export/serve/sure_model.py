"""A model with the inputs of an export, which loads and answers at once."""

import tensorflow as tf

from mmtf import presets


def write_sure_model(folder):
    """Writes version 1 of a model whose `value` is 1, whatever it is asked.

    Args:
        folder: a `pathlib.Path`, MODELS/NAME.
    """

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)] * 3)
    def answer(text, image, audio):
        size = tf.size(text)
        return {"value": tf.ones([size, 1]), "modality_weights": tf.ones([size, 3])}

    module = tf.Module()
    module.answer = answer
    tf.saved_model.save(module, str(folder / "1"), signatures=answer)
    extras = folder / "1" / "assets.extra"
    extras.mkdir()
    (extras / "config.json").write_text(presets.tiny().to_json())
    return str(folder)
