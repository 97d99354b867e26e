"""The functions' workers: what warms them, what ends them, and how many there are."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from presswork import wire
from presswork_cli.failure import Failure
from presswork_cli.local import workers
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.emulator import Record
from presswork_cli.local.layout import Layout

NAMES = {"IndexFunction": "i1", "MaintainFunction": "m1", "ParseFunction": "p1"}


class Answered:
    """An answer that is read once."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self) -> bytes:
        """Its bytes."""
        return self.text.encode()


class Account:
    """The calls that workers make, and how they are answered."""

    def __init__(self) -> None:
        self.invoked: dict[str, Any] = {}
        self.configured: dict[str, list[str]] = {}
        self.mappings: dict[str, Any] = {"parse": {}, "bulk": {"MaximumConcurrency": 2}}
        self.windows = {"parse": 0, "bulk": 1}
        self.error: str | None = None

    def client(self, _: str) -> "Account":
        """One client stands for all services."""
        return self

    def get_paginator(self, name: str) -> Any:
        """Pages of resources, or of mappings."""
        return SimpleNamespace(paginate=getattr(self, name))

    def list_stack_resources(self, **_: str) -> Iterator[dict[str, Any]]:
        """Each function on a page of its own, beside a queue."""
        for logical_id, name in NAMES.items():
            yield {
                "StackResourceSummaries": [
                    resource("AWS::Lambda::Function", logical_id, name),
                    resource("AWS::SQS::Queue", f"Queue{name}", f"q-{name}"),
                ]
            }

    def list_event_source_mappings(self) -> Iterator[dict[str, Any]]:
        """Each mapping on a page of its own."""
        for id, scaling in self.mappings.items():
            mapping = {"UUID": id, "ScalingConfig": scaling}
            window = {"MaximumBatchingWindowInSeconds": self.windows[id]}
            yield {"EventSourceMappings": [mapping | window]}

    def update_event_source_mapping(self, **request: Any) -> None:
        """Keeps how many batches a mapping may have at work, and how long one is gathered."""
        id = request["UUID"]
        self.mappings[id] = request.get("ScalingConfig", self.mappings[id])
        self.windows[id] = request.get("MaximumBatchingWindowInSeconds", self.windows[id])

    def get_function_configuration(self, **request: str) -> dict[str, Any]:
        """A function with a layer."""
        return {"Layers": [{"Arn": f"layer-of-{request['FunctionName']}", "CodeSize": 1}]}

    def update_function_configuration(self, **request: Any) -> None:
        """Keeps the layers that a function is given."""
        self.configured[request["FunctionName"]] = request["Layers"]

    def invoke(self, **request: str) -> dict[str, Any]:
        """Keeps what a function was asked."""
        self.invoked[request["FunctionName"]] = json.loads(request["Payload"])
        answer: dict[str, Any] = {"Payload": Answered(self.error or "null")}
        return answer | ({"FunctionError": "Unhandled"} if self.error else {})


def resource(kind: str, logical_id: str, name: str) -> dict[str, str]:
    """A resource as CloudFormation lists it."""
    return {"ResourceType": kind, "LogicalResourceId": logical_id, "PhysicalResourceId": name}


@pytest.fixture
def account() -> Account:
    """An account with a stack."""
    return Account()


@pytest.fixture
def cloud(account: Account) -> Cloud:
    """The cloud as workers reach it."""
    return cast("Cloud", SimpleNamespace(client=account.client, name="presswork"))


def test_each_function_is_invoked_once(cloud: Cloud, account: Account) -> None:
    """No function is left cold; maintain gets its time, a stage a message that says nothing."""
    workers.warm(Layout(), cloud)
    assert set(account.invoked) == set(NAMES.values())
    assert set(account.invoked["m1"]) == {"time"}
    assert account.invoked["p1"] == account.invoked["i1"]


def test_a_stage_has_nothing_to_do_with_what_warms_it() -> None:
    """It is acknowledged, and handed to no stage."""
    handled: list[Any] = []
    event = workers._event(Layout(), "ParseFunction")
    for process in (wire.process, wire.process_together):
        assert process(event, None, handled.append) == {"batchItemFailures": []}
    assert handled == []


def test_a_function_that_does_not_start_ends_up(cloud: Cloud, account: Account) -> None:
    """What it says is told, not left to the first post."""
    account.error = '{"errorMessage": "No module named presswork"}'
    with pytest.raises(Failure, match=r"does not start: .*No module named presswork"):
        workers.warm(Layout(), cloud)


def test_new_workers_keep_the_layers_of_their_functions(cloud: Cloud, account: Account) -> None:
    """A function's configuration is written as it is."""
    workers.begin_anew(cloud)
    assert account.configured == {name: [f"layer-of-{name}"] for name in NAMES.values()}


@pytest.mark.parametrize(("cores", "parse"), [(1, 2), (2, 2), (4, 4), (64, None)])
def test_as_many_batches_are_at_work_as_there_are_cores(
    cloud: Cloud, account: Account, monkeypatch: pytest.MonkeyPatch, cores: int, parse: int | None
) -> None:
    """Not above what MiniStack would begin, nor above what the template says."""
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    workers.limit(cloud)
    assert account.mappings["parse"].get("MaximumConcurrency") == parse
    assert account.mappings["bulk"] == {"MaximumConcurrency": 2}


def test_what_is_gathered_is_gathered_for_longer(cloud: Cloud, account: Account) -> None:
    """A mapping without a window gets none; one that says more keeps it."""
    workers.limit(cloud)
    assert account.windows == {"parse": 0, "bulk": 5}
    account.windows["bulk"] = 20
    workers.limit(cloud)
    assert account.windows == {"parse": 0, "bulk": 20}


def test_an_invocation_is_waited_for_and_never_asked_twice() -> None:
    """On a busy machine a function may take a minute to start: a second try makes it two."""
    record = Record(pid=1, port=1, access_key="a", secret_key="s")
    config = Cloud(record).client("lambda").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout >= 60
