"""Ours and the peers, side by side: `python -m benchmarks [name …] [--json]`.

Process CPU time, contenders interleaved in one run, medians, and ratios taken within a round; absolute speeds are of
this machine only. Timings are never asserted in tests.
"""
