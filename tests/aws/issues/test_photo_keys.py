"""tools/photo_keys.py makes, replaces and deletes the keys that sign addresses of photos, and those
that films are let in by."""

import json
import secrets
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from quadrangle.aws.base.front_keys import FrontKey, decode_front_keys
from tests.aws_photos import public_half
from tests.running import wait_for
from tests.standin.expanded import expanded_templates
from tests.standin.server import StandIn
from tools import photo_keys

NONE = "none"


class Installation:
    """What the tools see of one: a prefix, and an account that is the stand-in."""

    def __init__(self, standin: StandIn, kind: photo_keys.Kind) -> None:
        self.kind = kind
        self.prefix = f"t{secrets.token_hex(4)}-"
        self.client: Any = standin.client("secretsmanager")

    def stored(self) -> list[FrontKey]:
        found = self.client.get_secret_value(SecretId=f"{self.prefix}{self.kind.secret}")
        return decode_front_keys(found["SecretString"])

    def slots(self) -> str:
        return "".join(key.slot for key in self.stored())

    def parameters(self) -> dict[str, str]:
        """Return what a deployment tells the template."""
        return photo_keys.parameters(self.client, self.prefix, self.kind)

    def change(self, *actions: str) -> None:
        for action in actions:
            photo_keys.change(self.client, action, self.prefix, self.kind)

    def refuses(self, action: str, words: str) -> None:
        """Check that an action is refused with a sentence, and changes nothing."""
        before = self.stored()
        with pytest.raises(SystemExit, match=words):
            self.change(action)
        assert self.stored() == before

    def delete(self) -> None:
        photo_keys.delete(self.client, self.prefix)

    def half(self, slot: str) -> str:
        """Return the name of the parameter with the public half in a slot."""
        return f"{self.kind.halves}{slot}"


@pytest.fixture(params=photo_keys.KINDS)
def installation(standin: StandIn, request: pytest.FixtureRequest) -> Installation:
    return Installation(standin, photo_keys.KINDS[request.param])


def test_the_first_deployment_makes_a_key_and_the_next_ones_keep_it(installation: Installation):
    first = installation.parameters()
    assert installation.parameters() == first
    (key,) = installation.stored()
    assert key.slot == "a"
    assert first[installation.half("A")].replace(",", "\n") == public_half(key)
    public = load_pem_public_key(public_half(key).encode())
    assert isinstance(public, RSAPublicKey)
    assert public.key_size == 2048  # the size that CloudFront takes
    assert first[installation.half("B")] == NONE
    assert first[installation.kind.parameter].startswith("arn:aws:secretsmanager:")
    assert "PRIVATE" not in json.dumps(first)


def test_a_key_is_replaced_in_three_steps_each_in_its_turn(installation: Installation):
    before = installation.parameters()
    installation.refuses("use", "add the new one first")
    installation.refuses("drop", "add the new one first")
    installation.change("add")
    assert installation.slots() == "ab"
    both = installation.parameters()
    assert both[installation.half("A")] == before[installation.half("A")]
    assert both[installation.half("B")] not in (NONE, before[installation.half("A")])
    installation.refuses("add", "drop the old one first")

    installation.change("use")
    assert installation.slots() == "ba"
    assert installation.parameters() == both  # CloudFront learns nothing new

    installation.change("drop")
    assert installation.slots() == "b"
    assert installation.parameters() == {**both, installation.half("A"): NONE}
    installation.change("add")
    assert installation.slots() == "ba"


def test_keys_that_are_not_there_are_not_replaced(installation: Installation):
    with pytest.raises(SystemExit, match="There are no keys"):
        installation.change("add")


def test_deleted_keys_leave_nothing_and_can_be_made_again(installation: Installation):
    first = installation.parameters()
    installation.delete()
    installation.delete()
    names = [each["Name"] for each in installation.client.list_secrets()["SecretList"]]
    assert f"{installation.prefix}{installation.kind.secret}" not in names
    assert installation.parameters()[installation.half("A")] != first[installation.half("A")]


def test_the_group_of_cloudfront_follows(standin: StandIn, installation: Installation):
    """deploy/aws/shared.yaml, deployed with one key, both, and the new one alone."""
    cloudformation, cloudfront = standin.client("cloudformation"), standin.client("cloudfront")
    stack = installation.prefix.rstrip("-")

    def deploy(call: Any) -> list[str]:
        """Return the keys in the group, in PEM."""
        photos = photo_keys.parameters(installation.client, installation.prefix)
        values = {"Prefix": installation.prefix, **photos, **installation.parameters()}
        for kind in photo_keys.KINDS.values():
            values.pop(kind.parameter, None)
        call(
            StackName=stack,
            TemplateBody=json.dumps(expanded_templates()["shared"]),
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value} for name, value in values.items()
            ],
        )
        wait_for(ended, "the stack")
        ids = cloudfront.get_key_group(Id=output("KeyGroup"))["KeyGroup"]["KeyGroupConfig"]
        return [
            cloudfront.get_public_key(Id=key)["PublicKey"]["PublicKeyConfig"]["EncodedKey"]
            for key in ids["Items"]
        ]

    def ended() -> bool:
        status = described()["StackStatus"]
        assert "ROLLBACK" not in status
        return status.endswith("_COMPLETE")

    def described() -> dict[str, Any]:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]

    def output(name: str) -> str:
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described()["Outputs"]}
        return outputs[installation.kind.halves.removesuffix("PublicKey") + name]

    assert deploy(cloudformation.create_stack) == [public_half(k) for k in installation.stored()]
    first = json.loads(output("KeyIds"))
    assert (bool(first["a"]), first["b"]) == (True, "")

    installation.change("add")
    assert deploy(cloudformation.update_stack) == [public_half(k) for k in installation.stored()]
    both = json.loads(output("KeyIds"))
    assert both["a"] == first["a"]
    assert both["b"]

    installation.change("use", "drop")
    assert deploy(cloudformation.update_stack) == [public_half(k) for k in installation.stored()]
    assert json.loads(output("KeyIds")) == {"a": "", "b": both["b"]}
    listed = cloudfront.list_public_keys()["PublicKeyList"]["Items"]
    assert both["a"] not in [each["Id"] for each in listed]
