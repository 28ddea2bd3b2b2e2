"""Accounts: who is asking."""
