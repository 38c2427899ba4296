import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.serve.models import State
from export.serve.policy import Action, Kind, Snapshot, next_action

START, LOADING, AVAILABLE, UNLOADING, END = State


def load(version):
    return Action(Kind.LOAD, version)


def unload(version):
    return Action(Kind.UNLOAD, version)


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], None),
        ([(1, START, True)], load(1)),
        # The newest is loaded first.
        ([(1, START, True), (2, START, True)], load(2)),
        ([(1, START, True), (2, LOADING, True)], load(1)),
        # Point 28: the old one serves until the new one does ...
        ([(1, AVAILABLE, False), (2, START, True)], load(2)),
        ([(1, AVAILABLE, False), (2, LOADING, True)], None),
        ([(1, AVAILABLE, False), (2, AVAILABLE, True)], unload(1)),
        # ... and goes on if the new one fails.
        ([(1, AVAILABLE, False), (2, END, True)], None),
        # Of several leftovers the highest bridges the time.
        ([(1, AVAILABLE, False), (2, AVAILABLE, False), (3, END, True)], unload(1)),
        # Point 29: nothing is wanted.
        ([(1, AVAILABLE, False), (2, AVAILABLE, False)], unload(1)),
        ([(2, AVAILABLE, False), (1, UNLOADING, False)], unload(2)),
        ([(1, UNLOADING, False), (2, LOADING, False)], None),
    ],
)
def test_the_next_action(versions, expected):
    assert next_action([Snapshot(*version) for version in versions]) == expected


SNAPSHOTS = st.lists(
    st.builds(Snapshot, st.integers(1, 9), st.sampled_from(State), st.booleans()),
    unique_by=lambda snapshot: snapshot.version,
)


@given(SNAPSHOTS)
def test_a_model_with_a_wanted_version_never_loses_the_last_available_one(versions):
    action = next_action(versions)

    if action and action.kind is Kind.UNLOAD and any(v.wanted for v in versions):
        assert any(
            v.state is AVAILABLE and v.version != action.version for v in versions
        )


@given(SNAPSHOTS)
def test_only_what_is_wanted_loads_and_only_what_is_not_unloads(versions):
    action = next_action(versions)

    if action:
        (acted_on,) = (v for v in versions if v.version == action.version)
        assert acted_on.wanted == (action.kind is Kind.LOAD)
        assert acted_on.state is (START if acted_on.wanted else AVAILABLE)
