from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.handler import response
from sfn_least_privilege.handler.response import MAX_ERROR_MESSAGE, error_message


def test_success() -> None:
    assert response.success("id", {"Resources": {}}) == {
        "requestId": "id",
        "status": "success",
        "fragment": {"Resources": {}},
    }


def test_failure_gives_the_fragment_back() -> None:
    fragment = {"Resources": {}}

    answer = response.failure({"requestId": "id", "fragment": fragment}, ["Because."])

    assert answer == {"requestId": "id", "status": "failure", "fragment": fragment, "errorMessage": "Because."}
    assert answer["fragment"] is fragment


@pytest.mark.parametrize("event", [None, [], "event", {}, {"requestId": 1, "fragment": []}])
def test_failure_without_a_usable_event(event: object) -> None:
    answer = response.failure(event, ["Because."])

    assert (answer["requestId"], answer["fragment"]) == ("", {})


def test_one_line_a_message() -> None:
    assert error_message(["first", "second"]) == "first\nsecond"


def test_a_message_is_one_line_of_printable_ascii() -> None:
    assert error_message(["line\none\x1b[0m \N{EN DASH} “Größe” → …"]) == 'line one [0m - "Gr\\xf6\\xdfe" -> ...'


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_GROUP_NAME", "/the/log")

    lines = error_message([f"message {number}: {'x' * 100}" for number in range(100)]).splitlines()

    assert lines[0].startswith("message 0: ")
    assert lines[-1] == f"... and {100 - len(lines) + 1} more, see the log group /the/log"


def test_a_message_too_long_by_itself_is_cut() -> None:
    lines = error_message(["x" * 10_000, "second"]).splitlines()

    assert lines[0].endswith("xxx...")
    assert lines[1] == "... and 1 more, see the log of the macro's function"


@given(st.lists(st.text(max_size=5000), min_size=1, max_size=50))
def test_the_message_is_always_short_enough_and_never_empty_of_reason(messages: list[str]) -> None:
    message = error_message(messages)

    assert len(message) <= MAX_ERROR_MESSAGE
    assert message.count("\n") + 1 <= len(messages)
    assert all(character == "\n" or " " <= character <= "~" for character in message)
