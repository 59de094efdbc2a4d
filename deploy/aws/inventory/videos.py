"""Videos: requests about them, what looks after them, and the calls to machines that process them.

All of it is in the network of their database, and only where an installation has videos. Machines
are no functions: their group and their role are written by hand in the template.
"""

from deploy.aws.inventory.model import Http, MachineQueue, Often, Reaction, Stack
from deploy.aws.inventory.rights import (
    COUNT_TRIES,
    KNOW_WHO_ASKS,
    PUT_MAILS,
    attribute,
    may,
    ref,
    table,
)
from deploy.aws.inventory.settings import TOKENS, told

NETWORK = (
    "{SubnetIds: [!Ref PrivateA, !Ref PrivateB], SecurityGroupIds: [!GetAtt FunctionsDoor.GroupId]}"
)
_BUCKET = "arn:${AWS::Partition}:s3:::${Prefix}videos-${AWS::AccountId}"
# By its own name and certificate: who is between sees nothing, and is no database. The file is in
# the package (tools/database_ca.py).
_URL = (
    "postgresql://${Database.Endpoint.Address}:${Database.Endpoint.Port}/videos"
    "?sslmode=verify-full&sslrootcert=/var/task/database-ca.pem"
)
_LOGIN = "!GetAtt Database.MasterUserSecret.SecretArn"
# What everything knows that works with videos.
SETTINGS = {
    **told("PublicUrl", "TimeZone"),
    "VIDEO_DATABASE": f'!If [OwnDatabase, !Sub "{_URL}", !Ref DatabaseUrl]',
    "VIDEO_LOGIN": f"!If [OwnDatabase, {_LOGIN}, !Ref DatabaseLogin]",
    "VIDEO_SCHEMA": "!Ref DatabaseSchema",
    "VIDEOS_BUCKET": '!Sub "${Prefix}videos-${AWS::AccountId}"',
    "VIDEO_QUEUE": "!Ref TurnsQueue",
    "VIDEO_SLOTS": "!Ref MostWorkers",
    "VIDEO_LARGEST": "!Ref LargestVideo",
    **told("VideoQuota"),
    "VIDEO_UPLOAD_HOURS": "!Ref UploadHours",
    "VIDEO_SPEECH_LANGUAGE": "!Ref SpeechLanguage",
}
# Rows are in the database, which its login opens: of a URL that opens it by itself there is none,
# and a role that names nothing is refused.
_OPEN_DATABASE = (
    f"!If [OwnDatabase, {_LOGIN}, !If [HasLogin, !Ref DatabaseLogin, !GetAtt VideoKeys.Id]]"
)
WORK_WITH_VIDEOS = (
    may(
        "s3",
        "GetObject PutObject DeleteObject AbortMultipartUpload ListMultipartUploadParts",
        f'!Sub "{_BUCKET}/originals/*"',
        f'!Sub "{_BUCKET}/media/*"',
    ),
    may("s3", "ListBucket ListBucketMultipartUploads", f'!Sub "{_BUCKET}"'),
    may("secretsmanager", "GetSecretValue", _OPEN_DATABASE),
    may("sqs", "SendMessage", attribute("TurnsQueue.Arn")),
)

_WARM = "{ProvisionedConcurrentExecutions: !Ref WarmContainers}"

HTTP_FUNCTION = Http(
    name="videos-http",
    does="Answers requests about videos.",
    handler="videos.http",
    package="videos",
    network=NETWORK,
    reserved="!Ref Concurrency",
    warm=f"!If [KeepsWarm, {_WARM}, !Ref AWS::NoValue]",
    paths=(
        *("/api/gallery/{proxy+}", "/api/stream/{proxy+}"),
        *("/api/uploads", "/api/uploads/{proxy+}", "/api/courses", "/api/courses/{proxy+}"),
        *("/podcast/{proxy+}", "/embed/{proxy+}"),
        # the gallery's, for clients of a gateway that strips their beginning
        *("/videos", "/videos/{proxy+}", "/health"),
    ),
    variables={
        **SETTINGS,
        "VIDEO_KEYS": "!GetAtt VideoKeys.Id",
        "PHOTO_KEYS": "!Ref FrontKeys",
        "PHOTO_KEY_IDS": "!Ref FrontKeyIds",
        **told("SigningKeys", *TOKENS, "FrontSecret", "RateLimits", "CorsOrigins"),
        **told("EmbedOrigins", "VideoPublishers"),
    },
    rights=(
        *WORK_WITH_VIDEOS,
        may(
            "secretsmanager",
            "GetSecretValue",
            *(attribute("VideoKeys.Id"), ref("FrontKeys"), ref("SigningKeys")),
        ),
        *KNOW_WHO_ASKS,
        *COUNT_TRIES,
    ),
)

TEND = Often(
    name="videos-tend",
    does="Looks after videos once a minute, tells of their changes, writes the letters about them,"
    " and brings the database up to date.",
    handler="videos.tend",
    package="videos",
    network=NETWORK,
    reserved="1",
    retries=0,
    rate="1 minute",
    puts=("mail.send",),
    variables=SETTINGS,
    rights=(
        *WORK_WITH_VIDEOS,
        *PUT_MAILS,
        may("dynamodb", "GetItem", table("Accounts")),
        may("dynamodb", "PutItem", table("Changes")),
    ),
)

# Accounts are closed seldom, so it is one function for all that follows.
REACT = Reaction(
    name="videos-react",
    does="Deletes videos and courses of closed accounts, or takes the name from them.",
    handler="videos.react",
    package="videos",
    network=NETWORK,
    reserved="2",
    job="videos.forget-member",
    also=("videos.forget-course-member",),
    at_once=2,
    event="Changes",
    variables=SETTINGS,
    rights=WORK_WITH_VIDEOS,
)

TURNS = MachineQueue(
    id="Turns",
    name="video-turns",
    hidden_s=120,
    receives=100,
    why="Attempts are counted in the database: what AWS takes back a machine of may come often.",
    longest_s=3600,
    waits="A video has waited for a worker for more than an hour.",
)

STACKS = (Stack("videos", (HTTP_FUNCTION, REACT, TEND), queues=(TURNS,), condition="HasVideos"),)
