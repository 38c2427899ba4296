"""Work in a process of its own, which gives back all its memory when it ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from mmtf.errors import InputError


def run_in_child(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Calls a function in a new process, and waits for it.

    Args:
        function: one that can be imported by its name.
        args: what pickle can carry, as must be what the function returns.
        options: likewise.

    Returns:
        What the function returns.

    Raises:
        InputError: the function raised it, or its process was killed.
        SystemExit: it failed otherwise; its traceback is on stderr.
    """
    # Forking a process that runs TensorFlow's threads may hang it.
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_call, args=(sender, function, args, options))
    process.start()
    sender.close()  # so that the child's death ends the wait
    try:
        result, error = receiver.recv()
    except EOFError:
        process.join()
        raise _failure(process.exitcode) from None
    except BaseException:  # Ctrl-C, above all
        process.terminate()
        raise
    finally:
        process.join()
    if error:
        raise error
    return result


def _call(sender, function, args, options):
    # Ctrl-C is the main process's to handle; should that die, so must this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    try:
        sender.send((function(*args, **options), None))
    except InputError as error:
        sender.send((None, error))


def _follow_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _failure(exit_code):
    if exit_code >= 0:
        return SystemExit(1)
    name = signal.Signals(-exit_code).name
    return InputError(
        f"A training must be left to end. Received: {name} from the system, which "
        "kills what takes too much memory. Try a lower --train.batch-size."
    )
