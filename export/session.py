"""A SavedModel opened the way TensorFlow Serving opens it.

The server loads the graph into a Session, restores the variables by the names
that the graph holds, and runs signatures; `tf.saved_model.load` goes by the
Python object graph instead, and so finds variables that the server does not.
"""

import os
from collections.abc import Iterable

import numpy as np
import tensorflow as tf

# Its kernels must be registered before a graph that needs them is loaded.
import tensorflow_text  # noqa: F401
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

from mmtf.errors import InputError

_INIT = "__saved_model_init_op"


class SavedModelSession:
    """A loaded SavedModel; `run` may be called from many threads at once.

    Args:
        folder: a version folder, which holds `saved_model.pb`.

    Attributes:
        graph_def: the graph, with its library of functions.
        signatures: `{name: SignatureDef}`.

    Raises:
        InputError: the folder holds no SavedModel to serve.
        tf.errors.OpError: the graph could not be loaded or restored.
    """

    def __init__(self, folder: str):
        meta_graph = _read_meta_graph(folder)
        self.graph_def = meta_graph.graph_def
        self.signatures = dict(meta_graph.signature_def)
        self._defaults = {
            name: {key: tf.make_ndarray(value) for key, value in s.defaults.items()}
            for name, s in self.signatures.items()
        }
        graph = tf.Graph()
        with graph.as_default():
            tf.import_graph_def(self.graph_def, name="")
        self._session = tf.compat.v1.Session(graph=graph, config=_session_config())
        try:
            _restore(self._session, meta_graph, folder)
        except BaseException:
            self.close()
            raise

    def run(
        self,
        signature_name: str,
        inputs: dict[str, np.ndarray],
        *,
        outputs: Iterable[str] | None = None,
        timeout_seconds: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Runs one signature.

        Args:
            signature_name: a key of `signatures`.
            inputs: arrays by input name; one that the signature has a default
                for may be left out.
            outputs: names of the outputs to compute; all of them by default.
            timeout_seconds: how long it may take.

        Returns:
            Arrays by output name; strings as objects of type bytes.

        Raises:
            tf.errors.OpError: the graph refused the inputs, or time ran out.
        """
        signature = self.signatures[signature_name]
        inputs = self._defaults[signature_name] | inputs
        names = list(signature.outputs) if outputs is None else list(outputs)
        feeds = {signature.inputs[key].name: value for key, value in inputs.items()}
        fetches = {key: signature.outputs[key].name for key in names}
        try:
            return self._session.run(fetches, feeds, _run_options(timeout_seconds))
        except ValueError as error:
            # Python checks ranks before the graph can; the answer is the same.
            raise tf.errors.InvalidArgumentError(None, None, str(error)) from error

    def close(self) -> None:
        """Frees the variables."""
        self._session.close()


def _read_meta_graph(folder) -> meta_graph_pb2.MetaGraphDef:
    path = os.path.join(folder, "saved_model.pb")
    if not os.path.isfile(path):
        raise InputError(
            "A version must be a folder written by `mmtf export`. Received: "
            f"{folder!r}, which has no saved_model.pb."
        )
    with open(path, "rb") as file:
        saved_model = saved_model_pb2.SavedModel.FromString(file.read())
    for meta_graph in saved_model.meta_graphs:
        if set(meta_graph.meta_info_def.tags) == {"serve"}:
            return meta_graph
    raise InputError(
        f"A SavedModel must hold a graph tagged `serve`. Received: {folder!r}, "
        "which has none."
    )


def _session_config():
    # On the CPU everywhere, as in the server's stock image.
    config = tf.compat.v1.ConfigProto(device_count={"GPU": 0})
    # The server compiles nothing unless it is told to.
    config.graph_options.optimizer_options.global_jit_level = (
        tf.compat.v1.OptimizerOptions.OFF
    )
    return config


def _restore(session, meta_graph, folder):
    assets = {
        asset.tensor_info.name: os.path.join(folder, "assets", asset.filename)
        for asset in meta_graph.asset_file_def
    }
    saver = meta_graph.saver_def
    if os.path.isfile(os.path.join(folder, "variables", "variables.index")):
        prefix = os.path.join(folder, "variables", "variables")
        session.run(saver.restore_op_name, {saver.filename_tensor_name: prefix})
    if _INIT in meta_graph.signature_def:
        init = meta_graph.signature_def[_INIT].outputs[_INIT].name
        session.run(init, assets)


def _run_options(timeout_seconds):
    if timeout_seconds is None:
        return None
    # Zero would mean that there is no limit.
    milliseconds = max(1, int(timeout_seconds * 1000))
    return tf.compat.v1.RunOptions(timeout_in_ms=milliseconds)
