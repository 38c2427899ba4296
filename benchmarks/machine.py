"""What a measurement was made on."""

from mmtf.machine import describe_machine, format_machine

__all__ = ["describe_machine", "format_machine"]
