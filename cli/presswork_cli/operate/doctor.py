"""`doctor`: whether account and stack are fit to publish; what is not comes with its cure."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from presswork_cli.failure import Failure
from presswork_cli.operate.stack import Stack
from presswork_cli.printing.answers import Check, DoctorAnswer

AT_ONCE = 14
"""Functions that run at once when there is much to do: what the template caps, and one more each
for parse, render, notify, webhook and maintain."""

_ABSENT = frozenset({"NotFoundException", "ParameterNotFound"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError"})

Parameters = Mapping[str, str]


def examine(stack: Stack) -> DoctorAnswer:
    """Every check, whatever another one found; nothing is changed."""
    found = [_guarded("concurrency", lambda: concurrency(stack))]
    try:
        described = stack.description
    except Failure as failure:
        found.append(
            Check.failed("stack", f"{failure.message[:1].upper()}{failure.message[1:]}.", _DEPLOY)
        )
    else:
        parameters = {
            p["ParameterKey"]: p["ParameterValue"] for p in described.get("Parameters", ())
        }
        found.append(deployment(described))
        found += [
            _guarded(name, partial(check, stack, parameters)) for name, check in CHECKS.items()
        ]
    return DoctorAnswer(stack=stack.name, checks=tuple(found))


def concurrency(stack: Stack) -> Check:
    """How many functions the account may run at once: ten in a new one, a thousand usually.

    AWS Lambda Developer Guide, "Lambda quotas"; AWS Lambda API Reference, "GetAccountSettings".
    """
    limit = stack.client("lambda").get_account_settings()["AccountLimit"]
    most, left = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    if left >= AT_ONCE:
        return Check.fine("concurrency", f"{left} functions may run at once.")
    return Check.warned(
        "concurrency",
        f"{left} functions may run at once, and Presswork makes use of {AT_ONCE}: with less, posts "
        "wait for each other.",
        _ASK_FOR_MORE if most < AT_ONCE else _RESERVE_LESS.format(reserved=most - left),
    )


def deployment(described: Mapping[str, Any]) -> Check:
    """How the newest deployment ended.

    AWS CloudFormation User Guide, "Stack status codes".
    """
    status = described["StackStatus"]
    if status.endswith("_IN_PROGRESS"):
        return Check.warned("stack", f"It is being changed: {status}.", "Look again when it ended.")
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        return Check.failed("stack", f"Its newest deployment failed: {status}.", _LOOK_AT_EVENTS)
    return Check.fine("stack", f"It is deployed: {status}.")


def sender(stack: Stack, parameters: Parameters) -> Check:
    """Whether SES sends from MailFrom: its owner, or that of its domain, has to confirm it.

    Amazon SES API v2 Reference, "GetEmailIdentity".
    """
    address = parameters.get("MailFrom", "")
    if not address:
        return Check.fine("sender", "No mail is sent: MailFrom is empty.")
    ses = stack.client("sesv2")
    for identity in (address, address.partition("@")[2]):
        if _is_verified(ses, identity):
            return Check.fine("sender", f"SES sends from {identity}.")
    return Check.failed(
        "sender",
        f"SES does not send from {address}: nobody has confirmed it.",
        "Follow the link in the mail that SES sent there. For another one: aws sesv2 "
        f"create-email-identity --email-identity {address}",
    )


def sandbox(stack: Stack, parameters: Parameters) -> Check:
    """Whether SES sends to everybody, or to confirmed receivers alone.

    Amazon SES Developer Guide, "Request production access (Moving out of the Amazon SES sandbox)".
    """
    if not parameters.get("MailFrom"):
        return Check.fine("sandbox", "No mail is sent: MailFrom is empty.")
    ses = stack.client("sesv2")
    account = ses.get_account()
    if not account.get("SendingEnabled", True):
        return Check.failed("sandbox", "SES has stopped all mail of this account.", _ASK_SES)
    if account["ProductionAccessEnabled"]:
        return Check.fine("sandbox", "SES sends to everybody.")
    receivers = {parameters.get(name, "") for name in ("MailTo", "AuthorEmail")} - {""}
    unknown = sorted(each for each in receivers if not _is_verified(ses, each))
    if not unknown:
        return Check.fine("sandbox", "SES sends to confirmed receivers only, as all of these are.")
    return Check.failed(
        "sandbox",
        "SES keeps the account in its sandbox, and these receivers are not confirmed: "
        f"{', '.join(unknown)}.",
        "Confirm each (aws sesv2 create-email-identity --email-identity …), or request production "
        "access in the console of SES.",
    )


def hook_secret(stack: Stack, parameters: Parameters) -> Check:
    """Whether there is a secret that the outbound hook is signed with."""
    if not parameters.get("HookUrl"):
        return Check.fine("hook", "Nothing is announced by a hook: HookUrl is empty.")
    name = f"/presswork/{stack.name}/hook"
    try:
        stack.client("ssm").get_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return Check.failed(
            "hook",
            f"Nothing goes to HookUrl: the secret {name} is not there.",
            f"aws ssm put-parameter --type SecureString --name {name} "
            '--value "whsec_$(openssl rand -base64 32)"',
        )
    return Check.fine("hook", "What goes to HookUrl is signed.")


CHECKS: Mapping[str, Callable[[Stack, Parameters], Check]] = {
    "sender": sender,
    "sandbox": sandbox,
    "hook": hook_secret,
}
"""What is looked at once there is a stack; each by itself."""

_ASK_FOR_MORE = (
    "aws service-quotas request-service-quota-increase --service-code lambda "
    "--quota-code L-B99A9384 --desired-value 1000"
)
_RESERVE_LESS = (
    "Other functions of the account reserve {reserved}: take reserved concurrency from one of them "
    "(aws lambda delete-function-concurrency --function-name …)."
)
_DEPLOY = "Deploy it first, as docs/deploy.md says."
_LOOK_AT_EVENTS = (
    "The first line of `aws cloudformation describe-stack-events` with FAILED says why; "
    "mend that and deploy again."
)
_ASK_SES = "The console of SES says why, and whom to write to."


def _is_verified(ses: Any, identity: str) -> bool:
    try:
        return bool(ses.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"])
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return False


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    """What a check found, or why it could not look; no check keeps another from being made."""
    try:
        return check()
    except ClientError as error:
        why = error.response["Error"]
        cure = "Try again."
        if why["Code"] in _DENIED:
            cure = "Ask who administers the account for that right."
        elif why["Code"].startswith(("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient")):
            cure = "Log in again."
        return Check.warned(name, _unseen(why["Message"]), cure)
    except BotoCoreError as error:
        return Check.warned(name, _unseen(str(error)), "Try again, or name the region by --region.")


def _unseen(why: str) -> str:
    return f"This could not be looked at: {why.rstrip('.')}."
