"""Figures for publications: any instant of any scene, and ready figures, as vector graphics."""
