"""Residents' opinions as a list."""

from flask import url_for

from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.playgrounds.opinions.forms import FeedbackFilter
from districtops.playgrounds.opinions.models import Feedback
from districtops.playgrounds.opinions.queries import playground_column, with_playground

feedback = Listing(
    name="feedback",
    title=_l("Resident feedback"),
    purpose=_l("What residents said about the playgrounds, and what became of it."),
    source=with_playground,
    row_id=Feedback.id,
    form=FeedbackFilter,
    link=lambda row: url_for("playgrounds.show_feedback", feedback_id=row.id),
    default_sort="-received_on",
    empty_text=_l("No opinion is recorded yet. Open a playground and enter the first one."),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=Feedback.id, on_page=False),
        Column(key="text", label=_l("Opinion"), expression=Feedback.text, primary=True, main=True),
        Column(key="playground", label=_l("Playground"), expression=playground_column),
        Column(
            key="received_on",
            label=_l("Received on"),
            kind=Kind.DATE,
            expression=Feedback.received_on,
            sort=Feedback.received_on,
            main=True,
        ),
        Column(key="topic", label=_l("Topic"), kind=Kind.ENUM, expression=Feedback.topic, sort=Feedback.topic),
        Column(key="step", label=_l("State"), kind=Kind.ENUM, expression=Feedback.step, sort=Feedback.step, main=True),
        Column(key="reason", label=_l("Reason"), expression=Feedback.reason, on_page=False),
        Column(key="improvement", label=_l("Facility improvement"), expression=Feedback.improvement, on_page=False),
        Column(key="answered_on", label=_l("Answered on"), kind=Kind.DATE, expression=Feedback.answered_on, blank="–"),
        Column(key="sample", label=_l("Sample"), kind=Kind.FLAG, expression=Feedback.sample, on_page=False),
    ),
)
