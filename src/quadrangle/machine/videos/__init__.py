"""Videos on this machine: their files; and films, looked into and rendered by ffmpeg, in a sandbox for each program.

What strangers send is never read by a process of ours. A program of the jail sees the machine's
programs, the one file, read-only, and one folder to write in; no network, no other process, none
of our settings. What it writes is checked before it is published.
"""
