"""Folkmoot: one open platform for the public services of a place. See, decide, act, account.

Nothing heavy is imported here: `import folkmoot` costs nothing, each engine brings its own tools.
"""

__version__ = "0.1.0"
