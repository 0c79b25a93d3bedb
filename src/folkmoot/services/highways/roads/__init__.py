"""Roads: where vehicles drive when everybody takes their quickest way, where that jams, and which scheme helps most.

A study holds a network and the trips of an hour, assigned to equilibrium. Schemes change links of it: run, ranked by delay
saved for a pound, proposed and decided; what is approved is for everybody to read. Trips come from files, from the invented
town, or from a published release, read back through `disclose.read` like anybody's.
"""
