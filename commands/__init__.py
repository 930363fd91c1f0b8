"""The commands of ``render.py``: options, messages and exit codes, and nothing else."""
