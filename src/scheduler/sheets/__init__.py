"""Sheets: a calendar as tables that people fill in elsewhere, and back, without a loss."""
