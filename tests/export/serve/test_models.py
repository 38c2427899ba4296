import re

import pytest
import tensorflow as tf
from tensorflow_serving.apis import model_pb2

from export.serve.models import Models, Servable, load_latest
from mmtf.errors import InputError


@pytest.fixture
def models():
    return Models([Servable(*key, session=None) for key in (("m", 2), ("m", 10))])


def spec(name="", version=None, label=None):
    spec = model_pb2.ModelSpec(name=name)
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label
    return spec


def test_the_latest_version_is_the_default(models):
    assert models.find(spec("m")).version == 10


def test_a_version_can_be_asked_for(models):
    assert models.find(spec("m", version=2)).version == 2


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        (spec(), tf.errors.InvalidArgumentError, "ModelSpec has no name specified."),
        (
            spec("other"),
            tf.errors.NotFoundError,
            "Servable not found for request: Latest(other)",
        ),
        (
            spec("m", version=7),
            tf.errors.NotFoundError,
            "Servable not found for request: Specific(m, 7)",
        ),
        (
            spec("m", label="stable"),
            tf.errors.InvalidArgumentError,
            "Unrecognized servable version label: stable",
        ),
    ],
)
def test_what_is_not_served_is_refused(models, wanted, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        models.find(wanted)


def test_the_highest_number_is_loaded_under_the_folders_name(arithmetic_folder):
    servable = load_latest(arithmetic_folder + "/")

    assert (servable.name, servable.version) == ("arithmetic", 1)
    assert "serving_default" in servable.session.signatures


def test_a_folder_without_versions_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}.*Write one with `mmtf export`"):
        load_latest(str(tmp_path))
