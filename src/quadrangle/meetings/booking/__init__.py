"""Free hours that teachers publish and students take, and weekly series of meetings."""
