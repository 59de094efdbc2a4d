"""Videos on this machine: their files, and ffmpeg that looks into them, in a sandbox each time.

What strangers send is never read by a process of ours. A program of the jail sees the machine's
programs, the one file, read-only, and one folder to write in; no network, no other process, none
of our settings. What it writes is checked before it is published.
"""
