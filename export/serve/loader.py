"""From a version's folder to a servable that is ready for requests."""

import os
import time

from export.protocol import BatchingParameters
from export.runtime import SavedModelSession, StatusError
from export.serve.batching import Batcher
from export.serve.config import read_text_proto
from export.serve.metered import MeteredBatches, MeteredRunner
from export.serve.metrics import Metrics
from export.serve.models import Models
from export.serve.options import ServerOptions
from export.serve.servable import Servable
from export.serve.service import Service
from export.serve.warmup import replay
from export.versions import BATCHING_PARAMETERS


class Loader:
    """Loads versions; called from several threads at once.

    Args:
        options: threads, batching and warm-up.
        metrics: is told of loads and computations.

    Raises:
        StatusError: the batching parameters cannot be read.
    """

    def __init__(self, options: ServerOptions, metrics: Metrics):
        self._options = options
        self._metrics = metrics
        self._parameters = BatchingParameters()
        if options.batching_parameters_file:
            self._parameters = read_text_proto(
                options.batching_parameters_file, BatchingParameters
            )

    def load(self, name: str, version: int, folder: str) -> Servable:
        """Loads a version, and has it answer its warm-up requests.

        Raises:
            InputError: the folder holds no SavedModel to serve.
            StatusError: it does not load, or does not answer.
        """
        start, ok = time.perf_counter(), False
        try:
            servable = self._open(name, version, folder)
            try:
                self._warm_up(servable, folder)
            except BaseException:
                servable.close()
                raise
            ok = True
            return servable
        finally:
            self._metrics.observe_load(folder, ok, time.perf_counter() - start)

    def _open(self, name, version, folder):
        session = SavedModelSession(
            folder,
            intra_op_threads=self._options.tensorflow_intra_op_parallelism,
            inter_op_threads=self._options.tensorflow_inter_op_parallelism,
        )
        if not self._options.enable_batching:
            metered = MeteredRunner(session, self._metrics, name)
            return Servable(name, version, metered)
        try:
            batches = MeteredBatches(session, self._metrics)
            batcher = Batcher(batches, self._batching_parameters(folder))
        except BaseException:
            session.close()
            raise
        metered = MeteredRunner(batcher, self._metrics, name)
        return Servable(name, version, session, metered)

    def _batching_parameters(self, folder):
        path = os.path.join(folder, BATCHING_PARAMETERS)
        if self._options.enable_per_model_batching_parameters and os.path.exists(path):
            return read_text_proto(path, BatchingParameters)
        return self._parameters

    def _warm_up(self, servable, folder):
        if not self._options.enable_model_warmup:
            return
        start, status = time.perf_counter(), "UNKNOWN"
        try:
            replay(
                folder,
                servable,
                Service(Models([servable])),
                num_request_iterations=self._options.num_request_iterations_for_warmup,
            )
            status = "OK"
        except StatusError as error:
            status = error.code.name
            raise
        finally:
            seconds = time.perf_counter() - start
            self._metrics.observe_warmup(folder, status, seconds)
