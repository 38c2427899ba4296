"""The child's side of a contender: requests come in, answers go out.

One JSON object a line: `{"do": METHOD, **arguments}` on standard input, then
`{"ok": RESULT}` or `{"error": TEXT}` on standard output. Pickle would tie the two
Python environments together.
"""

import json
import os
import sys
import traceback
from typing import TextIO


def main(subject: object) -> None:
    """Answers on the real standard output; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(subject, sys.stdin, answers)


def serve(subject: object, requests: TextIO, answers: TextIO) -> None:
    """Calls the subject's methods as requests say, until there are no more."""
    for line in requests:
        request = json.loads(line)
        try:
            answer = {"ok": getattr(subject, request.pop("do"))(**request)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
