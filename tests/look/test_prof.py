import time, pytest
from tests.look.test_every_page import *
def test_p(windows, world, newcomer):
    for v in [Visit("people","filled"), Visit("styleguide","filled"), Visit("meeting","filled"), Visit("people","filled")]:
        w = windows(("phone","sv","light"))
        t=[time.perf_counter()]
        p = go(w, v, world, newcomer); t.append(time.perf_counter())
        faults(p,"cut"); t.append(time.perf_counter())
        faults(p,"lettering"); t.append(time.perf_counter())
        try: assert_targets_are_large_enough(p)
        except AssertionError: pass
        t.append(time.perf_counter())
        try: assert_accessible(p)
        except AssertionError: pass
        t.append(time.perf_counter())
        print(v, [round(b-a,3) for a,b in zip(t,t[1:])])
