"""The form field for photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.models import PHOTOS
from incidents.photos.pixels import BadPhoto, Pixels, read

WHY = {
    "empty": _("“%(name)s” is empty. Choose another picture."),
    "bytes": _("“%(name)s” is larger than 10 MB. Choose a smaller picture."),
    "kind": _("“%(name)s” is no picture that can be read. JPEG, PNG, WebP and HEIC can."),
    "pixels": _("“%(name)s” has more than 24 million pixels. Choose a smaller picture."),
    "broken": _("“%(name)s” is broken and could not be read. Take it anew, or choose another."),
}


class PhotoInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"})


class PhotosField(forms.FileField):
    """Up to `PHOTOS` files, given back as pixels; the files themselves are not kept."""

    widget = PhotoInput

    def to_python(self, data: Any) -> Any:
        return data

    def clean(self, data: Any, initial: Any = None) -> list[Pixels]:
        files = data if isinstance(data, list) else [data] if data else []
        if len(files) > PHOTOS:
            raise ValidationError(
                _("At most %(most)s photos; there were %(n)s."), params={"most": PHOTOS, "n": len(files)}
            )
        found: list[Pixels] = []
        wrong: list[ValidationError] = []
        for file in files:
            file.seek(0)  # a form with faults is read again for its page
            try:
                found.append(read(file.read()))
            except BadPhoto as bad:
                wrong.append(ValidationError(WHY[str(bad)], code=str(bad), params={"name": file.name[:80]}))
        if wrong:
            raise ValidationError(wrong)
        return found


LOST = _("The report that the photo belongs to was not found. Load the page again, then choose the photo anew.")


class PhotosForm(forms.Form):
    """Photos alone, sent when they are chosen."""

    photos = PhotosField(label=_("Photos"))
    client_uuid = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), LOST))
