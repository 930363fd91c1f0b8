"""Vector fields in continuous time: ``dx/dt = F(x, t)``."""
