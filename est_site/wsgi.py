import gc
import os

from django.core.handlers.wsgi import WSGIHandler

from est_site.start import start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "est_site.settings")
start()
application = WSGIHandler()

# What is loaded now stays; to look through it for garbage again and again would hold up one page in ten.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
