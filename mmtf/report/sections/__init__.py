"""The parts of a run's report: each file says what one of them shows.

Each has `describe`, from the evidence to the values that the template of the same
name needs, or to None where there is nothing to show; the template says what is
missing and which command makes it.
"""
