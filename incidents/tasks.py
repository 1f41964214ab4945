"""Jobs of the incidents room."""

from est_site import jobs
from incidents import drafts, photos

jobs.register("photos.sweep", safe_twice=True)(photos.sweep)
jobs.register("drafts.sweep", safe_twice=True)(drafts.sweep)
