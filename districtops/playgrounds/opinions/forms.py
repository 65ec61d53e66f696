"""What officers enter about residents' opinions, and how their list is narrowed."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from districtops.kit.forms import DayField, EnumField, Form, IdField, VersionedForm
from districtops.kit.listing import FilterForm
from districtops.kit.personal import without_contact
from districtops.kit.text import _l
from districtops.playgrounds.opinions.models import Feedback, Step, Topic
from districtops.playgrounds.places.queries import playgrounds

ANY = _l("Any")


class FeedbackForm(VersionedForm):
    """An opinion as it was received, without the name of whoever gave it."""

    received_on = DayField(_l("Received on"), required=True)
    topic = EnumField(_l("Topic"), Topic, blank=_l("Choose a topic"), validators=[InputRequired()])
    text = TextAreaField(
        _l("Opinion"),
        validators=[DataRequired(), Length(max=2000), without_contact],
        description=_l("What was said, without names and numbers of people."),
    )


class StepForm(Form):
    """The next step of an opinion."""

    step = EnumField(_l("Step"), Step, blank=_l("Choose the step"), validators=[InputRequired()])
    on_date = DayField(_l("On"), required=True)
    words = TextAreaField(
        _l("Reason, or what was improved"),
        validators=[Optional(), Length(max=1000), without_contact],
        description=_l("Needed for what is not accepted and for what is carried out."),
    )


class FeedbackFilter(FilterForm):
    """How the list of opinions is narrowed."""

    playground = IdField(_l("Playground"), required=False, blank=ANY)
    step = EnumField(_l("State"), Step, blank=ANY)
    topic = EnumField(_l("Topic"), Topic, blank=ANY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playground.offer((playground.id, playground.name) for playground in playgrounds())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The rows must match every filter that is set."""
        equal = (
            (self.playground, Feedback.playground_id),
            (self.step, Feedback.step),
            (self.topic, Feedback.topic),
        )
        found: list[ColumnElement[bool]] = [column == field.data for field, column in equal if field.data is not None]
        if self.q.data:
            found.append(cast(Feedback.text, String).icontains(self.q.data, autoescape=True))
        return found
