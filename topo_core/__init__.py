"""Train low-dimensional networks and export what each layer does to space, as a trace.

The way through the package is dataset -> network -> training run -> trace. Nothing heavy is
imported here: take what you need from its module, for example ``from topo_core.datasets import
Spirals``.
"""

__version__ = "0.1.0"
