"""Videos on one machine: their files, and the programs that look into them and render them."""
