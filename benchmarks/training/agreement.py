"""Whether all contenders compute the same function."""

import numpy as np

TOLERANCE = 1e-4
# Were rows nearly alike, a wrong twin could pass.
_LEAST_SPREAD = 100 * TOLERANCE


class DisagreementError(Exception):
    """Outputs differ, so that times would compare nothing."""


def require_agreement(outputs: dict[str, np.ndarray]) -> float:
    """Compares everyone's outputs with those of the first.

    Args:
        outputs: logits (rows, C) by contender, of the same weights and inputs.

    Returns:
        The largest difference, relative to 1 + the output's own size.

    Raises:
        DisagreementError: it is more than `TOLERANCE`, an output is not finite, or
            outputs hardly depend on the row.
    """
    (reference_name, reference), *others = outputs.items()
    _require_telling(reference_name, reference)
    largest = 0.0
    for name, values in others:
        difference = float(np.max(np.abs(values - reference) / (1 + np.abs(reference))))
        if not difference <= TOLERANCE:
            raise DisagreementError(
                f"Outputs must agree to {TOLERANCE}. Received: a difference of "
                f"{difference:.2g} between {reference_name} and {name}."
            )
        largest = max(largest, difference)
    return largest


def _require_telling(name, values):
    spread = float(values.std(axis=0).max()) if len(values) > 1 else 0.0
    if not spread >= _LEAST_SPREAD:
        raise DisagreementError(
            f"Outputs must differ between rows by {_LEAST_SPREAD}, or they tell "
            f"nothing. Received: a standard deviation of {spread:.2g} from {name}."
        )
