"""What the stand-ins of Meta's Graph servers have in common."""
