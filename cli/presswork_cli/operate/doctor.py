"""`doctor`: whether account and stack are fit to publish; what is not comes with its cure."""

import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from presswork.clock import utc_now
from presswork_cli.failure import Exit, Failure, cure_of
from presswork_cli.operate.stack import Stack
from presswork_cli.options import STACK
from presswork_cli.printing.answers import Check, DoctorAnswer

AT_ONCE = 15
"""Functions that run at once when there is much to do: what the template caps, and one more each
for parse, render, notify, webhook, status and maintain."""

OFF_BY = 60
"""From how many seconds on a clock is told of."""

UNKNOWN = {"cn-": "what CloudFront is made of", "us-gov-": "CloudFront"}
"""The beginnings of regions where no stack can be made, and why."""

_ABSENT = frozenset({"NotFoundException", "ParameterNotFound"})

Parameters = Mapping[str, str]


def examine(stack: Stack) -> DoctorAnswer:
    """Every check, whatever another one found; nothing is changed."""
    caller = _Caller(stack)
    found = [
        _guarded("credentials", caller.credentials),
        _guarded("clock", caller.clock),
        _guarded("region", partial(region, stack)),
        _guarded("concurrency", partial(concurrency, stack)),
    ]
    try:
        described, name = stack.description, stack.name
    except Failure as failure:
        found.append(Check.failed("stack", f"{_capital(failure.message)}.", _way_out(failure)))
        return DoctorAnswer(stack=STACK, checks=tuple(found))
    parameters = {p["ParameterKey"]: p["ParameterValue"] for p in described.get("Parameters", ())}
    found.append(deployment(described))
    found += [_guarded(name, partial(check, stack, parameters)) for name, check in CHECKS.items()]
    return DoctorAnswer(stack=name, checks=tuple(found))


class _Caller:
    """Who asks, and by which clock; STS is asked once for both.

    AWS Security Token Service API Reference, "GetCallerIdentity": it needs no right.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def _answer(self) -> tuple[Mapping[str, Any], datetime]:
        """What STS said, and when it had said it."""
        answer = self._stack.client("sts").get_caller_identity()
        return answer, utc_now()

    def credentials(self) -> Check:
        """Whether AWS knows the caller, and as whom."""
        answer, _ = self._answer
        return Check.fine(
            "credentials", f"You are {answer['Arn']}, in account {answer['Account']}."
        )

    def clock(self) -> Check:
        """How far the clock here is from that of AWS.

        AWS General Reference, "Troubleshooting Signature Version 4": five minutes are too many.
        """
        answer, here = self._answer
        there = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        seconds = round(abs((here - there).total_seconds()))
        if seconds < OFF_BY:
            return Check.fine("clock", "The clock here and that of AWS agree.")
        return Check.warned(
            "clock",
            f"The clock here is {seconds} seconds {'before' if here > there else 'behind'} that of "
            "AWS, which refuses requests from five minutes on.",
            "Set the clock of this machine, or have it set by the network.",
        )


def region(stack: Stack) -> Check:
    """Whether CloudFormation knows all of the template there: docs/deploy.md has the regions."""
    name = stack.client("cloudformation").meta.region_name
    unknown = next((what for begin, what in UNKNOWN.items() if name.startswith(begin)), None)
    if unknown is None:
        return Check.fine("region", f"It is {name}.")
    return Check.failed(
        "region",
        f"CloudFormation does not know {unknown} in {name}.",
        "Name another one with --region: readers are served from near them by CloudFront.",
    )


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
            "`presswork secret set hook`; what it prints goes to who receives at HookUrl.",
        )
    return Check.fine("hook", "What goes to HookUrl is signed.")


def domain(stack: Stack, parameters: Parameters) -> Check:
    """Whether the site's own name leads to its distribution, as far as is seen from here."""
    name = parameters.get("DomainName", "")
    if not name:
        return Check.fine("domain", "The site is at CloudFront's own name: DomainName is empty.")
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.description["Outputs"]}
    distribution = outputs["DistributionDomain"]
    if _names(name) & {distribution, *_names(distribution)}:
        return Check.fine("domain", f"{name} leads to the distribution.")
    return Check.warned(
        "domain",
        f"{name} does not lead to {distribution}, as far as this machine sees.",
        f"Make it a CNAME of {distribution} where the domain's DNS is kept, or an alias in Route "
        "53; until a new name is known everywhere an hour may pass.",
    )


def _names(host: str) -> set[str]:
    """What a name leads to: other names, and addresses."""
    try:
        name, others, addresses = socket.gethostbyname_ex(host)
    except OSError:
        return set()
    return {name, *others, *addresses} - {host}


CHECKS: Mapping[str, Callable[[Stack, Parameters], Check]] = {
    "sender": sender,
    "sandbox": sandbox,
    "hook": hook_secret,
    "domain": domain,
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
_LOOK_AT_EVENTS = (
    "The first line of `aws cloudformation describe-stack-events` with FAILED says why; "
    "mend that and deploy again."
)
_DEPLOY = "Deploy it first, with `presswork deploy`, as docs/deploy.md says."
_CHOOSE = "Name it with --stack."
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
        return _unseen(name, error, str(error.response["Error"]["Message"]))
    except (BotoCoreError, Failure) as error:
        return _unseen(name, error, str(error))


def _unseen(name: str, error: Exception, why: str) -> Check:
    """What could not be looked at; without credentials nothing can, so that is a failure."""
    message = f"This could not be looked at: {why.rstrip('.')}."
    tell = Check.failed if name == "credentials" else Check.warned
    return tell(name, message, _way_out(error))


def _way_out(error: Exception) -> str:
    """The cure of what kept from looking."""
    cure = cure_of(error) or cure_of(error.__cause__)
    if cure is not None:
        return f"{_capital(cure)}."
    if not isinstance(error, Failure):
        return "Try again, or name the region by --region."
    return _CHOOSE if error.code is Exit.USAGE else _DEPLOY


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
