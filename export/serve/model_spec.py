"""What a request's ModelSpec says, and what an answer's says."""

from export.runtime import Code, StatusError

DEFAULT_SIGNATURE = "serving_default"


def require_model_spec(request) -> None:
    """Refuses a request that has none.

    Raises:
        StatusError: INVALID_ARGUMENT.
    """
    if not request.HasField("model_spec"):
        raise StatusError(Code.INVALID_ARGUMENT, "Missing ModelSpec")


def signature_name(spec) -> str:
    """The signature that a ModelSpec means."""
    return spec.signature_name or DEFAULT_SIGNATURE


def describe(spec, servable, signature: str) -> None:
    """Fills in a ModelSpec with what answered.

    Args:
        spec: the ModelSpec of the answer.
        servable: the version that answered.
        signature: the name of its signature.
    """
    spec.name = servable.name
    spec.signature_name = signature
    spec.version.value = servable.version
