"""What the video service does beside films on one machine: letters about them, and tidying up."""

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.kernel.mail import MailQueue
from quadrangle.machine.videos.leftovers import DirectoryFiles
from quadrangle.sql.videos.records import SqlRecords
from quadrangle.sql.videos.told import SqlToldStore
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.sharing.ports import People, SharingStore
from quadrangle.videos.telling.telling import Telling
from quadrangle.videos.tidying.tidying import Tidying


def tidying(parts: MachineParts) -> Tidying:
    """Return what looks through the files of videos."""
    files = DirectoryFiles(parts.settings.data / "videos")
    return Tidying(files, SqlRecords(parts.database), parts.clock)


def telling(
    parts: MachineParts,
    videos: VideoStore,
    sharing: SharingStore,
    people: People,
    mail: MailQueue,
) -> Telling:
    """Return what writes to people with whom a video is shared."""
    return Telling(
        SqlToldStore(parts.database),
        videos,
        sharing,
        people,
        mail,
        parts.jobs,
        parts.clock,
        parts.settings.public_url,
    )
