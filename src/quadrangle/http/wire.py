"""Bodies that calls of several services share."""

import msgspec


class NothingBody(msgspec.Struct):
    """`{}`: the call says everything."""
