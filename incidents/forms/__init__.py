"""The forms of the incidents room."""

from incidents.forms.calm import CalmAreasForm
from incidents.forms.correct import CorrectForm
from incidents.forms.mask import MaskForm, MaskReason
from incidents.forms.report import ReportForm
from incidents.forms.wall_time import WallTimeField
from incidents.forms.withdraw import WithdrawForm, WithdrawReason

__all__ = [
    "CalmAreasForm",
    "CorrectForm",
    "MaskForm",
    "MaskReason",
    "ReportForm",
    "WallTimeField",
    "WithdrawForm",
    "WithdrawReason",
]
