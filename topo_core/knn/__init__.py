"""Classification by neighbours: weightings, readouts that are trained for them, votes, and studies."""
