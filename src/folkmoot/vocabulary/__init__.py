"""The nouns all floors share: places, intervals, money, units, identifiers, domain events. Standard library only.

Import the module and use its nouns: `from folkmoot.vocabulary import identifiers`, then
`identifiers.NhsNumber.parse(…)`.
"""
