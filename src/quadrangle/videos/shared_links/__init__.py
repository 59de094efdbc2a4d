"""Links by which an owner shows a video to whoever has them."""
