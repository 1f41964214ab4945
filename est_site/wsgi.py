import os

from django.core.handlers.wsgi import WSGIHandler

from est_site.start import start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "est_site.settings")
start()
application = WSGIHandler()
