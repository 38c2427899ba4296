import pytest

from export.serve.options import ServerOptions
from mmtf.errors import InputError


def test_batching_parameters_need_batching():
    with pytest.raises(InputError, match="Add `--enable_batching`"):
        ServerOptions(batching_parameters_file="b.pbtxt")
    ServerOptions(batching_parameters_file="b.pbtxt", enable_batching=True)


@pytest.mark.parametrize("also", [{"model_name": "m"}, {"model_base_path": "/m"}])
def test_models_are_named_in_one_way(also):
    with pytest.raises(InputError, match="Received: both"):
        ServerOptions(model_config_file="m.pbtxt", **also)
