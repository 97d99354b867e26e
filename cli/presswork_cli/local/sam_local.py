"""What `sam local` has to be told, so that a function in Docker works on the local cloud."""

from presswork_cli.local import workers
from presswork_cli.local.cloud import Cloud

CONTAINERS_HOST = "host.docker.internal"
"""The name by which a container knows the machine that Docker runs on."""


def variables(cloud: Cloud) -> dict[str, dict[str, str]]:
    """Each function's variables as deployed, by logical id: the form of `--env-vars`."""
    endpoint = f"http://{CONTAINERS_HOST}:{cloud.record.port}"
    client = cloud.client("lambda")
    declared = {
        logical_id: client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        for logical_id, name in workers.functions(cloud).items()
    }
    return {name: each | {"AWS_ENDPOINT_URL": endpoint} for name, each in declared.items()}


def credentials(cloud: Cloud) -> str:
    """The root's key as assignments for a shell; SAM CLI hands it to the container."""
    key, secret = cloud.record.access_key, cloud.record.secret_key
    return f"AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}"
