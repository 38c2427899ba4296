import pytest

from export.client import format_prediction, predict
from export.golden import golden_rows
from mmtf.errors import InputError

CLASSES = ["schlecht", "mäßig", "gut", "sehr gut"]


@pytest.fixture(scope="module")
def address(server):
    return {"server": f"localhost:{server.port}", "model": "reviews"}


@pytest.fixture
def files(tmp_path):
    """A picture, and a voice at another rate than the model's."""
    _, inputs = golden_rows(sample_rate_hz=22050)
    for name in ("image", "audio"):
        (tmp_path / name).write_bytes(inputs[name][6])
    return {name: str(tmp_path / name) for name in ("image", "audio")}


def test_rows_are_answered_in_order(address, files):
    rows = [{"text": "not bad", **files}, {"text": "not bad"}, {"audio": ""}]

    full, text_only, nothing = predict(rows, **address)

    assert list(full["scores"]) == CLASSES
    assert sum(full["scores"].values()) == pytest.approx(1, abs=1e-5)
    assert all(full["modality_weights"].values())
    assert text_only["modality_weights"] == {"text": 1.0, "image": 0.0, "audio": 0.0}
    assert sum(nothing["modality_weights"].values()) == 0
    assert full["scores"] != text_only["scores"]


def test_a_missing_file_is_named(tmp_path):
    path = str(tmp_path / "missing.jpg")

    with pytest.raises(InputError, match=f"`image` .*{path}' .No such file"):
        predict([{"image": path}])


def test_an_undecodable_file_is_named(tmp_path):
    path = tmp_path / "voice.wav"
    path.write_text("not a recording")

    with pytest.raises(InputError, match="`audio` .*voice.wav' .not an audio file"):
        predict([{"audio": str(path)}])


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(InputError, match="'localhost:1', which does not answer"):
        predict([{"text": "a"}], server="localhost:1")


def test_the_servers_refusal_is_passed_on(address):
    message = r"refused the request: Servable not found for request: Latest\(other\)$"

    with pytest.raises(InputError, match=message):
        predict([{"text": "a"}], server=address["server"], model="other")


def test_an_ops_refusal_is_one_line(address):
    with pytest.raises(InputError, match="equally many rows") as raised:
        predict([], **address)

    assert "\n" not in str(raised.value)


def test_a_server_that_is_too_slow_is_named(address):
    rows = [{"text": "a"}] * 2000

    with pytest.raises(InputError, match="within 0.001 seconds"):
        predict(rows, **address, timeout_seconds=0.001)


def test_scores_and_weights_become_bars():
    prediction = {
        "scores": {"no": 0.25, "perhaps": 0.7, "yes": 0.05},
        "modality_weights": {"text": 0.5, "image": 0.5, "audio": 0.0},
    }
    assert format_prediction(prediction).splitlines() == [
        "perhaps  " + 28 * "█" + 12 * " " + "  0.700",
        "no       " + 10 * "█" + 30 * " " + "  0.250",
        "yes      " + 2 * "█" + 38 * " " + "  0.050",
        "",
        "modality weights",
        "text     " + 20 * "█" + 20 * " " + "  0.500",
        "image    " + 20 * "█" + 20 * " " + "  0.500",
        "audio    " + 40 * " " + "  0.000",
    ]


def test_a_regression_shows_its_value():
    prediction = {
        "value": 3.14159,
        "modality_weights": {"text": 1.0, "image": 0.0, "audio": 0.0},
    }
    lines = format_prediction(prediction).splitlines()

    assert lines[:3] == ["value: 3.142", "", "modality weights"]
    assert lines[3] == "text   " + 40 * "█" + "  1.000"
