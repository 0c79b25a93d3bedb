"""The p-median, proved: good sites by interchange, a bound by Lagrangian multipliers, and branching where they differ."""
