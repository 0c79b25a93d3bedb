"""What every service needs: identity, audit, outbox, forms, templates, charts, languages."""
