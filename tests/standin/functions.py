"""Tells deployed functions something else, as another deployment would."""

from collections.abc import Mapping
from typing import Any

from deploy.aws.inventory.runtime import ALIAS


def variables_of(functions: Any, name: str) -> dict[str, str]:
    """Return what a function is told; `functions` is a client of Lambda."""
    found = functions.get_function_configuration(FunctionName=name)
    return found.get("Environment", {}).get("Variables", {})


def tell(functions: Any, name: str, variables: Mapping[str, str]) -> None:
    """Tell it all of these, and have its alias, if it has one, be a version that knows them."""
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": dict(variables)}
    )
    aliases = functions.list_aliases(FunctionName=name)["Aliases"]
    if ALIAS in [each["Name"] for each in aliases]:
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
