"""The .proto files, as tables; each file stands after those it imports."""

from export.protocol.declared import (
    examples,
    graphs,
    logs,
    management,
    predictions,
    saved_models,
    saved_objects,
    sessions,
    tensors,
)

FILES = (
    *tensors.FILES,
    *graphs.FILES,
    *saved_objects.FILES,
    *saved_models.FILES,
    *sessions.FILES,
    *examples.FILES,
    *predictions.FILES,
    *management.FILES,
    *logs.FILES,
)
