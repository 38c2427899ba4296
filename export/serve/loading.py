"""Loading a version, again if it fails, and giving its memory back afterwards."""

import ctypes
import logging
import threading
from collections.abc import Callable

from export.runtime.status import Code, StatusError
from export.serve.servable import Servable
from mmtf.errors import InputError

_logger = logging.getLogger(__name__)


def load_with_retries(
    load: Callable[[], Servable],
    *,
    what: str,
    cancelled: threading.Event,
    max_num_retries: int,
    interval_seconds: float,
) -> Servable:
    """Calls `load` until it succeeds, or has failed too often.

    Args:
        load: gives the servable, or raises.
        what: names it in the log.
        cancelled: ends the waiting between tries when it is set; a try under way
            cannot be ended.
        max_num_retries: tries after the first; less than 0 means none.
        interval_seconds: the time between tries; none if it is negative.

    Raises:
        StatusError: the last try's error.
    """
    if cancelled.is_set():
        message = "Load cancelled before we could try to load."
        raise StatusError(Code.CANCELLED, message)
    for retries_left in range(max(0, max_num_retries), -1, -1):
        try:
            return load()
        except Exception as error:
            status = as_status(error)
            _logger.error("Servable %s cannot be loaded: %s", what, status)
        if not retries_left or cancelled.wait(max(0.0, interval_seconds)):
            break
    raise status


def as_status(error: Exception) -> StatusError:
    """What GetModelStatus tells of an error of any kind."""
    if isinstance(error, StatusError):
        return error
    if isinstance(error, InputError):
        return StatusError(Code.NOT_FOUND, str(error))
    _logger.error("An error of a kind that loading should not raise", exc_info=error)
    return StatusError(Code.UNKNOWN, f"{type(error).__name__}: {error}")


def close_servable(servable: Servable) -> None:
    """Closes a servable that nobody uses; an error can only be logged."""
    try:
        servable.close()
    except Exception:
        _logger.exception("%s %d did not close", servable.name, servable.version)


def give_memory_back() -> None:
    """Hands what the C library keeps of freed memory to the system, where it can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
