"""The functions' workers: begun before the first post comes, and begun anew with new code."""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from presswork_cli.failure import Exit, Failure
from presswork_cli.local.cloud import Cloud
from presswork_cli.local.layout import Layout

_LEAST = 2  # that Lambda takes for a MaximumConcurrency
_MINISTACK_LIMIT = 5  # of a mapping that names none

_GATHERING_SECONDS = 5
"""How long a batch is gathered in a burst. One post waits for nothing: see `batches.py`."""

_NOTHING = {"Event": "s3:TestEvent"}
"""What S3 sends to try a notification: every stage takes it, and does nothing."""


def functions(cloud: Cloud) -> dict[str, str]:
    """The names of the stack's functions, by their logical ids."""
    found = {}
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=cloud.name):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::Lambda::Function":
                found[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]
    return dict(sorted(found.items()))


def limit(cloud: Cloud) -> None:
    """Has no more batches of a queue worked on at once than this machine has cores for.

    MiniStack begins five, and a new worker for each. On two cores these take no less time together
    than one after another, but each of them so much more that it runs out of its function's time.
    And a batch that is gathered is gathered for longer: until all are done who work beside it.
    """
    at_once = max(_LEAST, os.cpu_count() or _LEAST)
    client = cloud.client("lambda")
    pages = client.get_paginator("list_event_source_mappings").paginate()
    for mapping in (each for page in pages for each in page["EventSourceMappings"]):
        changes: dict[str, Any] = {}
        limit = mapping.get("ScalingConfig", {}).get("MaximumConcurrency", _MINISTACK_LIMIT)
        if at_once < limit:
            changes["ScalingConfig"] = {"MaximumConcurrency": at_once}
        if 0 < mapping.get("MaximumBatchingWindowInSeconds", 0) < _GATHERING_SECONDS:
            changes["MaximumBatchingWindowInSeconds"] = _GATHERING_SECONDS
        if changes:
            client.update_event_source_mapping(UUID=mapping["UUID"], **changes)


def begin_anew(cloud: Cloud) -> None:
    """Ends every worker, so that the next one reads the layer as it is now.

    A change of a function's configuration does that, on AWS as well; here it changes nothing.
    """
    client = cloud.client("lambda")
    for name in functions(cloud).values():
        layers = client.get_function_configuration(FunctionName=name)["Layers"]
        arns = [layer["Arn"] for layer in layers]
        client.update_function_configuration(FunctionName=name, Layers=arns)


def warm(layout: Layout, cloud: Cloud) -> None:
    """Has each function invoked with nothing to do, all at once: its first post meets a worker.

    Maintain does what is due: as after a deployment on AWS, the site's first pages are made.
    """
    named, client = functions(cloud), cloud.client("lambda")
    with ThreadPoolExecutor(len(named)) as pool:
        calls = [
            pool.submit(_invoke, client, name, _event(layout, logical_id))
            for logical_id, name in named.items()
        ]
    for call in calls:
        call.result()


def _event(layout: Layout, logical_id: str) -> Mapping[str, Any]:
    match logical_id:
        case "MaintainFunction":
            return {"time": datetime.now(UTC).isoformat(timespec="seconds")}
        case "WebhookFunction":
            event: Mapping[str, Any] = json.loads(layout.webhook_event.read_bytes())
            return event
        case _:
            return _NOTHING


def _invoke(client: Any, name: str, event: Mapping[str, Any]) -> None:
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event))
    said = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        raise Failure(
            f"{name} does not start: {said}\n`presswork local status` names the logs",
            Exit.NO_CLOUD,
        )
