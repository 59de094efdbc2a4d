"""Has what runs be what a meeting wants: launching, checking, ending, reaping."""
