"""Python reads this at its start when this folder is in PYTHONPATH: the clock of a server, or of statements beside it,
then goes some days ahead, so that a story can be told from the first visit to the last dose (`Site.move_on`).
"""

import datetime
import os

if days := os.environ.get("ISOCOURSE_TEST_DAYS_LATER"):
    import time_machine

    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=int(days))
    time_machine.travel(then, tick=True).start()
