"""Strategies over the devices of one machine, and a model that trains under them."""

import keras
import tensorflow as tf

from mmtf.errors import InputError


@keras.saving.register_keras_serializable(package="mmtf")
class DistributedModel(keras.Model):
    """A Functional model that `fit` and `evaluate` accept under MirroredStrategy.

    Keras builds metrics from the shapes of a first batch, which it makes by
    averaging what the replicas hold. That fails for booleans (`presence`) and
    for batches that do not divide evenly (seen in Keras 3.15.1). One replica's
    part has the same shapes but for the first axis, so this model takes that.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        if self._distribute_strategy is not None and iterator is not None:
            for _, _, batches in iterator:
                data_batch = keras.tree.map_structure(
                    lambda value: self.distribute_strategy.experimental_local_results(
                        value
                    )[0],
                    next(batches),
                )
                break
        super()._maybe_symbolic_build(data_batch=data_batch)


def make_strategy(name: str, *, virtual_devices: int = 1) -> tf.distribute.Strategy:
    """The strategy of that name over this machine's devices.

    Args:
        name: `mirrored` (every GPU, or the CPU when there is none) or `one`.
        virtual_devices: how many logical devices to make of the CPU; `mirrored`
            then spans them, GPU or not.

    Raises:
        InputError: TensorFlow has started with another number of devices.
    """
    split_cpu(virtual_devices)
    if name == "one":
        device = "GPU:0" if tf.config.list_logical_devices("GPU") else "CPU:0"
        return tf.distribute.OneDeviceStrategy(device)
    if virtual_devices > 1:
        return tf.distribute.MirroredStrategy(
            [f"CPU:{index}" for index in range(virtual_devices)]
        )
    return tf.distribute.MirroredStrategy()


def split_cpu(virtual_devices: int) -> None:
    """Makes so many logical devices of the CPU; 1 leaves it as it is.

    Raises:
        InputError: TensorFlow has computed already, on another number of devices.
    """
    if virtual_devices == 1:
        return
    cpu = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration()] * virtual_devices
    try:
        tf.config.set_logical_device_configuration(cpu, parts)
    except RuntimeError as error:
        if len(tf.config.list_logical_devices("CPU")) != virtual_devices:
            raise InputError(
                "`virtual_devices` must be set before the first computation. Received: "
                f"virtual_devices={virtual_devices} in a process that has computed "
                "already. Call `mmtf.distribution.split_cpu` first."
            ) from error
