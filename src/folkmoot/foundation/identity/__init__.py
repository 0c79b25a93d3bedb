"""Who is who: people, organisations, roles, and how they prove it (password, second factor, OpenID Connect)."""
