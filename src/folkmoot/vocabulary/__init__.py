"""The nouns all floors share: places, intervals, money, identifiers, domain events. Standard library only."""
