"""A SavedModel opened by the loader and the session of TensorFlow Serving."""

import weakref
from collections.abc import Iterable, Mapping
from ctypes import c_void_p

import numpy as np

from export.protocol import ConfigProto, RunOptions
from export.runtime import tensors
from export.runtime.c_api import Buffer, Output
from export.runtime.library import checked_status, load_runtime
from export.runtime.loaded_graph import LoadedGraph
from export.runtime.status import Code, StatusError


class SavedModelSession:
    """A loaded SavedModel; `run` may be called from many threads at once.

    It is on the CPU, as in the server's stock image. What the server does not
    check, the ranks of inputs above all, is not checked here either.

    Args:
        folder: a version folder, which holds `saved_model.pb`.
        text_ops: see `load_runtime`.
        intra_op_threads: threads within one operation; 0 for one a core. The
            first session of a process sets both numbers for all of them.
        inter_op_threads: operations at one time; likewise.

    Attributes:
        meta_graph: the loaded MetaGraphDef.
        signatures: `{name: SignatureDef}`.
        defaults: `{signature: {input: array}}`, for inputs that may be left out.

    Raises:
        InputError: the folder holds no SavedModel to serve.
        StatusError: it holds one that does not load.
    """

    def __init__(
        self,
        folder: str,
        *,
        text_ops: Iterable[str] | None = None,
        intra_op_threads: int = 0,
        inter_op_threads: int = 0,
    ):
        self._api = load_runtime(text_ops)
        config = ConfigProto(
            device_count={"GPU": 0},
            intra_op_parallelism_threads=intra_op_threads,
            inter_op_parallelism_threads=inter_op_threads,
            # Threads that look for work busily take it from those that have some.
            experimental={"disable_thread_spinning": True},
        )
        self._loaded = LoadedGraph(self._api, folder, config)
        self._free = weakref.finalize(self, self._loaded.close)
        # The runtime must not be called while the interpreter goes away.
        self._free.atexit = False
        self.meta_graph = self._loaded.meta_graph
        self.signatures = dict(self.meta_graph.signature_def)
        self.defaults = {
            name: {key: self._read(value) for key, value in signature.defaults.items()}
            for name, signature in self.signatures.items()
        }
        self._inputs = self._find(lambda signature: signature.inputs)
        self._outputs = self._find(lambda signature: signature.outputs)

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        *,
        outputs: Iterable[str | tuple[str, str]] | None = None,
        timeout_seconds: float | None = None,
    ) -> dict[str | tuple[str, str], np.ndarray]:
        """Runs one signature, or several that take the same tensors.

        Args:
            signature_name: a key of `signatures`.
            inputs: arrays by input name; strings as objects of type bytes. One
                that the signature has a default for may be left out.
            outputs: names of the outputs to compute; all of them by default. A pair
                of names is an output of another signature.
            timeout_seconds: how long it may take.

        Returns:
            Arrays by output name; strings as objects of type bytes.

        Raises:
            StatusError: the graph refused the inputs, time ran out, the session
                is closed, or the signature has no such name.
        """
        self._require_signature(signature_name)
        names = list(self._outputs[signature_name] if outputs is None else outputs)
        inputs = {**self.defaults[signature_name], **inputs}
        feeds = _choose(self._inputs[signature_name], inputs, "input")
        fetches = [self._find_output(signature_name, name) for name in names]
        with self._loaded.in_use():
            answers = self._call(feeds, inputs.values(), fetches, timeout_seconds)
        return dict(zip(names, answers, strict=True))

    def close(self) -> None:
        """Frees the model; calls that are running end with CANCELLED."""
        self._free()

    def _require_signature(self, name):
        if name not in self.signatures:
            raise StatusError(
                Code.FAILED_PRECONDITION, f'Serving signature key "{name}" not found.'
            )

    def _find_output(self, signature_name, name):
        if isinstance(name, tuple):
            signature_name, name = name
            self._require_signature(signature_name)
        return _choose(self._outputs[signature_name], [name], "output")[0]

    def _call(self, feeds, arrays, fetches, timeout_seconds):
        api = self._api
        sent = (c_void_p * len(feeds))()
        received = (c_void_p * len(fetches))()
        try:
            with checked_status(api) as status:
                for index, array in enumerate(arrays):
                    sent[index] = tensors.new_tensor(api, array, status)
                api.TF_SessionRun(
                    *(self._loaded.session, _run_options(timeout_seconds)),
                    *((Output * len(feeds))(*feeds), sent, len(feeds)),
                    *((Output * len(fetches))(*fetches), received, len(fetches)),
                    *(None, 0, None, status),
                )
            return [tensors.to_array(api, tensor) for tensor in received]
        finally:
            for tensor in (*sent, *received):
                if tensor:
                    api.TF_DeleteTensor(tensor)

    def _read(self, proto):
        with checked_status(self._api) as status:
            serialized = proto.SerializeToString()
            tensor = tensors.tensor_from_proto(self._api, serialized, status)
        try:
            return tensors.to_array(self._api, tensor)
        finally:
            self._api.TF_DeleteTensor(tensor)

    def _find(self, side):
        """The place in the graph of each input or output, by signature."""
        return {
            name: {
                key: self._loaded.output(info.name)
                for key, info in side(signature).items()
            }
            for name, signature in self.signatures.items()
        }


def _choose(known, names, side):
    try:
        places = [known[name] for name in names]
    except KeyError as error:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            f"{side} tensor alias not found in signature: {error.args[0]} "
            f"{side.capitalize()}s expected to be in the set "
            f"{{{','.join(sorted(known))}}}.",
        ) from None
    if None in places:
        name = list(names)[places.index(None)]
        raise StatusError(
            Code.INVALID_ARGUMENT, f"The graph has no tensor for the {side} {name!r}."
        )
    return places


def _run_options(timeout_seconds):
    if timeout_seconds is None:
        return None
    # Zero would mean that there is no limit.
    milliseconds = max(1, int(timeout_seconds * 1000))
    serialized = RunOptions(timeout_in_ms=milliseconds).SerializeToString()
    return Buffer(serialized, len(serialized))
