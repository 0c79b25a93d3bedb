"""Pure algorithms: tables and arrays in, results out. No clock, no environment, no network, no Django."""
