"""Runs whose files are there, with little in them."""

from mmtf.run import Run, start_run, write_text
from mmtf.training_record import record_training


def finished_run(folder, config, *, validation_loss=0.5, data="data"):
    """A run as training leaves it, but for what the model and tokenizer hold."""
    run = Run(str(folder))
    start_run(run, config)
    for name in ("tokenizer/tokenizer.json", "logs/train/events", "model.keras"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} of {folder.name}")
    losses = [validation_loss + 1, float("nan"), validation_loss]
    lines = [f"{epoch},{loss}" for epoch, loss in enumerate(losses)]
    write_text(run.path("history.csv"), "\n".join(["epoch,val_loss", *lines]))
    record_training(run, data=data, seconds=2.5, parameters=7)
    return Run(str(folder))
