"""The one kind of error that is the caller's to mend."""


class InputError(Exception):
    """Something given to mmtf (a file, an option, a server's name) that cannot work.

    The message is one sentence or two: the rule, what was received, and what
    would work. The command line prints it and exits with status 2; anything
    else that is raised is a fault of mmtf and keeps its traceback.
    """
