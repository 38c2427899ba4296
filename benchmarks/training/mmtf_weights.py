"""mmtf's weights under the names and in the layouts of the twin.

Those of Keras and keras-hub are found by their paths. mmtf's own are read in the order
in which they are made, each checked by the last part of its path, so that layers may
be written anew without ado.
"""

import keras
import numpy as np

from benchmarks.training.named_weights import Weights

_BERT_EMBEDDINGS = {
    "token_embedding": "word_embeddings",
    "position_embedding": "position_embeddings",
    "segment_embedding": "token_type_embeddings",
}
_BERT_LAYER = {
    "self_attention_layer/query": "attention.self.query",
    "self_attention_layer/key": "attention.self.key",
    "self_attention_layer/value": "attention.self.value",
    "self_attention_layer/attention_output": "attention.output.dense",
    "self_attention_layer_norm": "attention.output.LayerNorm",
    "feedforward_intermediate_dense": "intermediate.dense",
    "feedforward_output_dense": "output.dense",
    "feedforward_layer_norm": "output.LayerNorm",
}
_RESNET_BLOCKS = {"conv2": 3, "conv3": 4, "conv4": 6, "conv5": 3}


def twin_weights(model: keras.Model) -> dict[str, np.ndarray]:
    """The state of the twin of a model from `benchmarks.training.mmtf_model`.

    Raises:
        ValueError: the model holds other weights than the twin.
    """
    state = {}
    for layer in model.layers:
        if layer.weights:
            prefix, read = _READERS[layer.name]
            weights = Weights({w.path: np.asarray(w) for w in layer.weights})
            state |= {prefix + name: value for name, value in read(weights)}
            weights.require_none_left()
    return state


def _bert(weights):
    for path, name in _BERT_EMBEDDINGS.items():
        yield f"embeddings.{name}.weight", weights.take(f"{path}/embeddings")
    yield from _at(weights, "embeddings_layer_norm", "embeddings.LayerNorm")
    index = 0
    while f"transformer_layer_{index}/self_attention_layer/query/kernel" in weights:
        for path, name in _BERT_LAYER.items():
            path, name = f"transformer_layer_{index}/{path}", f"layer.{index}.{name}"
            yield from _at(weights, path, f"encoder.{name}")
        index += 1
    yield from _at(weights, "pooled_dense", "pooler.dense")


def _at(weights, path, name):
    if f"{path}/gamma" in weights:
        yield f"{name}.weight", weights.take(f"{path}/gamma")
        yield f"{name}.bias", weights.take(f"{path}/beta")
    else:
        kernel, bias = weights.take(f"{path}/kernel"), weights.take(f"{path}/bias")
        yield from _linear(name, kernel, bias)


def _resnet50(weights):
    yield from _convolution(weights, "conv1", "embedder.embedder")
    for stage, (stage_path, num_blocks) in enumerate(_RESNET_BLOCKS.items()):
        for block in range(num_blocks):
            path = f"{stage_path}_block{block + 1}"
            name = f"encoder.stages.{stage}.layers.{block}"
            if block == 0:
                yield from _convolution(weights, f"{path}_0", f"{name}.shortcut")
            for index in range(3):
                at = f"{path}_{index + 1}"
                yield from _convolution(weights, at, f"{name}.layer.{index}")


def _convolution(weights, path, name):
    kernel = weights.take(f"{path}_conv/kernel")
    norm = {
        leaf: weights.take(f"{path}_bn/{leaf}")
        for leaf in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    yield f"{name}.convolution.weight", kernel.transpose(3, 2, 0, 1)
    yield f"{name}.normalization.weight", norm["gamma"]
    yield f"{name}.normalization.bias", norm["beta"]
    yield f"{name}.normalization.running_mean", norm["moving_mean"]
    yield f"{name}.normalization.running_var", norm["moving_variance"]


def _conv_tasnet(weights):
    (kernel,) = weights.next("kernel")  # (L, 1, N)
    yield "front_end.weight", kernel.transpose(2, 1, 0)
    yield from _norm("norm", *weights.next("gamma", "beta"))
    yield from _pointwise("bottleneck", *weights.next("kernel", "bias"))
    index = 0
    while weights.upcoming() == "kernel":
        yield from _separable_block(weights, f"blocks.{index}")
        index += 1
    yield from _prelu("activation", *weights.next("alpha"))
    yield from _pointwise("output", *weights.next("kernel", "bias"))


def _separable_block(weights, name):
    yield from _pointwise(f"{name}.expand", *weights.next("kernel", "bias"))
    yield from _prelu(f"{name}.expand_activation", *weights.next("alpha"))
    yield from _norm(f"{name}.expand_norm", *weights.next("gamma", "beta"))
    kernel, bias = weights.next("kernel", "bias")  # (P, H, 1)
    yield f"{name}.depthwise.weight", kernel.transpose(1, 2, 0)
    yield f"{name}.depthwise.bias", bias
    yield from _prelu(f"{name}.depthwise_activation", *weights.next("alpha"))
    yield from _norm(f"{name}.depthwise_norm", *weights.next("gamma", "beta"))
    yield from _pointwise(f"{name}.residual_and_skip", *weights.next("kernel", "bias"))


def _attention_fusion(weights):
    embedding, query, absent = weights.next("embedding", "query", "absent")
    yield from {"embedding": embedding, "query": query, "absent": absent}.items()
    for index in range(len(embedding)):
        yield from _linear(f"projections.{index}", *weights.next("kernel", "bias"))
    yield from _norm("token_norm", *weights.next("gamma", "beta"))
    index, (gamma, beta) = 0, weights.next("gamma", "beta")
    while weights.upcoming():
        name = f"layers.{index}"
        yield from _norm(f"{name}.attention_norm", gamma, beta)
        yield from _norm(f"{name}.feedforward_norm", *weights.next("gamma", "beta"))
        for part in ("widen", "query", "key", "value", "attention_output", "narrow"):
            yield from _linear(f"{name}.{part}", *weights.next("kernel", "bias"))
        index, (gamma, beta) = index + 1, weights.next("gamma", "beta")
    yield from _norm("final_norm", gamma, beta)


def _head(weights):
    yield from _linear("logits", *weights.next("kernel", "bias"))


def _linear(name, kernel, bias):
    # Heads of an attention have an axis of their own in Keras.
    yield f"{name}.weight", kernel.reshape(-1, bias.size).T
    yield f"{name}.bias", bias.ravel()


def _pointwise(name, kernel, bias):
    yield f"{name}.weight", kernel.T[..., None]
    yield f"{name}.bias", bias


def _norm(name, gamma, beta):
    yield f"{name}.weight", gamma
    yield f"{name}.bias", beta


def _prelu(name, alpha):
    yield f"{name}.weight", alpha.reshape(1)


_READERS = {
    "text_encoder": ("encoders.text.bert.", _bert),
    "image_encoder": ("encoders.image.resnet.", _resnet50),
    "audio_encoder": ("encoders.audio.", _conv_tasnet),
    "fusion": ("fusion.", _attention_fusion),
    "logits": ("", _head),
}
