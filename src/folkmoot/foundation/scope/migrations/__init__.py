"""None: scope keeps no tables of its own, and its tests make theirs."""
