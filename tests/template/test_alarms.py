"""The operator is told of what needs a person: in time, by few alarms, and when it is over."""

import json
from typing import Any

import pytest

from template.stack import TEMPLATE, Stack, name_of, references
from template.test_queues import dead_letters

ALARM = "AWS::CloudWatch::Alarm"
FREE_METRICS = 10
"""Amazon CloudWatch Pricing, "Free tier": ten alarm metrics. Metric math pays for each metric."""

WHY_MISSING = {
    "notBreaching": (
        "SQS says nothing of a queue that was empty for six hours",
        "Lambda counts nothing where nothing runs",
    ),
    "breaching": ("Lambda counts nothing where nothing runs: that is the alarm",),
}


@pytest.fixture(scope="module")
def essential() -> Stack:
    """A stack that mails its operator and is asked for no more."""
    return Stack({"AlarmEmail": "alarm@example.org"})


def metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """What an alarm looks at, and pays for."""
    if "Metrics" not in alarm:
        return [alarm]
    return [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]


def watched(stack: Stack, metric: str) -> dict[str, list[str]]:
    """The resources whose metric each alarm looks at, by the alarm."""
    found = {}
    for name, alarm in stack.of(ALARM).items():
        looked = [each for each in metrics(alarm) if each["MetricName"] == metric]
        if looked:
            found[name] = [name_of(each["Dimensions"][0]["Value"]) for each in looked]
    return found


def test_nobody_is_alarmed_without_an_address(stack: Stack) -> None:
    """No alarm, no topic and no budget where nobody is to be mailed."""
    kinds = {resource["Type"] for resource in stack.resources.values()}
    alarming = {ALARM, "AWS::Budgets::Budget"} & kinds
    assert bool(alarming) == bool(stack.parameters["AlarmEmail"])
    assert ("AlarmTopic" in stack.resources) == bool(stack.parameters["AlarmEmail"])


def test_the_essential_alarms_are_ten(essential: Stack, whole: Stack) -> None:
    """Their price is by metrics, which the page on deploying counts; `full` adds two."""
    alarms = essential.of(ALARM)
    assert len(alarms) <= FREE_METRICS
    assert sum(len(metrics(alarm)) for alarm in alarms.values()) == 18
    more = whole.of(ALARM)
    assert set(more) - set(alarms) == {"ThrottlesAlarm", "WebhookAlarm"}
    assert sum(len(metrics(alarm)) for alarm in more.values()) == 27


def test_one_alarm_tells_of_every_dead_letter(essential: Stack) -> None:
    """All dead-letter queues are in it, and no more metrics than an alarm can take."""
    (queues,) = watched(essential, "ApproximateNumberOfMessagesVisible").values()
    assert set(queues) == dead_letters(essential)
    assert len(queues) <= 10  # "Alarm data queries", section "Metric math"


def test_every_queue_that_is_worked_on_is_watched(essential: Stack) -> None:
    """Each has an alarm of its own for the age of its oldest message."""
    found = watched(essential, "ApproximateAgeOfOldestMessage")
    live = set(essential.of("AWS::SQS::Queue")) - dead_letters(essential)
    assert sorted(queue for queues in found.values() for queue in queues) == sorted(live)
    assert all(len(queues) == 1 for queues in found.values())


def test_no_message_that_is_tried_again_is_called_old(essential: Stack) -> None:
    """Two tries and a delay are no alarm: what fails three times SQS leaves out of the age.

    "Available CloudWatch metrics for Amazon SQS": it goes to the back of the queue after that.
    """
    queues, alarms = essential.of("AWS::SQS::Queue"), essential.of(ALARM)
    for alarm, (queue,) in watched(essential, "ApproximateAgeOfOldestMessage").items():
        delay = 900 if queue == "NotifyQueue" else 60
        longest = delay + 2 * queues[queue]["VisibilityTimeout"]
        assert alarms[alarm]["Threshold"] > longest, queue


def test_maintain_has_a_heartbeat(essential: Stack) -> None:
    """Three hours without a run are an alarm, also where Lambda counts nothing at all."""
    ((name, functions),) = watched(essential, "Invocations").items()
    assert functions == ["MaintainFunction"]
    alarm = essential.of(ALARM)[name]
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 3)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"


def test_every_metric_is_one_that_aws_tells(whole: Stack) -> None:
    """Under the dimension that its service has; none of our own, which come from a log."""
    dimensions = {"AWS/SQS": "QueueName", "AWS/Lambda": "FunctionName"}
    told = {
        "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
        "AWS/Lambda": {"Errors", "Invocations", "RecursiveInvocationsDropped", "Throttles"},
    }
    found: dict[str, set[str]] = {}
    for alarm in whole.of(ALARM).values():
        for metric in metrics(alarm):
            (dimension,) = metric["Dimensions"]
            assert dimension["Name"] == dimensions[metric["Namespace"]]
            found.setdefault(metric["Namespace"], set()).add(metric["MetricName"])
    assert found == told


