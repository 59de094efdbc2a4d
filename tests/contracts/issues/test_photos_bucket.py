"""The bucket of deploy/aws/photos.yaml: private, encrypted, and it tells of what arrives."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from quadrangle.aws.issues.uploads import arrivals
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.principal import ANYONE
from tests.aws_photos import AwsPhotos
from tests.http.issues.test_photos import jpeg
from tests.running import wait_for
from tests.standin.buckets import DISTRIBUTION, PAGES_ORIGIN, make_bucket
from tests.standin.server import StandIn
from tests.standin.tables import template


@pytest.fixture(scope="module")
def bucket(standin: StandIn) -> str:
    return make_bucket(standin)


@pytest.fixture
def s3(standin: StandIn) -> Any:
    return standin.client("s3")


def test_its_name_is_the_installations(bucket: str):
    assert bucket.endswith("-photos-000000000000")


def test_nothing_in_it_can_be_made_public(s3: Any, bucket: str):
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    statement = {**anyone, "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def test_it_is_encrypted_and_asks_for_encrypted_connections(s3: Any, bucket: str):
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    (rule,) = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    statement, _ = policy["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    arn = f"arn:aws:s3:::{bucket}"
    assert (statement["Action"], statement["Resource"]) == ("s3:*", [arn, f"{arn}/*"])


def test_only_the_pages_may_use_it_from_a_browser(s3: Any, bucket: str):
    (rule,) = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == [PAGES_ORIGIN]
    assert set(rule["AllowedMethods"]) == {"POST"}


def test_only_the_distribution_reads_and_only_photos(s3: Any, bucket: str):
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    (allowed,) = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Resource"] == f"arn:aws:s3:::{bucket}/photos/*"
    source = f"arn:aws:cloudfront::000000000000:distribution/{DISTRIBUTION}"
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceArn": source}}


async def test_photos_are_stored_as_what_they_are(standin: StandIn, clock: ManualClock):
    """What reads them for browsers says what the bucket says."""
    aws = AwsPhotos(standin, clock)
    photo = await aws.album.add(await aws.report(), jpeg(), ANYONE)
    for key in (photo.key, photo.thumbnail_key):
        assert aws.s3.head_object(Bucket=aws.bucket, Key=key)["ContentType"] == photo.mime


def test_what_passes_through_is_gone_after_a_day_and_photos_stay():
    """On the template: the stand-in leaves lifecycle rules out of what it makes."""
    properties = template("photos")["Resources"]["PhotosBucket"]["Properties"]
    rules = properties["LifecycleConfiguration"]["Rules"]
    found = [(rule["Prefix"], rule["ExpirationInDays"], rule["Status"]) for rule in rules]
    passing = ("incoming/", "uploads/", "exports/")
    assert found == [(prefix, 1, "Enabled") for prefix in passing]


async def test_its_event_names_the_upload_that_arrived(standin: StandIn, clock: ManualClock):
    aws = AwsPhotos(standin, clock)
    sqs = standin.client("sqs")
    queue = sqs.create_queue(QueueName=aws.bucket)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    told = {
        "QueueArn": attributes["Attributes"]["QueueArn"],
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "incoming/"}]}},
    }
    aws.s3.put_bucket_notification_configuration(
        Bucket=aws.bucket, NotificationConfiguration={"QueueConfigurations": [told]}
    )
    issue_id = await aws.report()
    upload, form = await aws.reception.begin(issue_id, "image/jpeg", 100, ANYONE)
    await aws.send(form, jpeg())
    found: list[tuple[str, str]] = []

    def told_of_it() -> bool:
        for message in sqs.receive_message(QueueUrl=queue).get("Messages", ()):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            found.extend(arrivals(json.loads(message["Body"])))
        return bool(found)

    wait_for(told_of_it, "the event of S3")
    assert found == [(issue_id, upload.upload_id)]
