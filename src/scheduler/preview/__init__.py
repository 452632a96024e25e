"""The dry run that people look at: HTML pages that open from disk and load nothing from elsewhere.

`site.write` shows the calendar's drafts before anything is sent; `feeds.write` shows what the
public would have seen at the end of a rehearsal. Both draw posts with the same templates.
"""
