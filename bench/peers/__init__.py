"""Other issue trackers, started here so that our rates can be compared with theirs."""

from bench.peers.base import CreateCall, Peer, PeerError, ReadCall
from bench.peers.roundup_peer import RoundupPeer
from bench.peers.serverless_peer import ServerlessPeer

__all__ = ["CreateCall", "Peer", "PeerError", "ReadCall", "all_peers"]


def all_peers() -> list[Peer]:
    """One fresh, stopped instance of each peer."""
    return [RoundupPeer(), ServerlessPeer()]
