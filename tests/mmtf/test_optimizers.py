import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf import optimizers

VALUES = {"kernel": (40, 7), "bias": (7,), "table": (5, 3)}


def new_weights(dtype="float32"):
    generator = np.random.default_rng(1)
    return [
        keras.Variable(generator.normal(size=shape), dtype=dtype, name=name)
        for name, shape in VALUES.items()
    ]


def gradients(step, dtype="float32"):
    """Of a kernel, of nothing, and of some rows, one of them twice."""
    generator = np.random.default_rng(step)
    kernel = tf.constant(generator.normal(size=(40, 7)), dtype)
    rows = tf.constant(generator.normal(size=(3, 3)), dtype)
    table = tf.IndexedSlices(rows, tf.constant([4, 1, 4]), tf.constant([5, 3]))
    return [kernel, None, table]


def dense(grads):
    # Keras would count a row that comes twice as two.
    return [tf.convert_to_tensor(grad) if grad is not None else None for grad in grads]


def trained(optimizer, dtype="float32", prepare=lambda grads: grads):
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    weights = new_weights(dtype)
    optimizer.build(weights)
    step = tf.function(lambda grads: optimizer.apply(grads, weights))
    for index in range(4):
        step(prepare(gradients(index, dtype)))
    return [x.numpy() for x in (*weights, *optimizer.variables)]


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize("name", ["Adam", "AdamW"])
@pytest.mark.parametrize(
    ("arguments", "dtype"),
    [
        ({"global_clipnorm": 0.5, "beta_1": 0.8}, "float32"),
        ({"global_clipnorm": 1e6, "epsilon": 0.1, "weight_decay": 0.2}, "float32"),
        ({"clipnorm": 0.1, "amsgrad": True}, "float32"),
        ({"clipvalue": 0.1, "gradient_accumulation_steps": 2}, "float32"),
        ({"use_ema": True}, "float64"),
    ],
)
def test_updates_are_those_of_keras(name, arguments, dtype):
    arguments = {"learning_rate": 0.03, **arguments}
    received = trained(getattr(optimizers, name)(**arguments), dtype)
    expected = trained(getattr(keras.optimizers, name)(**arguments), dtype, dense)
    for one, other in zip(received, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_an_infinite_gradient_is_seen():
    weight = keras.Variable([1.0, 2.0])
    optimizer = optimizers.AdamW(0.1, global_clipnorm=1.0)
    optimizer.apply([tf.constant([np.inf, 1.0])], [weight])
    assert np.isnan(weight.numpy()).all()


@pytest.mark.parametrize("kind", [optimizers.Adam, optimizers.AdamW])
def test_one_kernel_updates_a_weight(kind):
    weight, optimizer = keras.Variable([1.0, 2.0]), kind(0.1)
    optimizer.build([weight])
    step = tf.function(lambda grad: optimizer.apply([grad], [weight]))
    graph = step.get_concrete_function(tf.TensorSpec((2,))).graph
    kinds = [op.type for op in graph.get_operations()]
    assert kinds.count("ResourceApplyAdam") == 1
    assert "Square" not in kinds


def test_a_restored_optimizer_goes_on_alike(tmp_path):
    def new(seed):
        weight = keras.Variable(np.full((2,), float(seed)))
        optimizer = optimizers.AdamW(0.1, beta_2=0.9, global_clipnorm=1.0)
        optimizer.build([weight])
        return tf.train.Checkpoint(w=weight.value, o=optimizer), weight, optimizer

    checkpoint, weight, optimizer = new(1)
    optimizer.apply([tf.constant([1.0, 2.0])])
    path = checkpoint.save(str(tmp_path / "checkpoint"))
    other_checkpoint, other_weight, other = new(2)
    other_checkpoint.restore(path)
    for one in (optimizer, other):
        one.apply([tf.constant([-1.0, 0.5])])
    np.testing.assert_array_equal(weight, other_weight)
    assert type(optimizer).from_config(optimizer.get_config()).beta_2 == 0.9
