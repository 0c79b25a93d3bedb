"""The design system: official components by name, form fields that know theirs, one frame around every page.

Purpose: a template makes one call per component (`{{ component("button", {"text": _("Save")}) }}`) and one per field
(`{{ field(form["ward"]) }}`), in the GOV.UK or the NHS look, whichever the page has. Speaks to: nobody but the browser.
Proof: tests/contracts/test_govuk_fixtures.py, tests/a11y. How-to: docs/reference/design-system.md.
"""
