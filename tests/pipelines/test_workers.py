import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from pipelines.workers import CrashError, Workers, available_cores


@pytest.fixture(scope="module")
def workers():
    with Workers(1) as started:
        yield started


def test_map_keeps_the_order(workers):
    def late_when_even(number):
        time.sleep(0.01 * (number % 2 == 0))
        return number * number

    assert list(workers.map(late_when_even, range(20))) == [n * n for n in range(20)]


def test_map_looks_only_a_few_items_ahead(workers):
    taken = []
    results = workers.map(abs, (taken.append(n) or n for n in range(1000)))
    assert next(results) == 0
    assert len(taken) <= 8


def test_map_passes_errors_on(workers):
    with pytest.raises(ZeroDivisionError):
        list(workers.map(lambda number: 1 / number, [1, 0]))


def test_run_happens_in_another_process(workers):
    assert workers.run(os.getpid) != os.getpid()
    assert workers.run(int, "7") == 7


def test_run_passes_errors_on(workers):
    with pytest.raises(ValueError, match="invalid literal"):
        workers.run(int, "x")


def test_a_crash_costs_only_the_call_that_crashes(workers):
    calls = [(os._exit, 1), (int, "7"), (partial(os._exit, 1),), (int, "8")]

    def outcome(call):
        try:
            return workers.run(*call)
        except CrashError:
            return "crash"

    assert list(workers.map(outcome, calls)) == ["crash", 7, "crash", 8]
    assert workers.run(os.getpid) == workers.run(os.getpid)


def test_no_process_starts_before_there_is_work():
    before = multiprocessing.active_children()
    with Workers(2) as idle:
        assert list(idle.map(abs, [-1])) == [1]
        assert multiprocessing.active_children() == before


def test_the_processes_end_with_the_context():
    with Workers(1) as started:
        pid = started.run(os.getpid)
    assert pid not in {child.pid for child in multiprocessing.active_children()}


def test_an_exception_inside_ends_everything():
    threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt), Workers(1) as started:
        for _ in started.map(lambda number: started.run(int, number), range(100)):
            raise KeyboardInterrupt
    assert threading.active_count() <= threads


def test_available_cores():
    assert 1 <= available_cores() <= os.cpu_count()


def run_script(tmp_path, text):
    path = tmp_path / "script.py"
    path.write_text(text)
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    return subprocess.Popen(
        [sys.executable, path],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_script_without_a_guard_is_told_so(tmp_path):
    script = run_script(
        tmp_path,
        "from pipelines.workers import Workers\n"
        "with Workers(1) as workers:\n    workers.run(int, '7')\n",
    )
    _, errors = script.communicate(timeout=60)
    assert script.returncode == 1
    assert 'Put the call under `if __name__ == "__main__":`.' in errors


def test_processes_follow_a_killed_parent(tmp_path):
    script = run_script(
        tmp_path,
        "import os, time\nfrom pipelines.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers(1) as workers:\n"
        "        print(workers.run(os.getpid), flush=True)\n        time.sleep(60)\n",
    )
    worker = int(script.stdout.readline())
    script.send_signal(signal.SIGKILL)
    script.communicate(timeout=60)
    assert wait_for_end(worker)


def wait_for_end(pid):
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_workers_need_neither_tensorflow_nor_keras():
    code = (
        "import sys, pipelines.workers\nprint({'keras', 'tensorflow'} & {*sys.modules})"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True
    )
    assert answer.stdout.strip() == b"set()"
