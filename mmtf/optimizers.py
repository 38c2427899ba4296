"""Adam and AdamW that clip the gradient of the whole batch.

Under a distribution strategy Keras (seen in 3.15.1) clips each replica's part of
the gradient and then adds the parts up, so that the result depends on the number
of replicas. These clip the sum. Keras also looks for overflow in the gradients of the
first replica alone, before they are added up; `LossScaleOptimizer` looks in all.
"""

import keras
import tensorflow as tf


class ClipAfterReduction:
    """Mixin for a Keras optimizer; goes before it in the list of bases."""

    def _clip_gradients(self, grads):
        return grads

    def _all_reduce_sum_gradients(self, grads_and_vars):
        reduced = super()._all_reduce_sum_gradients(grads_and_vars)
        grads = super()._clip_gradients([grad for grad, _ in reduced])
        return [
            (grad, variable) for grad, (_, variable) in zip(grads, reduced, strict=True)
        ]


@keras.saving.register_keras_serializable(package="mmtf")
class Adam(ClipAfterReduction, keras.optimizers.Adam):
    """`keras.optimizers.Adam` but for when it clips."""


@keras.saving.register_keras_serializable(package="mmtf")
class AdamW(ClipAfterReduction, keras.optimizers.AdamW):
    """`keras.optimizers.AdamW` but for when it clips."""


@keras.saving.register_keras_serializable(package="mmtf")
class LossScaleOptimizer(keras.optimizers.LossScaleOptimizer):
    """Scales the loss, and leaves out a step that overflows in any replica."""

    def check_finite(self, grads):
        overflows = tf.cast(tf.logical_not(super().check_finite(grads)), tf.float32)
        replica = tf.distribute.get_replica_context()
        return tf.equal(replica.all_reduce(tf.distribute.ReduceOp.SUM, overflows), 0.0)
