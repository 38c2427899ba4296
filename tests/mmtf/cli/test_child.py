import os
import signal

import pytest

from mmtf.cli.child import run_in_child
from mmtf.errors import InputError


def divide(a, b=1):
    if b == 0:
        raise InputError("`b` must not be 0.")
    return a / b, os.getpid()


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_result_comes_from_another_process():
    quotient, process = run_in_child(divide, 6, b=4)
    assert quotient == 1.5
    assert process != os.getpid()


def test_a_mistake_of_the_users_is_raised_here():
    with pytest.raises(InputError, match="`b` must not be 0"):
        run_in_child(divide, 6, b=0)


def test_any_other_error_shows_its_traceback_and_ends_all(capfd):
    with pytest.raises(SystemExit, match="1"):
        run_in_child(divide, 6, b="four")
    assert "TypeError: unsupported operand" in capfd.readouterr().err


def test_a_killed_process_is_said():
    with pytest.raises(InputError, match="SIGKILL.*too much memory.*batch-size"):
        run_in_child(kill_itself)
