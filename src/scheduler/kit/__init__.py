"""The kit of those who post by hand: pictures, words and descriptions, ready to copy on a phone.

gathering    what an organisation may say by now, as drafts: the very same that would be sent
page         the index page, which works from the disk of a phone
packing      files with names for people, as a folder and as a ZIP of always the same bytes
returning    what they posted, as it comes back in a file
"""
