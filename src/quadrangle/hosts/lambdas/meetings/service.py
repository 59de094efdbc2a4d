"""The meeting service on AWS."""

from collections.abc import Sequence

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue
from quadrangle.meetings.declared import MEETINGS


class MeetingsHost(ServiceHost):
    declared = MEETINGS

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        from quadrangle.hosts.lambdas.meetings.materials import MaterialsWork
        from quadrangle.hosts.lambdas.meetings.reactions import MeetingWork

        return [*MeetingWork(parts, mail).reactions(), *MaterialsWork(parts).reactions()]

    def described(self) -> Described:
        from quadrangle.meetings.booking.service import BookingService
        from quadrangle.meetings.http import routes
        from quadrangle.meetings.materials.service import MaterialsService
        from quadrangle.meetings.service import MeetingService

        facades = (MeetingService, BookingService, MaterialsService)
        known = [*routes.ROUTES, *routes.MATERIALS_APART]
        return Described(known, facades, routes.DEPENDENCIES)
