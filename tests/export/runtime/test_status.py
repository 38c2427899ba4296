import grpc

from export.runtime import Code, StatusError


def test_codes_are_those_of_grpc():
    numbers = {code.name: code.value[0] for code in grpc.StatusCode}

    assert {code.name: code.value for code in Code} == numbers


def test_an_error_says_its_code_and_words():
    error = StatusError(Code.NOT_FOUND, "no such model")

    assert (error.code, error.message) == (Code.NOT_FOUND, "no such model")
    assert str(error) == "NOT_FOUND: no such model"
