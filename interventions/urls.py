from django.urls import path

from interventions import (
    arrange_views,
    colour_views,
    document_views,
    information_views,
    live_views,
    own_views,
    proposal_views,
    views,
)

urlpatterns = [
    # the weekly meeting
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/prepare/", views.prepare, name="meeting_prepare"),
    path("meetings/<int:pk>/move/", views.move, name="meeting_move"),
    path("meetings/<int:pk>/start/", views.start, name="meeting_start"),
    path("meetings/<int:pk>/attendance/", views.attendance, name="meeting_attendance"),
    path("meetings/<int:pk>/decide/", views.decide, name="meeting_decide"),
    path("meetings/<int:pk>/follow-up/<int:intervention>/", views.follow_up, name="meeting_follow_up"),
    path("meetings/<int:pk>/replace/<int:intervention>/", views.replace, name="meeting_replace"),
    path("meetings/<int:pk>/colour/<int:area>/", views.colour, name="meeting_colour"),
    path("meetings/<int:pk>/note/<int:item>/", views.note, name="meeting_note"),
    path("meetings/<int:pk>/close/", views.close, name="meeting_close"),
    path("meetings/<int:pk>/take-up/<int:item>/", live_views.take_up, name="meeting_take_up"),
    path("meetings/<int:pk>/present/", live_views.present, name="meeting_present"),
    path("meetings/<int:pk>/follow/", live_views.follow, name="meeting_follow"),
    path("meetings/<int:pk>/state/", live_views.state, name="meeting_state"),
    path("meetings/<int:pk>/arrange/", arrange_views.arrange, name="meeting_arrange"),
    path("meetings/<int:pk>/arrange/<int:item>/move/", arrange_views.item_move, name="meeting_item_move"),
    path("meetings/<int:pk>/arrange/<int:item>/park/", arrange_views.item_park, name="meeting_item_park"),
    path("meetings/<int:pk>/arrange/renew/", arrange_views.agenda_renew, name="meeting_agenda_renew"),
    path("meetings/<int:pk>/cancel/", arrange_views.cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/vote/", colour_views.vote, name="meeting_vote"),
    path("meetings/<int:pk>/vote/state/", colour_views.vote_state, name="meeting_vote_state"),
    path("meetings/<int:pk>/inform/", information_views.inform, name="meeting_inform"),
    path("meetings/<int:pk>/own/", own_views.own, name="meeting_own"),
    path("meetings/<int:pk>/own/note/", own_views.own_note, name="meeting_own_note"),
    path("meetings/<int:pk>/own/calm/", own_views.own_calm, name="meeting_own_calm"),
    path("meetings/<int:pk>/own/delivered/", own_views.own_delivered, name="meeting_own_delivered"),
    path("meetings/<int:pk>/own/propose/", own_views.propose, name="meeting_propose"),
    path("meetings/<int:pk>/own/withdraw/<int:intervention>/", own_views.withdraw, name="meeting_withdraw"),
    path("meetings/<int:pk>/proposal/<int:intervention>/", proposal_views.decide, name="meeting_decide_proposal"),
    path("settings/colours/", colour_views.meanings, name="colour_meanings"),
    # information out
    path("information/", information_views.information, name="information"),
    path("information/<int:pk>/settle/", information_views.information_settle, name="information_settle"),
    # interventions
    path("interventions/", views.interventions, name="interventions"),
    path("interventions/<int:pk>/", views.intervention, name="intervention"),
    # documents
    path("documents/", document_views.documents, name="documents"),
    path("documents/<int:pk>/", document_views.edition, name="edition"),
    path("documents/<int:pk>/order/", document_views.edition_order, name="edition_order"),
    path("documents/<int:pk>/pdf/", document_views.edition_pdf, name="edition_pdf"),
]
