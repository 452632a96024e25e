"""How long a quote card takes, beside other engines that draw the very same card.

Run it with `make bench-cards`. `texts` writes what is said, new each time; `look` says what every
engine draws where, `faces` in which letters; `ours`, `pillow_plain`, `skia_card` and, in a process
of Node each, `takumi`, `satori` and `chromium` draw; `rounds` has them take turns; `cold`, `pool`
and `memory` measure what a round cannot; `results` are the ratios, `pages` writes them into
docs/performance.md, `side` lays the pictures beside each other.
"""
