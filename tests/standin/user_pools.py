"""Makes the user pool of the template on the stand-in, for tests of what is kept in it."""

import secrets
from typing import Any

from quadrangle.aws.accounts.user_pool import UserPool
from tests.standin.tables import template


def make_pool(cognito: Any) -> UserPool:
    """Return a pool of its own, with its client and groups."""
    resources = template("accounts")["Resources"]
    properties = resources["UserPool"]["Properties"]
    made = cognito.create_user_pool(
        PoolName=secrets.token_hex(8),
        Policies=properties["Policies"],
        AdminCreateUserConfig=properties["AdminCreateUserConfig"],
        MfaConfiguration=properties["MfaConfiguration"],
    )
    pool_id = made["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration=properties["MfaConfiguration"],
    )
    client = resources["UserPoolClient"]["Properties"]
    taken = ("ClientName", "ExplicitAuthFlows", "PreventUserExistenceErrors", "GenerateSecret")
    settings = {name: client[name] for name in taken}
    client_id = cognito.create_user_pool_client(UserPoolId=pool_id, **settings)["UserPoolClient"][
        "ClientId"
    ]
    for resource in resources.values():
        if resource["Type"] == "AWS::Cognito::UserPoolGroup":
            group = resource["Properties"]["GroupName"]
            cognito.create_group(UserPoolId=pool_id, GroupName=group)
    return UserPool(cognito, pool_id, client_id)
