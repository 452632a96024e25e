"""Memory is tidied up while nobody waits, and as it was before when the preview ends."""

from __future__ import annotations

import gc
import weakref

from scheduler.serving import tidying
from scheduler.serving.tidying import Tidying


class Knot:
    """Only a collection finds that nobody needs it."""

    def __init__(self) -> None:
        self.itself = self


def test_nothing_is_tidied_in_the_middle_of_a_save_and_all_of_it_after_many():
    one = Tidying()
    with one.postponed():
        knot = weakref.ref(Knot())
        for _ in range(tidying._MOST):
            one.made()
            one.when_quiet()
            assert knot() is not None
        one.made()
        one.when_quiet()
        assert knot() is None


def test_it_is_tidied_by_itself_again_afterwards():
    assert gc.isenabled()
    with Tidying().postponed():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
