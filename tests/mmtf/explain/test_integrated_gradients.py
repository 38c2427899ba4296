import numpy as np
import pytest
import tensorflow as tf

from mmtf.explain import integrated_gradients


def attribute(function, inputs, baseline=None, **options):
    inputs = np.array(inputs, np.float32)
    baseline = np.zeros_like(inputs) if baseline is None else np.float32(baseline)
    return integrated_gradients(function, baseline, inputs, **options)


def test_a_linear_function_gives_each_its_term():
    weights = tf.constant([1.0, -2.0, 0.0])
    found = attribute(
        lambda x: tf.linalg.matvec(x, weights) + 5.0, [3.0, 2.0, 7.0], [1.0, 1.0, 1.0]
    )
    assert found.values.tolist() == pytest.approx([2.0, -2.0, 0.0], abs=1e-5)
    assert (found.baseline_output, found.output) == pytest.approx((4.0, 4.0))
    assert found.num_gradients == 16


def test_a_product_is_shared_evenly():
    found = attribute(lambda x: x[:, 0] * x[:, 1], [2.0, 3.0])
    assert found.values.tolist() == pytest.approx([3.0, 3.0], abs=1e-5)


def test_powers_by_their_integral():
    """Along t * (2, 1), the gradient of x^3 y is (12 t^3, 8 t^3)."""
    found = attribute(lambda x: x[:, 0] ** 3 * x[:, 1], [2.0, 1.0])
    assert found.values.tolist() == pytest.approx([12 / 4 * 2, 8 / 4], abs=1e-4)


@pytest.mark.parametrize("scale", [1e1, 1e3, 1e5])
def test_what_happens_close_to_the_baseline_is_found(scale):
    weights = tf.constant([1.0, 2.0, -0.5])

    def saturated(x):
        return 3 * tf.tanh(scale * tf.linalg.matvec(x, weights))

    found = attribute(saturated, [1.0, 1.0, 1.0])
    assert found.relative_error < 0.01
    # Along the line every element takes a constant share of the gradient.
    np.testing.assert_allclose(
        found.values, 3 * np.array([1, 2, -0.5]) / 2.5, rtol=0.02
    )


def test_kinks_are_closed_in_on():
    knots = np.linspace(0.013, 0.977, 37).astype("float32")

    def kinked(x):
        return tf.reduce_sum(tf.nn.relu(tf.reduce_sum(x, -1)[:, None] - knots), -1)

    found = attribute(kinked, [0.25, 0.75])
    assert found.output == pytest.approx((1 - knots).sum(), rel=1e-5)
    assert found.relative_error < 0.01
    assert found.values[1] == pytest.approx(3 * found.values[0], rel=1e-4)


def test_the_error_is_told_where_gradients_are_not_allowed_to_suffice():
    found = attribute(
        lambda x: tf.tanh(1e5 * x[:, 0]), [1.0], tolerance=1e-6, max_gradients=24
    )
    assert found.num_gradients <= 24
    assert found.error == pytest.approx(abs(found.values.sum() - 1.0), abs=1e-6)
    assert found.relative_error > 0.5


def test_a_jump_is_left_over_as_error():
    found = attribute(
        lambda x: x[:, 0] + tf.where(x[:, 0] > 0.3, 2.0, 0.0), [1.0], max_gradients=9999
    )
    assert found.num_gradients < 400
    assert found.values[0] == pytest.approx(1.0, abs=1e-3)
    assert found.error == pytest.approx(2.0, abs=1e-3)


def test_nothing_changes_nothing():
    found = attribute(lambda x: tf.ones_like(x[:, 0]), [1.0, 2.0])
    assert found.values.tolist() == [0.0, 0.0]
    assert (found.error, found.relative_error) == (0.0, None)


def test_the_number_of_rows_in_a_call_changes_no_answer():
    def function(x):
        assert x.shape[1:] == (2, 3)
        return tf.reduce_sum(tf.sin(3 * x) * tf.cos(x[:, ::-1]), axis=(1, 2))

    inputs = np.random.default_rng(0).normal(size=(2, 3))
    few, many = (attribute(function, inputs, rows=rows).values for rows in (3, 8))
    np.testing.assert_allclose(few, many, atol=1e-6)
    again = attribute(function, inputs, rows=8).values
    np.testing.assert_array_equal(many, again)
