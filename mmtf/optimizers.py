"""Adam and AdamW that clip the gradient of the whole batch, in few passes over it.

Under a distribution strategy Keras (seen in 3.15.1) clips each replica's part of
the gradient and then adds the parts up, so that the result depends on the number
of replicas. These clip the sum. Keras also looks for overflow in the gradients of the
first replica alone, before they are added up; `LossScaleOptimizer` looks in all.

Weights are larger than any cache, so that time goes by how often they are gone over
(docs/performance.md).
"""

import keras
import tensorflow as tf
from keras import ops


class ClipAfterReduction:
    """Mixin for a Keras optimizer; goes before it in the list of bases."""

    def _clip_gradients(self, grads):
        return grads

    def _all_reduce_sum_gradients(self, grads_and_vars):
        reduced = super()._all_reduce_sum_gradients(grads_and_vars)
        # Those of embeddings come as rows, of which Keras takes the norm and squares
        # before it adds up those of the same token.
        grads = [
            None if grad is None else tf.convert_to_tensor(grad) for grad, _ in reduced
        ]
        if self.global_clipnorm:
            grads, _ = tf.clip_by_global_norm(grads, self.global_clipnorm)
        else:
            grads = super()._clip_gradients(grads)
        return [
            (grad, variable) for grad, (_, variable) in zip(grads, reduced, strict=True)
        ]


class UpdateAtOnce:
    """Mixin for Keras's Adam: one kernel updates a weight and both of its moments."""

    def update_step(self, gradient, variable, learning_rate):
        if self.amsgrad:
            return super().update_step(gradient, variable, learning_rate)
        dtype = variable.dtype
        step = ops.cast(self.iterations + 1, dtype)
        index = self._get_variable_index(variable)
        beta_1, beta_2 = (ops.cast(b, dtype) for b in (self.beta_1, self.beta_2))
        return tf.raw_ops.ResourceApplyAdam(
            var=_tensorflow_variable(variable).handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=ops.power(beta_1, step),
            beta2_power=ops.power(beta_2, step),
            lr=ops.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=ops.cast(self.epsilon, dtype),
            grad=ops.cast(gradient, dtype),
        )


def _tensorflow_variable(variable):
    return variable.value if isinstance(variable, keras.Variable) else variable


@keras.saving.register_keras_serializable(package="mmtf")
class Adam(ClipAfterReduction, UpdateAtOnce, keras.optimizers.Adam):
    """`keras.optimizers.Adam` but for when it clips."""


@keras.saving.register_keras_serializable(package="mmtf")
class AdamW(ClipAfterReduction, UpdateAtOnce, keras.optimizers.AdamW):
    """`keras.optimizers.AdamW` but for when it clips."""


@keras.saving.register_keras_serializable(package="mmtf")
class LossScaleOptimizer(keras.optimizers.LossScaleOptimizer):
    """Scales the loss, and leaves out a step that overflows in any replica."""

    def check_finite(self, grads):
        overflows = tf.cast(tf.logical_not(super().check_finite(grads)), tf.float32)
        replica = tf.distribute.get_replica_context()
        return tf.equal(replica.all_reduce(tf.distribute.ReduceOp.SUM, overflows), 0.0)
