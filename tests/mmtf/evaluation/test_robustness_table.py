from mmtf.evaluation.robustness_table import format_robustness


def points(metric, first, last, count=11):
    step = (last - first) / (count - 1)
    return [
        {"share": i / 10, metric: first + i * step, "loss": 0.0, "std": 0.0}
        for i in range(count)
    ]


def figures(metric, all_, alone, **level):
    return {**level, metric: all_, "loss": 0.0, "alone": {metric: alone, "loss": 0.0}}


def report(metric):
    return {
        "split": "test",
        "examples": 20,
        "seed": 0,
        "dropped": {
            "text": points(metric, 0.9, 0.8),
            "all": points(metric, 0.9, 0.4),
        },
        "noise": {
            "typos": {
                "modality": "text",
                "unit": "% of characters",
                "clean": figures(metric, 0.9, 0.75),
                "levels": [
                    figures(metric, 0.875, 0.5, level=2.5),
                    figures(metric, 0.85, 0.25, level=40),
                ],
            }
        },
    }


def test_the_tables_to_the_letter():
    assert format_robustness(report("accuracy")) == "\n".join(
        [
            "Accuracy on test (20 rows)",
            "",
            "rows that lose it               0%    20%    40%    60%    80%   100%",
            "  text                       0.900  0.880  0.860  0.840  0.820  0.800",
            "  all                        0.900  0.800  0.700  0.600  0.500  0.400",
            "",
            "text typos, % of characters  clean    2.5     40",
            "  all modalities             0.900  0.875  0.850",
            "  text alone                 0.750  0.500  0.250",
        ]
    )


def test_regression_says_that_it_shows_errors():
    text = format_robustness(report("mae"))
    assert text.startswith("Mean absolute error on test (20 rows)")
    assert "  text alone                 0.750  0.500  0.250" in text
