import json

import pytest

from export.compatibility.tabulate import Registry, tabulate, write_table
from export.protocol import DataType, KernelList, OpList

HALF, FLOAT = DataType.DT_HALF, DataType.DT_FLOAT


def registry(ops, kernels):
    """A Registry of `{op: attributes}` and `[(op, device, {attribute: types})]`."""
    op_list, kernel_list = OpList(), KernelList()
    for name, attributes in ops.items():
        op = op_list.op.add(name=name)
        for attribute in attributes.split():
            kind = "type" if attribute == "T" else "int"
            op.attr.add(name=attribute, type=kind)
    for name, device, constraints in kernels:
        kernel = kernel_list.kernel.add(op=name, device_type=device)
        for attribute, types in constraints.items():
            constraint = kernel.constraint.add(name=attribute)
            constraint.allowed_values.list.type.extend(types)
    return Registry(op_list, kernel_list)


@pytest.fixture
def table():
    old = registry(
        {"Add": "T", "Gone": "", "_Internal": "", "OnGpu": "T"},
        [("Add", "CPU", {"T": [FLOAT]}), ("Gone", "CPU", {}), ("OnGpu", "GPU", {})],
    )
    new = registry(
        {"Add": "T exact", "OnGpu": "T", "New": "n", "AccumulateNV2": ""},
        [
            ("Add", "CPU", {"T": [FLOAT]}),
            ("Add", "CPU", {"T": [HALF]}),
            ("New", "DEFAULT", {}),
        ],
    )
    return tabulate({"2.0.1": old, "2.1.0": new})


def test_a_table_holds_every_op_with_all_its_attributes(table):
    assert table["measured"] == ["2.0.1", "2.1.0"]
    assert table["ops"] == {
        "AccumulateNV2": "",
        "Add": "T exact",
        "Gone": "",
        "New": "n",
        "OnGpu": "T",
    }


def test_what_came_and_went_is_told_by_release(table):
    assert table["added"] == {
        "2.1": {
            "ops": ["AccumulateNV2", "New"],
            "attributes": {"Add": ["exact"]},
            "types": {"Add.T": ["DT_HALF"]},
        }
    }
    assert table["removed"] == {"2.1": ["Gone"]}


def test_ops_without_a_cpu_kernel_are_listed_unless_they_are_replaced(table):
    assert table["no_cpu_kernel"] == ["OnGpu"]


def test_a_definition_may_allow_less_than_the_kernels():
    old, new = (registry({"Add": "T"}, [("Add", "CPU", {})]) for _ in range(2))
    old.ops.op[0].attr[0].allowed_values.list.type.append(FLOAT)
    new.ops.op[0].attr[0].allowed_values.list.type.extend([FLOAT, HALF])

    added = tabulate({"2.0.0": old, "2.1.0": new})["added"]["2.1"]

    assert added["types"] == {"Add.T": ["DT_HALF"]}


def test_a_written_table_is_the_same_and_has_an_op_a_line(table, tmp_path):
    write_table(table, tmp_path / "table.json")

    text = (tmp_path / "table.json").read_text()
    assert json.loads(text) == table
    assert '\n  "Add": "T exact",\n' in text
