import subprocess
import sys
import textwrap

import pytest
import tensorflow as tf

from export.runtime.library import load_ops, load_runtime, open_library
from mmtf.errors import InputError
from tests.export.runtime.conftest import save


def run_alone(code, *arguments):
    """Runs Python code in a process of its own; its output and its errors."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def test_pythons_tensorflow_is_not_imported(arithmetic_folder):
    code = """
    import sys
    from export.runtime import SavedModelSession
    SavedModelSession(sys.argv[1]).close()
    print([name for name in ("tensorflow", "keras") if name in sys.modules])
    """
    out, err = run_alone(code, arithmetic_folder)

    assert out == "[]\n"
    assert "SavedModel" not in err


def test_pythons_tensorflow_may_come_later():
    code = """
    import os
    from export.runtime.library import load_runtime
    load_runtime()
    import tensorflow_text
    print(tensorflow_text.case_fold_utf8(["STRASSE"]).numpy())
    """
    assert run_alone(code)[0] == "[b'strasse']\n"


def test_xla_is_off_as_in_the_server(tmp_path):
    def compiled(x):
        return {"y": tf.function(lambda x: x + 1, jit_compile=True)(x)}

    folder = save(tmp_path, compiled, tf.TensorSpec([None], tf.float32))
    code = """
    import sys
    import numpy as np
    from export.runtime import SavedModelSession, StatusError
    session = SavedModelSession(sys.argv[1])
    try:
        session.run("serving_default", {"x": np.ones(1, np.float32)})
    except StatusError as error:
        print(error)
    """
    assert "XLA compilation disabled" in run_alone(code, folder)[0]


def test_xla_stays_as_it_is_beside_pythons_tensorflow():
    load_runtime()

    assert tf.function(lambda x: x + 1, jit_compile=True)(tf.ones(())) == 2


def test_only_the_named_text_ops_are_loaded():
    code = """
    from export.protocol import OpList
    from export.runtime.library import load_runtime
    api = load_runtime(["normalize_ops"])
    ops = OpList.FromString(api.TF_GetAllOpList().contents.read())
    names = {op.name for op in ops.op}
    print([n in names for n in ("MatMul", "CaseFoldUTF8", "RegexSplitWithOffsets")])
    """
    assert run_alone(code)[0] == "[True, True, False]\n"


def test_a_text_op_library_that_is_not_there_is_named():
    with pytest.raises(InputError, match="one of .*normalize_ops.*: 'weather'"):
        load_runtime(["weather"])


def test_a_file_that_is_no_library_is_refused(tmp_path):
    (tmp_path / "_broken.so").write_bytes(b"no library")
    from export.runtime import StatusError

    with pytest.raises(StatusError, match="_broken.so"):
        load_ops(load_runtime(), str(tmp_path / "_broken.so"))


def test_a_package_without_the_library_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}', where it does not open"):
        open_library(str(tmp_path))


def test_openssl_stays_pythons_own():
    code = """
    from export.runtime.library import load_runtime
    load_runtime()
    import hashlib, ssl
    ssl.create_default_context()
    print(hashlib.new("sha512_256", b"").hexdigest()[:8])
    """
    assert run_alone(code)[0] == "c672b8d1\n"
