import pytest

from export.serve.options import ServerOptions
from mmtf.errors import InputError


def test_batching_parameters_need_batching():
    with pytest.raises(InputError, match="Add `--enable_batching`"):
        ServerOptions(batching_parameters_file="b.pbtxt")
    ServerOptions(batching_parameters_file="b.pbtxt", enable_batching=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"port": 65536}, "`--port` must be from 0 to 65535. Received: 65536"),
        ({"rest_api_port": -2}, "`--rest_api_port` must be from -1 to 65535"),
        ({"grpc_max_threads": 0}, "`--grpc_max_threads` must be 1 or more"),
        ({"enable_per_model_batching_parameters": True}, "Add `--enable_batching`"),
        ({"model_config_file_poll_wait_seconds": 1}, "Add `--model_config_file`"),
    ],
)
def test_what_cannot_work_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        ServerOptions(**options)


@pytest.mark.parametrize("also", [{"model_name": "m"}, {"model_base_path": "/m"}])
def test_models_are_named_in_one_way(also):
    with pytest.raises(InputError, match="Received: both"):
        ServerOptions(model_config_file="m.pbtxt", **also)
