from export.client import format_prediction


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
