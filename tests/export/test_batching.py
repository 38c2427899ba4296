from google.protobuf import text_format

from export.batching import write_batching_parameters
from export.protocol import BatchingParameters
from export.serve.batch_options import read_batch_options


def test_a_server_reads_what_is_written(tmp_path):
    write_batching_parameters(str(tmp_path), (1, 2, 8))

    text = (tmp_path / "batching_params.pbtxt").read_text()
    options = read_batch_options(text_format.Parse(text, BatchingParameters()))
    assert options.allowed_sizes == (1, 2, 8)
    assert options.max_request_size == 8
    assert options.timeout_seconds == 0.005
    assert [options.run_size(rows) for rows in (1, 3, 8)] == [1, 8, 8]
