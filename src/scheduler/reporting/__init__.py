"""What went out, where and when, for those who paid for it: as a page, a table and a workbook.

gathering    what the ledger says, with nobody's name and nothing under embargo
drawing      two charts as numbers: days by members, and platforms
tables       the same as sheets
page         the same as one page, to be read and printed
"""
