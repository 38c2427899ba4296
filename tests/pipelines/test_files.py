import os
import subprocess
import sys

import pytest
import tensorflow as tf

from pipelines.files import is_file, open_file


@pytest.fixture(params=["local", "ram"])
def path(request, tmp_path):
    """A file of this machine, or of a file system that only TensorFlow knows."""
    path = str(tmp_path / "a") if request.param == "local" else "ram://files/a"
    tf.io.gfile.makedirs(os.path.dirname(path))
    with tf.io.gfile.GFile(path, "wb") as file:
        file.write(b"one\ntwo\nthree")
    return path


def test_a_file_is_read_from_anywhere_within_it(path):
    with open_file(path) as file:
        assert file.read() == b"one\ntwo\nthree"
        file.seek(4)
        assert file.tell() == 4
        assert list(file) == [b"two\n", b"three"]
        file.seek(-5, os.SEEK_END)
        assert file.read(3) == b"thr"


def test_a_file_is_told_from_a_folder_and_from_nothing(path):
    assert is_file(path)
    assert not is_file(os.path.dirname(path))
    assert not is_file(path + "b")


def test_what_cannot_be_opened_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_file(str(tmp_path / "none"))
    with pytest.raises(OSError, match="File system scheme 'nosuch' not implemented"):
        is_file("nosuch://a")


def test_what_cannot_be_read_is_an_os_error():
    with open_file("nosuch://a") as file, pytest.raises(OSError, match="'nosuch' not"):
        file.read()


def test_files_of_this_machine_need_no_tensorflow():
    code = (
        "import sys; from pipelines.files import is_file, open_file\n"
        "assert is_file(sys.executable); open_file(sys.executable).close()\n"
        "print('tensorflow' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "False", run.stderr
