import pytest
from google.protobuf import text_format

from export.compatibility.saved_model import read_meta_graph
from export.protocol import SavedModel
from mmtf.errors import InputError


@pytest.fixture
def saved_model():
    saved_model = SavedModel()
    for tags in (["serve", "gpu"], ["serve"], ["train"]):
        meta_graph = saved_model.meta_graphs.add()
        meta_graph.meta_info_def.tags.extend(tags)
        meta_graph.graph_def.node.add(name="_".join(tags))
    return saved_model


def test_the_graph_tagged_serve_alone_is_read(tmp_path, saved_model):
    (tmp_path / "saved_model.pb").write_bytes(saved_model.SerializeToString())

    assert read_meta_graph(tmp_path).graph_def.node[0].name == "serve"


def test_text_is_read_too(tmp_path, saved_model):
    text = text_format.MessageToString(saved_model)
    (tmp_path / "saved_model.pbtxt").write_text(text)

    assert read_meta_graph(tmp_path).graph_def.node[0].name == "serve"


def test_a_model_for_training_only_is_refused(tmp_path, saved_model):
    del saved_model.meta_graphs[:2]
    (tmp_path / "saved_model.pb").write_bytes(saved_model.SerializeToString())

    with pytest.raises(InputError, match="tagged `serve`.*which has none"):
        read_meta_graph(tmp_path)


@pytest.mark.parametrize("name", ["saved_model.pb", "saved_model.pbtxt"])
def test_a_broken_file_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff" * 50)

    with pytest.raises(InputError, match="whose graph cannot be read"):
        read_meta_graph(tmp_path)


def test_a_folder_without_a_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}', which has none"):
        read_meta_graph(str(tmp_path))
