"""Accounts: requests about them, what reacts to them, the keys of tokens, and the first start."""

from deploy.aws.inventory.issues import FORGET as FORGET_IN_ISSUES
from deploy.aws.inventory.model import Daily, Function, Http, Stack, Table, reaction, together
from deploy.aws.inventory.rights import PUT_MAILS, attribute, files, may, queue, ref, table
from deploy.aws.inventory.settings import BUCKET, told

HTTP_FUNCTION = Http(
    name="accounts-http",
    does="Answers requests about accounts.",
    handler="accounts.http",
    package="accounts",
    paths=("/api/accounts/{proxy+}", "/.well-known/{proxy+}"),
    variables={
        **told("PublicUrl", "SigningKeys", "UserPool", "UserPoolClient", "SignUp"),
        **told("SignUpDomains", "TwoFactor", "PinSignIn", "PoolClients", "OidcIssuer"),
        "OIDC_SECRET": ref("OidcSecretArn"),
        **told("OidcClientId", "OidcName", "OidcSignUp", "FrontSecret", "RateLimits"),
        **BUCKET,
    },
    rights=(
        may(
            "dynamodb",
            "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem ConditionCheckItem",
            table("Accounts"),
        ),
        may("dynamodb", "Query", table("Audit")),
        may("dynamodb", "PutItem", table("Changes")),
        may(
            "secretsmanager",
            "GetSecretValue",
            ref("SigningKeys"),
            "!If [HasOidcSecret, !Ref OidcSecretArn, !Ref AWS::NoValue]",
        ),
        may(
            "cognito-idp",
            "AdminCreateUser AdminSetUserPassword AdminInitiateAuth AdminRespondToAuthChallenge"
            " AdminSetUserMFAPreference AdminDeleteUser",
            attribute("UserPool.Arn"),
        ),
        may(
            "s3",
            "PutObject GetObject",
            files("exports"),
            why="exports that are too long for an answer",
        ),
    ),
)

# It reads the keys of tokens, so it is by itself.
MAIL = reaction(
    "accounts.mail",
    "Writes the mails that changes of accounts ask for.",
    (
        may("dynamodb", "GetItem", table("Accounts")),
        *PUT_MAILS,
        may("secretsmanager", "GetSecretValue", ref("SigningKeys")),
    ),
    variables=told("PublicUrl", "SigningKeys", "TimeZone"),
    puts=("mail.send",),
)

_FORGET = reaction(
    "accounts.erase",
    "Takes leave of a closed account and forgets all that is personal of it.",
    (
        may(
            "dynamodb",
            "GetItem BatchGetItem Query PutItem DeleteItem ConditionCheckItem",
            table("Accounts"),
        ),
        may("dynamodb", "PutItem", table("Changes")),
        may(
            "dynamodb",
            "GetItem BatchGetItem Scan PutItem UpdateItem DeleteItem",
            table("Mails"),
        ),
        may("sqs", "SendMessage GetQueueUrl GetQueueAttributes", queue("mail")),
    ),
    variables=told("PublicUrl", "TimeZone"),
    puts=("mail.send",),
)

# What is theirs alone: to read all and delete. Accounts are closed seldom, and nobody waits.
ERASE = together("erase", "Forgets what is personal of closed accounts.", _FORGET, FORGET_IN_ISSUES)

# It may change who can sign in, so it is by itself.
MIRROR = reaction(
    "accounts.mirror",
    "Keeps groups, addresses and who is switched off in the user pool as accounts are.",
    (
        may("dynamodb", "GetItem", table("Accounts")),
        may(
            "cognito-idp",
            "AdminListGroupsForUser AdminAddUserToGroup AdminRemoveUserFromGroup"
            " AdminUpdateUserAttributes AdminEnableUser AdminDisableUser",
            attribute("UserPool.Arn"),
        ),
    ),
    variables=told("UserPool", "UserPoolClient"),
)

KEYS_ROTATE = Daily(
    name="keys-rotate",
    does="Replaces the keys that sign tokens when their time has come.",
    handler="accounts.keys_rotate",
    at="2:40",
    alarm="Signing keys could not be looked after: the present one goes on to sign.",
    variables=told("SigningKeys"),
    rights=(may("secretsmanager", "GetSecretValue PutSecretValue", ref("SigningKeys")),),
)

SETUP = Function(
    name="setup",
    does="Makes what an installation begins with: run by `make deploy-aws` after each deployment.",
    handler="accounts.setup",
    package="accounts",
    variables={
        **told("PublicUrl", "AdminEmail", "SigningKeys", "UserPool", "UserPoolClient"),
        **told("TwoFactor", "PinSignIn"),
    },
    rights=(
        may(
            "dynamodb",
            "GetItem BatchGetItem Query PutItem UpdateItem ConditionCheckItem",
            table("Accounts"),
        ),
        may("dynamodb", "PutItem", table("Changes")),
        may("secretsmanager", "GetSecretValue PutSecretValue", ref("SigningKeys")),
        may(
            "cognito-idp",
            "AdminCreateUser AdminSetUserPassword AdminDeleteUser",
            attribute("UserPool.Arn"),
        ),
    ),
)

STACKS = (
    Stack(
        "accounts",
        (HTTP_FUNCTION, MAIL, ERASE, MIRROR, KEYS_ROTATE, SETUP),
        (Table("Accounts"),),
    ),
)
