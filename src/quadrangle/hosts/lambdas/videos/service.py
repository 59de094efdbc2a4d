"""The video service on AWS, for the functions that are not its own. It is there where an operator
asks for it."""

from collections.abc import Sequence

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue
from quadrangle.videos.declared import VIDEOS


class VideosHost(ServiceHost):
    declared = VIDEOS
    is_optional = True

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        if parts.environment.videos != "yes":
            return ()
        from quadrangle.hosts.lambdas.videos.reactions import video_reactions

        return video_reactions(parts)

    def described(self) -> Described:
        from quadrangle.videos.http.routes import ROUTES
        from quadrangle.videos.http.uploads.parts import ROUTES as PART_ROUTES
        from quadrangle.videos.service import VideoService
        from quadrangle.videos.uploads.parting import PartUploads

        return Described([*ROUTES, *PART_ROUTES], (VideoService, PartUploads))
