"""Outputs that batching and REST cannot hand out row by row."""

from collections.abc import Iterator, Mapping

from export.compatibility.findings import Finding
from export.compatibility.releases import Release
from export.protocol import DataType, SignatureDef, TensorInfo

# What the server's JSON writer takes (tensorflow_serving/util/json_tensor.cc).
_JSON_TYPES = {
    DataType.Value(f"DT_{name}")
    for name in ("FLOAT", "DOUBLE", "STRING", "BOOL", "INT8", "INT16", "INT32",
                 "INT64", "UINT8", "UINT16", "UINT32", "UINT64")
}  # fmt: skip


def find(
    signatures: Mapping[str, SignatureDef], releases: list[Release]
) -> Iterator[Finding]:
    """Looks at the shapes and types that signatures promise."""
    names = tuple(release.name for release in releases)
    for signature_name, signature in sorted(signatures.items()):
        if signature_name.startswith("__saved_model"):
            continue
        any_number_of_rows = any(map(_has_rows, signature.inputs.values()))
        for output, info in sorted(signature.outputs.items()):
            where = f"the output {output!r} of the signature {signature_name!r}"
            node = info.name.partition(":")[0]
            if info.dtype not in _JSON_TYPES:
                yield _type_fault(where, info, names, node)
            if info.HasField("tensor_shape") and not info.tensor_shape.unknown_rank:
                yield from _shape_faults(where, info, any_number_of_rows, names, node)


def _type_fault(where, info, names, node):
    return Finding(
        "output-type",
        names,
        f"{where} is {DataType.Name(info.dtype)}, which REST cannot write",
        "Cast it to float32.",
        node=node,
    )


def _shape_faults(where, info, any_number_of_rows, names, node):
    sizes = [dim.size for dim in info.tensor_shape.dim]
    if not sizes:
        problem = f"{where} is a scalar, which batching and REST cannot split into rows"
    elif sizes[0] >= 0 and any_number_of_rows:
        problem = (
            f"{where} always has {sizes[0]} rows, however many the inputs have, which "
            "batching and REST refuse"
        )
    else:
        return
    mend = "Give it one row for each row of the inputs."
    yield Finding("output-shape", names, problem, mend, node=node)


def _has_rows(info: TensorInfo) -> bool:
    shape = info.tensor_shape
    return not shape.unknown_rank and bool(shape.dim) and shape.dim[0].size < 0
