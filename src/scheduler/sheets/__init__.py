"""Sheets: a calendar as tables that people fill in elsewhere, and back, without a loss.

Out     `exporting*` → `tables`, named as in `layout` → `writing_workbooks`, `separated`; `events`
In      `opening` → grids → `recognising` (ours?) → `updating`, the only door for `campaign import`
Ours    `importing*`: a merge of sheet, calendar and `digests` of the export (`merging`, `reviews`)
Others  `guessing` what columns hold → `foreign` → a new calendar (`dates`, `words` as people write)
Cells   `cells`: what stands in one; `texts`: the rows of a text, and of a list of texts
"""
