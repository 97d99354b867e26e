"""What AWS refuses, told to who gave the command with the way out."""

from typing import Any

import pytest
from botocore import exceptions

from presswork_cli.failure import Exit, cure_of, of_aws, of_caller


def refused(code: str, message: str, operation: str = "PutObject") -> exceptions.ClientError:
    """An answer of AWS that is an error."""
    error: Any = {"Error": {"Code": code, "Message": message}}
    return exceptions.ClientError(error, operation)


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (refused("ExpiredToken", "The security token is expired"), "log in again"),
        (refused("ExpiredTokenException", "It is expired"), "log in again"),
        (refused("InvalidClientTokenId", "The token is invalid"), "log in again"),
        (refused("RequestTimeTooSkewed", "The difference is too large"), "set the clock"),
        (refused("InvalidSignatureException", "Signature expired: …"), "set the clock"),
        (refused("SignatureDoesNotMatch", "It does not match"), "is not that of the access key"),
        (exceptions.NoCredentialsError(), "aws configure"),
        (exceptions.NoRegionError(), "name one with --region"),
        (exceptions.ProfileNotFound(profile="me"), "aws configure list-profiles"),
        (exceptions.UnauthorizedSSOTokenError(), "aws sso login"),
    ],
)
def test_what_is_wrong_with_the_caller_has_its_cure(error: Exception, cure: str) -> None:
    """Each kind has one of its own, whatever was about to be done."""
    failure = of_caller(error)
    assert failure is not None
    assert failure.code is Exit.NO_CLOUD
    assert failure.message.startswith(("AWS answers: ", "AWS cannot be asked: "))
    assert cure in failure.message


@pytest.mark.parametrize(
    ("message", "right"),
    [
        ("User: arn:x is not authorized to perform: s3:PutObject on …", "s3:PutObject"),
        ("Access Denied", "PutObject"),
    ],
)
def test_a_missing_right_is_named(message: str, right: str) -> None:
    """As AWS names it; where it does not, by the call that wanted it."""
    cure = cure_of(refused("AccessDenied", message))
    assert cure == f"ask who administers the account for that right: {right}"


def test_what_is_wrong_with_the_request_is_not_the_caller_s() -> None:
    """Then the verb itself knows better what to do."""
    error = refused("ValidationError", "Stack does not exist", "DescribeStacks")
    assert of_caller(error) is None
    failure = of_aws(error)
    assert failure is not None
    assert "see whether region, endpoint and credentials" in failure.message


def test_an_error_without_an_answer_is_told_as_well() -> None:
    """As that of a connection that broke in a way that botocore has no name for."""
    failure = of_aws(exceptions.HTTPClientError(error="it broke"))
    assert failure is not None
    assert failure.message.startswith("AWS cannot be asked: ")


def test_an_error_of_ours_is_not_one_of_aws() -> None:
    """A fault in the code keeps its traceback."""
    assert of_aws(ValueError("AccessDenied")) is None
