import io
import json
import sys

import pytest

from benchmarks.training.worker import serve
from benchmarks.training.worker_process import WorkerProcess


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, *, count):
        self.total += count
        return self.total

    def fail(self):
        raise ZeroDivisionError("so it is")


def start_script(script):
    return WorkerProcess("Fake", [sys.executable, "-c", script])


ECHO = """
import os
from benchmarks.training.worker import main

class Echo:
    def say(self, words):
        os.system(f"echo printed {words}")
        return words

    def fail(self):
        raise ZeroDivisionError("so it is")

    def die(self):
        os.write(2, b"last words")
        os._exit(3)

main(Echo())
"""


def test_requests_are_answered_in_order_and_errors_do_not_end_it():
    requests = [{"do": "add", "count": 2}, {"do": "fail"}, {"do": "add", "count": 3}]
    lines = io.StringIO("".join(json.dumps(request) + "\n" for request in requests))
    answers = io.StringIO()

    serve(Counter(), lines, answers)

    assert [json.loads(line) for line in answers.getvalue().splitlines()] == [
        {"ok": 2},
        {"error": "ZeroDivisionError: so it is"},
        {"ok": 5},
    ]


def test_what_a_library_prints_is_no_answer():
    with start_script(ECHO) as process:
        assert process.ask("say", words="äöü") == "äöü"
        process.send("say", words="once")
        assert process.receive() == "once"


def test_an_error_names_the_process_and_what_it_wrote():
    with start_script(ECHO) as process:
        with pytest.raises(RuntimeError, match="Fake: ZeroDivisionError: so it is"):
            process.ask("fail")
        with pytest.raises(RuntimeError, match="(?s)Fake: .* ended.*last words"):
            process.ask("die")
        with pytest.raises(RuntimeError, match="Fake: the process ended"):
            process.ask("say", words="hello?")
