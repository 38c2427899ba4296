import numpy as np

from mmtf.evaluation import format_ablation
from mmtf.evaluation.ablation import compare_variants


def ablation(*names, **more):
    labels = np.arange(40) % 2
    answers = {name: np.eye(2)[labels] for name in names}
    answers[names[0]] = np.eye(2)[np.zeros(40, int)]
    rows = compare_variants(labels, answers, task="classification")
    for row in rows.values():
        row.update(more)
    models = {name: {"parameters": 12345, "seconds": 6.7} for name in names}
    return {
        "models": models,
        "splits": {"test": {"examples": 40, "variants": rows}},
    }


def test_a_line_for_each_variant():
    head, _, text, attention = format_ablation(
        "test", ablation("text", "attention")
    ).splitlines()
    assert [cell.strip() for cell in head.split("  ") if cell] == [
        "test (40 rows)", "accuracy", "95% interval", "F1", "loss", "parameters",
        "seconds", "attention ahead by", "95% interval", "p",
    ]  # fmt: skip
    # Half of the rows are wrong, and all that are right both have right.
    assert text.startswith("text                 0.500  ")
    assert "  12,345        7               0.500  " in text
    assert text.endswith("< 0.001")
    assert attention.startswith("attention fusion     1.000  1.000 to 1.000  1.000  ")
    assert attention.rstrip().endswith("  12,345        7")


def test_without_the_reference_there_is_no_comparison():
    shown = format_ablation("test", ablation("text", "image"))
    assert "ahead" not in shown


def test_seeds_are_shown_by_mean_and_deviation():
    spread = {"mean": 0.5, "std": 0.25, "values": [0.25, 0.75]}
    seeds = {figure: spread for figure in ("accuracy", "f1", "loss")}
    lines = format_ablation(
        "test", ablation("text", "concat", seeds=seeds)
    ).splitlines()
    assert lines[0].startswith("test (40 rows, 2 seeds)")
    assert lines[2].count("0.500 ± 0.250") == 3


def test_numbers_have_their_own_columns():
    labels = np.linspace(-1, 1, 40)
    answers = {name: labels[:, None] + 0.25 for name in ("text", "late_fusion")}
    rows = compare_variants(labels, answers, task="regression")
    models = {name: {"parameters": 1, "seconds": 1.0} for name in rows}
    splits = {"test": {"examples": 40, "variants": rows}}
    shown = format_ablation("test", {"models": models, "splits": splits}).splitlines()
    assert shown[0].split()[3:9] == [
        "loss",
        "MAE",
        "95%",
        "interval",
        "Pearson",
        "parameters",
    ]
    assert shown[3].split()[2:6] == ["0.062", "0.250", "0.250", "to"]