def test_who_may_be_stopped_as_a_loop_is_watched(essential: Stack) -> None:
    """Each function that queues invoke, and whose loops Lambda does not allow."""
    (found,) = watched(essential, "RecursiveInvocationsDropped").values()
    functions = essential.of("AWS::Lambda::Function")
    invoked = {
        name_of(mapping["FunctionName"])
        for mapping in essential.of("AWS::Lambda::EventSourceMapping").values()
    }
    assert set(found) == {n for n in invoked if functions[n].get("RecursiveLoop") != "Allow"}


def test_throttles_of_all_functions_are_in_one_alarm(whole: Stack) -> None:
    """With `full` alone: a throttled message waits, which the age of its queue tells as well."""
    (found,) = watched(whole, "Throttles").values()
    assert sorted(found) == sorted(whole.of("AWS::Lambda::Function"))


def test_every_alarm_mails_when_it_begins_and_when_it_is_over(whole: Stack) -> None:
    """By the one topic, which has the operator's address, with words for what is wrong."""
    for name, alarm in whole.of(ALARM).items():
        for actions in ("AlarmActions", "OKActions"):
            assert [name_of(each) for each in alarm[actions]] == ["AlarmTopic"], name
        assert alarm["AlarmDescription"], name
    mails = [s for s in whole.of("AWS::SNS::Subscription").values() if s["Protocol"] == "email"]
    assert [name_of(s["TopicArn"]) for s in mails] == ["AlarmTopic"]


def test_missing_data_are_treated_with_a_reason(whole: Stack) -> None:
    """Every alarm says what silence means, and beside it stands why."""
    lines = [line for line in TEMPLATE.read_text().splitlines() if "TreatMissingData" in line]
    assert len(lines) == len(whole.of(ALARM))
    for line in lines:
        treatment, _, why = line.partition(":")[2].partition(" # ")
        assert why in WHY_MISSING[treatment.strip()], line


def test_each_math_alarm_watches_one_expression(whole: Stack) -> None:
    """CloudWatch wants one that returns data, over metrics that do not, all of one period."""
    for name, alarm in whole.of(ALARM).items():
        if "Metrics" not in alarm:
            continue
        returned = [each for each in alarm["Metrics"] if each.get("ReturnData", True)]
        assert [each["Expression"] for each in returned] == ["SUM(METRICS())"], name
        stats = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
        assert {each["Period"] for each in stats} == {300}, name


@pytest.mark.parametrize(
    ("budget", "email", "is_made"),
    [("", "a@b.org", False), ("0", "a@b.org", False), ("5", "", False), ("5", "a@b.org", True)],
)
def test_a_budget_is_made_where_there_is_an_amount(budget: str, email: str, is_made: bool) -> None:
    """And somebody to tell."""
    stack = Stack({"MonthlyBudget": budget, "AlarmEmail": email})
    assert ("Budget" in stack.resources) is is_made


def test_a_budget_tells_before_and_when_it_is_spent(whole: Stack) -> None:
    """At 80 per cent of what was spent, and when the forecast is above all of it."""
    (budget,) = whole.of("AWS::Budgets::Budget").values()
    assert name_of(budget["Budget"]["BudgetLimit"]["Amount"]) == "MonthlyBudget"
    told = {
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in budget["NotificationsWithSubscribers"]
    }
    assert told == {("ACTUAL", 80), ("FORECASTED", 100)}
    for each in budget["NotificationsWithSubscribers"]:
        (subscriber,) = each["Subscribers"]
        assert name_of(subscriber["Address"]) == "AlarmEmail"


def test_maintain_counts_every_dead_letter_queue(stack: Stack) -> None:
    """The queues of the daily digest are all there are."""
    variables = stack.of("AWS::Lambda::Function")["MaintainFunction"]["Environment"]["Variables"]
    assert set(references(variables["DEAD_LETTER_QUEUE_URLS"])) == dead_letters(stack)
    told = list(references(variables["ALARM_TOPIC_ARN"]))
    assert told == (["AlarmTopic"] if stack.parameters["AlarmEmail"] else [])


def test_a_dashboard_is_made_where_it_is_wanted(whole: Stack, essential: Stack) -> None:
    """By default there is none; its body is JSON, and every name in it is one of the stack's."""
    assert "WorkDashboard" not in essential.resources
    (dashboard,) = whole.of("AWS::CloudWatch::Dashboard").values()
    text, names = dashboard["DashboardBody"]["Fn::Sub"]
    assert {name_of(value) for value in names.values()} == set(
        whole.of("AWS::SQS::Queue")
    ) - dead_letters(whole)
    widgets = json.loads(text)["widgets"]
    assert all(widget["properties"]["metrics"] for widget in widgets)
