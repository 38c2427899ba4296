"""What this process holds of the machine's memory, as Linux counts it."""


def resident_bytes() -> int:
    """The resident set now."""
    return _status_bytes("VmRSS")


def peak_bytes() -> int:
    """The largest resident set since `forget_peak`, or since the start."""
    return _status_bytes("VmHWM")


def forget_peak() -> None:
    """Has the peak start again from what is resident now."""
    # proc(5), /proc/pid/clear_refs: 5 resets VmHWM.
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def _status_bytes(field):
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name == field:
                return 1024 * int(value.split()[0])
    raise OSError(f"/proc/self/status must have {field}; it is what Linux writes.")
