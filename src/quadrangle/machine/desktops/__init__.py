"""Desktops and terminals of meetings on this machine, each in a sandbox of its own.

One folder for each below `desktops/` in the data folder, named by the token that made it:

    state.json   the order that was given, and as which user it runs
    plan.json    what its shim was told
    lock         held by the shim as long as the sandbox lives: the only sign of life that counts
    begun, running, ended   notes of the shim (see shim/notes.py)
    rfb.sock or pty.sock    where it is reached, mode 0600; the machine's address
    given/       what the sandbox sees of us, read-only
    disk.img or disk/       its home, kept until `forget`
    log          the first of what it said
    recordings/  one folder for each, kept by a shim too

A launch starts a shim (shim/), which starts the sandbox and keeps it. Server and worker may come
and go: whoever looks next finds what runs by the locks. The sandbox ends when the shim is asked to
end it, when the order's time is over, or when the shim dies, however that happens.

A desktop speaks RFB on its socket, security type None; a terminal what
`quadrangle.portable.terminal.protocol` says. Neither asks who calls, so the socket never leaves
this user's hands, and who may only watch is held to that by what stands between.
"""
