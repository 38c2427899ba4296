"""The twin's process: `python -m benchmarks.training.twin.worker`."""

import numpy as np
import torch
import torch.nn.functional as F
import transformers

from benchmarks.training.subject import Subject
from benchmarks.training.twin.model import build
from benchmarks.training.worker import main

_KERAS_ADAM_EPSILON = 1e-7


class TwinSubject(Subject):
    """The model in PyTorch, eager or through torch.compile."""

    def versions(self):
        return {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "torch_threads": torch.get_num_threads(),
        }

    def load_weights(self, *, path: str) -> None:
        """Takes over what `benchmarks.training.mmtf_weights` wrote.

        Raises:
            RuntimeError: a weight is missing, left over, or of another shape.
        """
        with np.load(path) as arrays:
            state = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        # Counted by PyTorch, used by nobody while the momentum is fixed.
        counters = {
            name: value
            for name, value in self._model.state_dict().items()
            if name.endswith("num_batches_tracked")
        }
        self._model.load_state_dict(state | counters, strict=True)

    def _build_model(self, num_outputs):
        torch.manual_seed(0)
        model = build(self._part, self._config["model"], num_outputs)
        model.to(memory_format=torch.channels_last)
        model.train(self._mode == "train")
        self._model, self._weights = model, list(model.parameters())
        self._optimizer = _make_optimizer(model, self._config["train"])
        self._function = (
            torch.compile(model, dynamic=False) if self._compiled else model
        )
        return True

    def _tensors(self, batch):
        tensors = {key: torch.from_numpy(value) for key, value in batch.items()}
        for key, value in tensors.items():
            if value.dtype == torch.int32:
                tensors[key] = value.long()
        if "image" in tensors:
            # A view: the pixels of NHWC lie as in channels_last.
            tensors["image"] = tensors["image"].permute(0, 3, 1, 2)
        return tensors

    def _forward_pass(self, batch):
        if self._mode == "forward":
            with torch.inference_mode():
                return self._function(batch).numpy()
        self._model.eval()
        with torch.inference_mode():
            logits = self._model(batch).numpy()
        self._model.train()
        return logits

    def _training_step(self):
        self._optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self._function(self._batch), self._labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(
            self._weights, self._config["train"]["clip_norm"], foreach=True
        )
        self._optimizer.step()
        return loss.item()


def _make_optimizer(model, config):
    """AdamW in its fused form; matrices decay, as in `mmtf.training`."""
    weights = list(model.named_parameters())
    decays = {
        name: weight.ndim > 1 and "embedding" not in name for name, weight in weights
    }
    groups = [
        {
            "params": [weight for name, weight in weights if decays[name] == decayed],
            "weight_decay": config["weight_decay"] if decayed else 0.0,
        }
        for decayed in (True, False)
    ]
    return torch.optim.AdamW(
        groups, lr=config["learning_rate"], eps=_KERAS_ADAM_EPSILON, fused=True
    )


if __name__ == "__main__":
    main(TwinSubject())
