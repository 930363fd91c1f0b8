"""What the scenes of the essay are made of, each part for one scene or a few."""
