"""What `sam local` has to be told, so that a function in Docker works on the local cloud."""

from presswork_cli.local.cloud import Cloud

CONTAINERS_HOST = "host.docker.internal"
"""The name by which a container knows the machine that Docker runs on."""


def variables(cloud: Cloud) -> dict[str, dict[str, str]]:
    """Each function's variables as deployed, by logical id: the form of `--env-vars`."""
    endpoint = f"http://{CONTAINERS_HOST}:{cloud.record.port}"
    functions = {}
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=cloud.name):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] != "AWS::Lambda::Function":
                continue
            name = resource["PhysicalResourceId"]
            function = cloud.client("lambda").get_function_configuration(FunctionName=name)
            declared = function["Environment"]["Variables"]
            functions[resource["LogicalResourceId"]] = declared | {"AWS_ENDPOINT_URL": endpoint}
    return dict(sorted(functions.items()))


def credentials(cloud: Cloud) -> str:
    """The root's key as assignments for a shell; SAM CLI hands it to the container."""
    key, secret = cloud.record.access_key, cloud.record.secret_key
    return f"AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}"
