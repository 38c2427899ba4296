"""Names for versions: `stable` is 3, `canary` is 4.

After ServerCore::UpdateModelVersionLabelMap of
tensorflow_serving/model_servers/server_core.cc.
"""

from export.protocol import ModelServerConfig
from export.runtime.status import Code, StatusError
from export.serve.models import Models, State


def assign_labels(
    config: ModelServerConfig, models: Models, *, allow_unavailable: bool
) -> dict[str, dict[str, int]]:
    """What each label of a configuration stands for.

    Args:
        config: the configuration to come.
        models: what is available, and the present labels.
        allow_unavailable: whether a label that is new may name a version that is
            not, or not yet, available. One in use may not be moved to such a one.

    Returns:
        `{model: {label: version}}`, which replaces all labels there were.

    Raises:
        StatusError: FAILED_PRECONDITION for a version that is not available.
    """
    assigned: dict[str, dict[str, int]] = {}
    for model in config.model_config_list.config:
        present = models.labels.get(model.name, {})
        for label, version in model.version_labels.items():
            unmoved = present.get(label, version) == version
            if not (allow_unavailable and unmoved):
                _require_available(models, model.name, version)
            assigned.setdefault(model.name, {})[label] = version
    return assigned


def _require_available(models, name, version):
    status = models.status(name, version)
    if status is None or status.state is not State.AVAILABLE:
        raise StatusError(
            Code.FAILED_PRECONDITION,
            f"Request to assign label to version {version} of model {name}, which is "
            "not currently available for inference",
        )
