"""The process that keeps one sandbox: it outlives server and worker, and ends with the sandbox.

It holds a lock for as long as the sandbox lives, so that whoever asks what runs asks the kernel.
It runs as `python -I -S` to be small and quick to start: standard library only.
"""
