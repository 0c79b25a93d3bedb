"""Facility location with opening costs, capacities, or both: UFLP, CFLP and the capacitated p-median by service.

`clients` states all of them alike; `dual` bounds them by Lagrangian relaxation; `serving` finds good plans; `exact` has
the mixed-integer model for HiGHS; `solve` joins them up.
"""
