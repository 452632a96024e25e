#!/bin/sh
# The engines that are compared, in a place of their own: nothing of them enters the project's .venv.
set -e
place=$1
test -x "$place/bin/python" || python3 -m venv "$place"
"$place/bin/pip" --disable-pip-version-check --quiet install \
	"procrastinate==3.10.0" "pgqueuer==1.6.0" "dramatiq[redis]==2.2.1" "psycopg[binary,pool]>=3.2"
