"""Cover problems: which areas have an open site within the radius.

Areas that the same sites would cover are one area to a cover problem: 32,494 small areas and 125 stroke units make 586
patterns. `patterns` collapses them and drops what another dominates; `sets` solves the location set covering problem
(LSCP: all areas, fewest sites), `most` the maximal covering problem (MCLP: at most p sites, most demand).
"""
