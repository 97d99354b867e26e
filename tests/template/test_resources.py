"""The stack as a whole: it can be created, it is kept, and it answers what others ask of it."""

from graphlib import CycleError, TopologicalSorter

import pytest

from presswork.content.html.embeds import FRAME_SOURCES
from template.stack import Stack, name_of, references


def test_no_resource_waits_for_itself(stack: Stack) -> None:
    """The resources can be created one after another."""
    graph = {
        name: set(references(resource)) & set(stack.resources) | set(resource.get("DependsOn", ()))
        for name, resource in stack.resources.items()
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of resources: {' -> '.join(error.args[1])}")


def test_every_reference_leads_somewhere(stack: Stack) -> None:
    """No resource refers to one that this stack does not make."""
    known = {*stack.resources, *stack.parameters}
    found = {
        name
        for part in (stack.resources, stack.outputs)
        for name in references(part)
        if not name.startswith("AWS::")
    }
    assert found <= known


def test_a_first_deployment_that_fails_leaves_nothing_behind(stack: Stack) -> None:
    """What outlives the stack goes all the same when the stack that made it never stood."""
    retained = {
        name: resource["DeletionPolicy"]
        for name, resource in stack.resources.items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    kept = {"ContentBucket", "SiteBucket", "Table", "VaultBucket"}
    kept |= {"SenderIdentity"} & stack.resources.keys()
    assert retained == dict.fromkeys(kept, "RetainExceptOnCreate")


def test_what_is_true_is_kept(stack: Stack) -> None:
    """The authors' files, the originals and the table outlive the stack, and can be taken back."""
    for name in ("ContentBucket", "VaultBucket", "Table"):
        resource = stack.resources[name]
        assert resource["UpdateReplacePolicy"] == "Retain", name
    for name in ("ContentBucket", "VaultBucket"):
        properties = stack.resources[name]["Properties"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        for rule in properties["LifecycleConfiguration"]["Rules"]:
            assert not {key for key in rule if "Expiration" in key}, name
    table = stack.resources["Table"]["Properties"]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_site_can_be_made_again(stack: Stack) -> None:
    """SiteBucket is not versioned."""
    assert "VersioningConfiguration" not in stack.resources["SiteBucket"]["Properties"]


def test_the_table_is_one_without_indexes(stack: Stack) -> None:
    """PK and SK, paid by request, with a TTL and no index to grow stale."""
    (table,) = stack.of("AWS::DynamoDB::Table").values()
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["PK", "SK"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert not {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & set(table)


def test_every_bucket_is_private(stack: Stack) -> None:
    """Nothing in a bucket is public, and ACLs are off."""
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"]) == {
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        }
        assert all(bucket["PublicAccessBlockConfiguration"].values()), name
        (ownership,) = bucket["OwnershipControls"]["Rules"]
        assert ownership == {"ObjectOwnership": "BucketOwnerEnforced"}
        assert "BucketEncryption" in bucket


def test_only_the_distribution_reads_the_site(stack: Stack) -> None:
    """SiteBucket lets in CloudFront for this distribution, to read and to see what is absent."""
    (policy,) = (
        policy
        for policy in stack.of("AWS::S3::BucketPolicy").values()
        if name_of(policy["Bucket"]) == "SiteBucket"
    )
    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
    assert {s["Action"] for s in allowed} == {"s3:GetObject", "s3:ListBucket"}
    for statement in allowed:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert "Distribution" in references(statement["Condition"]["StringEquals"])


def test_buckets_and_queues_refuse_plain_http_on_aws(whole: Stack) -> None:
    """Each bucket, and each queue that a service writes to, denies requests without TLS."""
    kinds = {"AWS::S3::BucketPolicy": "Bucket", "AWS::SQS::QueuePolicy": "Queues"}
    for kind, subject in kinds.items():
        for name, policy in whole.of(kind).items():
            denied = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
            assert [s["Condition"] for s in denied] == [
                {"Bool": {"aws:SecureTransport": "false"}}
            ], name
            covered = set(references(denied[0]["Resource"]))
            is_of_its_queues = kind == "AWS::SQS::QueuePolicy" and denied[0]["Resource"] == "*"
            assert is_of_its_queues or covered == set(references(policy[subject])), name
    guarded = {name_of(p["Bucket"]) for p in whole.of("AWS::S3::BucketPolicy").values()}
    assert guarded == set(whole.of("AWS::S3::Bucket"))


def test_the_local_cloud_speaks_http(local: Stack) -> None:
    """Where there is no TLS nothing asks for it."""
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
        for policy in local.of(kind).values():
            assert {s["Effect"] for s in policy["PolicyDocument"]["Statement"]} == {"Allow"}


def test_the_outputs_stand(stack: Stack) -> None:
    """The names that the command line and outside tools read."""
    assert {
        "ContentBucket",
        "SiteBucket",
        "VaultBucket",
        "SiteUrl",
        "WebhookUrl",
        "WebhookSecret",
        "Topic",
        "Table",
    } <= set(stack.outputs)


def test_the_site_is_behind_cloudfront(stack: Stack) -> None:
    """Read only, through OAC, with the theme's page for what is absent or forbidden."""
    (distribution,) = stack.of("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    (origin,) = config["Origins"]
    assert name_of(origin["OriginAccessControlId"]) == "OriginAccess"
    assert config["DefaultRootObject"] == "index.html"
    assert {
        (e["ErrorCode"], e["ResponseCode"], e["ResponsePagePath"])
        for e in config["CustomErrorResponses"]
    } == {(403, 404, "/404.html"), (404, 404, "/404.html")}
    behavior = config["DefaultCacheBehavior"]
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert {
        f["EventType"]: name_of(f["FunctionARN"]) for f in behavior["FunctionAssociations"]
    } == {"viewer-request": "IndexDocument", "viewer-response": "MovedAndGone"}
    assert name_of(behavior["ResponseHeadersPolicyId"]) == "SecurityHeaders"


def test_pages_run_nothing_foreign(stack: Stack) -> None:
    """The header policy allows no inline script, no host but those of frames, and says nosniff."""
    policy = stack.of("AWS::CloudFront::ResponseHeadersPolicy")["SecurityHeaders"]
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    directives = dict(
        directive.strip().split(" ", 1)
        for directive in headers["ContentSecurityPolicy"]["ContentSecurityPolicy"].split(";")
    )
    assert directives.pop("default-src") == "'none'"
    frames = [source for sources in FRAME_SOURCES.values() for source in sources]
    assert directives.pop("frame-src").split() == frames
    assert set(directives.values()) == {"'self'", "'none'"}
    assert directives["media-src"] == "'self'"  # films and sounds of the author's own
    assert all(header["Override"] for header in headers.values())
    assert {"ContentTypeOptions", "ReferrerPolicy", "StrictTransportSecurity"} <= set(headers)


def test_media_are_served_in_a_sandbox(stack: Stack) -> None:
    """What was fetched from the world runs nothing and loads nothing, also if opened by itself."""
    (distribution,) = stack.of("AWS::CloudFront::Distribution").values()
    (behavior,) = distribution["DistributionConfig"]["CacheBehaviors"]
    assert behavior["PathPattern"] == "-/media/*"
    name = name_of(behavior["ResponseHeadersPolicyId"])
    policy = stack.of("AWS::CloudFront::ResponseHeadersPolicy")[name]
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    directives = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"].split("; ")
    assert directives == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "sandbox",
    ]
    assert all(header["Override"] for header in headers.values())
    assert "ContentTypeOptions" in headers


def test_an_own_domain_comes_with_its_certificate(stack: Stack, whole: Stack) -> None:
    """With both the distribution has the name and the certificate, without them CloudFront's."""
    assert whole.holds("OwnDomain")
    (distribution,) = stack.of("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    assert ("Aliases" in config) == stack.holds("OwnDomain")
    assert ("AcmCertificateArn" in config["ViewerCertificate"]) == stack.holds("OwnDomain")


def test_an_identity_that_exists_is_used_and_one_that_is_made_is_kept(whole: Stack) -> None:
    """SES refuses to create what exists; others may send from an identity when the stack goes.

    An existing one may be that of the domain: then rights are asked for on that.
    """
    identity = whole.resources["SenderIdentity"]
    assert identity["DeletionPolicy"] == "RetainExceptOnCreate"
    assert identity["UpdateReplacePolicy"] == "Retain"
    existing = Stack({**whole.given, "MailIdentity": "existing"})
    assert "SenderIdentity" not in existing.resources
    domain = {"Domain": {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "MailFrom"}]}]}}
    for stack, is_granted in ((whole, False), (existing, True)):
        (policy,) = stack.resources["NotifyRole"]["Properties"]["Policies"]
        (mail,) = (s for s in policy["PolicyDocument"]["Statement"] if s.get("Sid") == "Mail")
        subs = [each["Fn::Sub"] for each in mail["Resource"]]
        assert any(isinstance(sub, list) and sub[1] == domain for sub in subs) is is_granted
        assert any(str(sub).endswith(":identity/${MailFrom}") for sub in subs)


def test_access_logs_do_not_fill_a_shared_policy(stack: Stack) -> None:
    """The group of an API's access log lies below /aws/vendedlogs/.

    Amazon CloudWatch Logs User Guide, "Enable logging from AWS services", section "Log group
    resource policy size limit considerations": elsewhere each group is named in one policy of the
    account, of 5,120 characters.
    """
    (stage,) = stack.of("AWS::ApiGatewayV2::Stage").values()
    group = name_of(stage["AccessLogSettings"]["DestinationArn"])
    name = stack.of("AWS::Logs::LogGroup")[group]["LogGroupName"]
    assert name["Fn::Sub"].startswith("/aws/vendedlogs/")


def test_a_deployed_stack_makes_its_pages(stack: Stack) -> None:
    """A stack that was made, changed or rolled back runs maintain, and no other stack does.

    AWS CloudFormation User Guide, "Stack Status Change event detail".
    """
    rule = stack.of("AWS::Events::Rule")["DeployRule"]
    pattern = rule["EventPattern"]
    assert pattern["source"] == ["aws.cloudformation"]
    assert pattern["detail-type"] == ["CloudFormation Stack Status Change"]
    assert pattern["detail"]["stack-id"] == [{"Ref": "AWS::StackId"}]
    assert set(pattern["detail"]["status-details"]["status"]) == {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
    assert [name_of(target["Arn"]) for target in rule["Targets"]] == ["MaintainFunction"]
