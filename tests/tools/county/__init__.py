"""A county that never was: people, their case systems' exports, and the ledger of what is true."""
