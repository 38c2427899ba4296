"""What `import mmtf` brings along; each test asks a fresh process."""

import subprocess
import sys
from pathlib import Path

import pytest

import mmtf
from mmtf import presets
from mmtf.model import build_model


def fresh_python(code, *options):
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=Path(mmtf.__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_is_light():
    heavy = "keras tensorflow tensorflow_datasets keras_hub sklearn matplotlib numpy"
    code = f"""
import sys, mmtf
mmtf.preset("tiny"), mmtf.Config, mmtf.InputError, mmtf.features, mmtf.__version__
print(*[name for name in {heavy.split()} if name in sys.modules])
"""
    assert fresh_python(code).split() == []


def test_every_public_name_exists():
    missing = [name for name in mmtf.__all__ if not hasattr(mmtf, name)]
    assert not missing


@pytest.fixture(scope="module")
def saved_models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny", "cnn_rnn"):
        build_model(presets.preset(name).model, num_outputs=2).save(
            folder / f"{name}.keras"
        )
    return folder


# TensorFlow imports Keras before it is done itself, hence its place in the first.
@pytest.mark.parametrize(
    "imports", ["import mmtf, tensorflow, keras", "import keras, mmtf"]
)
def test_saved_models_load_wherever_mmtf_is_imported(imports, saved_models):
    code = f"""
{imports}
for name in ("tiny", "cnn_rnn"):
    model = keras.saving.load_model(f"{saved_models}/{{name}}.keras")
    batch = {{key: keras.ops.zeros((3, *x.shape[1:]), x.dtype)
             for key, x in model.input.items()}}
    print(model(batch).shape)
"""
    answers = fresh_python(code, "-W", "error::UserWarning").splitlines()
    assert answers == ["(3, 2)", "(3, 2)"]


@pytest.mark.parametrize("module", ["mmtf.model", "mmtf.fusion.concat"])
def test_packages_can_be_imported_first(module):
    code = f"""
import {module}, keras, sys
print("mmtf>AttentionFusion" in keras.saving.get_custom_objects())
print("keras_hub" in sys.modules)
"""
    assert fresh_python(code).split() == ["True", "False"]
