"""Names as words."""

from __future__ import annotations

import pytest
from sdk_catalogue.words import joined, naming, stem, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("QueueUrl", ("queue", "url")),
        ("DBInstanceIdentifier", ("db", "instance", "identifier")),
        ("TopicARN", ("topic", "arn")),
        ("StreamARNs", ("stream", "arns")),
        ("logGroupName", ("log", "group", "name")),
    ],
)
def test_a_name_is_split_at_its_humps(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("DBInstanceIdentifier", "DbInstanceName"),
        ("policies", "Policy"),
        ("clusters", "ClusterName"),
        ("addresses", "Address"),
    ],
)
def test_names_are_about_the_same_whatever_they_are_called(left: str, right: str) -> None:
    assert stem(left) == stem(right)


def test_only_the_last_word_is_put_into_the_singular() -> None:
    assert joined("OpsItemIds") == "opsitemid"


@pytest.mark.parametrize(
    ("name", "way"), [("QueueName", "name"), ("Ids", "id"), ("Identifier", "id"), ("RoleArns", "arn"), ("cluster", "")]
)
def test_the_end_of_a_name_says_in_which_way_it_names(name: str, way: str) -> None:
    assert naming(name) == way
