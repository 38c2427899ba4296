import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mmtf import presets
from mmtf.config import DataConfig
from pipelines import schema, stages
from pipelines.dataset import eval_dataset, make_tokenizer, train_dataset
from pipelines.info import read_info
from pipelines.preprocess import presence

CONFIG = presets.tiny()


def parsed(data, modalities):
    info = read_info(data)
    serialized = stages.read_in_order(info.splits["train"].files)
    return (
        serialized,
        info.labels,
        stages.parse_rows(serialized, info.labels, modalities),
    )


def test_blocks_give_the_rows_that_are_parsed_one_by_one(demo_data):
    serialized, labels, rows = parsed(demo_data, ("text", "image", "audio"))
    count = 0
    for one, row in zip(serialized, rows, strict=True):
        expected = schema.parse(one, labels)
        media = presence(expected["text"], expected["image"], expected["audio"])
        np.testing.assert_array_equal(row.pop("presence"), media)
        assert {k: v.numpy() for k, v in row.items()} == {
            k: v.numpy() for k, v in expected.items()
        }
        count += 1
    assert count > stages.BLOCK_ROWS and count % stages.BLOCK_ROWS


def test_rows_are_without_the_modalities_that_are_not_read(demo_data):
    _, _, rows = parsed(demo_data, ("image",))
    for row in rows:
        assert (row["text"], row["audio"]) == (b"", b"")
        assert row["presence"].numpy().tolist() == [False, row["image"] != b"", False]


@pytest.mark.parametrize("augment", [True, False])
def test_no_chain_calls_python(demo_data, augment):
    config = dataclasses.replace(CONFIG, data=DataConfig(augment=augment))
    tokenizer = make_tokenizer(demo_data, config)
    for chain in (
        train_dataset(demo_data, config, tokenizer),
        eval_dataset(demo_data, config, tokenizer, split="test"),
    ):
        ops = ops_of(chain)
        assert {"DecodeAndCropJpeg", "ParseExampleV2"} <= ops
        assert not {op for op in ops if "Py" in op or "Generator" in op}


def ops_of(dataset):
    serialized = tf.raw_ops.DatasetToGraphV2(
        input_dataset=dataset._variant_tensor, external_state_policy=1
    )
    graph = tf.compat.v1.GraphDef.FromString(serialized.numpy())
    functions = [node.op for f in graph.library.function for node in f.node_def]
    return {*functions, *(node.op for node in graph.node)}
