# `make demo` and `make test` set up whatever is missing first; `make help` lists the rest.
# Works with GNU make 3.81, the one that macOS has.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test bench clean distclean

VENV_PYTHON := .venv/bin/python
SCENE ?= spirals-separate

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup:  ## .venv, system libraries and pinned packages (PYTHON=... chooses the Python)
	@sh tools/setup.sh

demo: setup  ## train the spirals and render the film of them separating (SCENE=... for another)
	@$(VENV_PYTHON) render.py video $(SCENE)

test: setup  ## ruff, mypy and every test
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m pytest -n auto --dist loadfile

bench: setup  ## the measurements that README quotes
	$(VENV_PYTHON) -m bench

clean:  ## remove caches and build leftovers (media/ and .venv stay)
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## clean, and remove .venv too
	rm -rf .venv
