"""What went out, where and when, for those who paid for it: as a page, a table and a workbook."""
