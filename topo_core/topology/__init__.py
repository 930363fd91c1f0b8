"""What a trace does to space, measured: stretching, gaps, winding numbers. NumPy only."""
