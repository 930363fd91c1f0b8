"""Proofs about a trace, from its numbers alone, with code that shares nothing with what made them.

Modules here import NumPy, the standard library and ``topo_core.errors``; no training, no isotopies, no
datasets. What they prove holds for the mathematical functions whose coefficients are the stored doubles, in
real arithmetic: every bound is rounded outwards, and of floating point only that IEEE 754's five operations
``+ - * /`` and the square root round to nearest is relied on.
"""
