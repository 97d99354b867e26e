"""What the webhook's function takes from nobody: the right answer, and nothing written."""

import base64
import json
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from flow.test_functions import Invoke, invoke
from flow.world import World
from presswork.signatures import Cause
from webhook_cases import BAD_REQUESTS, FORGED, UNSIGNED, BadRequest

__all__ = ["invoke"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def event(bad: BadRequest) -> dict[str, Any]:
    """A request as API Gateway hands it over: names in lower case, the address decoded."""
    query = dict(parse_qsl(bad.query.removeprefix("?")))
    try:
        body, is_encoded = bad.body.decode(), False
    except UnicodeDecodeError:
        body, is_encoded = base64.b64encode(bad.body).decode(), True
    return {
        "headers": bad.sent(SECRET),
        "pathParameters": {"source": unquote(bad.source)},
        "queryStringParameters": query or None,
        "body": body,
        "isBase64Encoded": is_encoded,
    }


@pytest.fixture
def asked(world: World) -> Counter[str]:
    """The calls of AWS from here on, of every service, by their names."""
    calls: Counter[str] = Counter()

    def count(model: Any, **_: object) -> None:
        calls[model.name] += 1

    for client in (world.s3, world.ssm, world.dynamodb, world.sqs, world.sns):
        client.meta.events.register("before-call", count)
    return calls


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_each_is_answered_and_nothing_is_written(
    invoke: Invoke, asked: Counter[str], name: str
) -> None:
    """With its status and a cure; of AWS at most a secret is read."""
    bad = BAD_REQUESTS[name]
    asked.clear()
    answer = invoke("webhook.json", event(bad))
    assert answer["statusCode"] == bad.status
    assert ":" in json.loads(answer["body"])["message"]
    assert set(asked) <= {"GetParameter"}
    assert asked["GetParameter"] <= 1


def test_there_are_enough() -> None:
    """Sixty, and each its own."""
    assert len(BAD_REQUESTS) > 60


@pytest.mark.parametrize("name", UNSIGNED)
def test_what_lacks_a_fresh_signature_costs_no_call(
    invoke: Invoke, asked: Counter[str], name: str
) -> None:
    """Whoever guesses is told without a question to AWS, whatever the source."""
    asked.clear()
    assert invoke("webhook.json", event(UNSIGNED[name]))["statusCode"] == 401
    assert asked.total() == 0


def test_no_answer_tells_why_a_sender_is_not_known(invoke: Invoke) -> None:
    """Every 401 is the same, to the letter."""
    unknown = [event(bad) for bad in (UNSIGNED | FORGED).values()]
    answers = {json.dumps(invoke("webhook.json", each), sort_keys=True) for each in unknown}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "case",
    [
        ("nothing", SECRET, Cause.MISSING),
        ("stale", SECRET, Cause.STALE),
        ("another secret", SECRET, Cause.WRONG),
        ("a source that nobody knows", SECRET, Cause.UNKNOWN),
        ("a source in capitals", SECRET, Cause.UNKNOWN),
        ("another secret", "whsec_short", Cause.MALFORMED),
        ("another secret", "whsec_@@@", Cause.MALFORMED),
        ("another secret", "", Cause.MALFORMED),
        ("another secret", f"{SECRET} whsec_", Cause.MALFORMED),
    ],
)
def test_the_log_and_the_metric_tell_why(
    invoke: Invoke,
    world: World,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    case: tuple[str, str, Cause],
) -> None:
    """One line that warns, and one that counts, both with the cause."""
    name, stored, cause = case
    world.ssm.put_parameter(
        Name="/hooks/default", Value=stored, Type="SecureString", Overwrite=True
    )
    answer = invoke("webhook.json", event(BAD_REQUESTS[name]))
    assert answer["statusCode"] == 401
    (warned,) = (vars(each) for each in caplog.records if each.message == "refused")
    assert (warned["levelname"], warned["cause"]) == ("WARNING", cause.value)
    (line,) = (each for each in capsys.readouterr().out.splitlines() if '"_aws"' in each)
    counted = json.loads(line)
    assert (counted["Unauthorized"], counted["cause"]) == ([1.0], cause.value)
