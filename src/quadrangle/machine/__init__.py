"""The real parts of one machine: files on its disk, pictures re-encoded on its processor."""
