"""Which image desktops are made from, and how long it takes to be ready."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.aws.base.remembered import Remembered
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.kernel.clock import Clock

NO_IMAGE = (
    "There is no image of a desktop yet: deploy/aws/desktop-image.yaml describes what builds one."
)
_NONE = ""


class Images:
    """Reads the parameters that the image's own stack writes. Remembers them for some minutes."""

    def __init__(self, ssm: Any, settings: Ec2Settings, clock: Clock) -> None:
        self._ssm = ssm
        self._image = Remembered(self._reading(settings.image_parameter), clock)
        self._lead = Remembered(self._reading(settings.lead_parameter), clock)

    def is_there(self) -> bool:
        """Tell whether an image was built. Raises Unavailable."""
        return self._image.current().startswith("ami-")

    def lead(self) -> timedelta | None:
        """Return how long before a meeting machines of it have to be launched.

        None where nobody said. Raises Unavailable.
        """
        minutes = self._lead.current()
        return timedelta(minutes=int(minutes)) if minutes.isdigit() else None

    def _reading(self, name: str) -> Callable[[], str]:
        return lambda: self._read(name)

    def _read(self, name: str) -> str:
        with translated():
            try:
                return self._ssm.get_parameter(Name=name)["Parameter"]["Value"].strip()
            except ClientError as error:
                if code_of(error) != "ParameterNotFound":
                    raise
                return _NONE
