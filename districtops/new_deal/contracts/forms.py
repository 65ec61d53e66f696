"""What officers enter about contracts and their payments."""

from wtforms.validators import InputRequired

from districtops.kit.forms import DayField, EnumField, Form, VersionedForm, WonField, text_field
from districtops.kit.text import _l
from districtops.new_deal.contracts.models import Method, PaymentKind


class ContractForm(VersionedForm):
    """A contract as it was concluded."""

    method = EnumField(_l("Way of contracting"), Method, blank=_l("Choose a way"), validators=[InputRequired()])
    counterparty = text_field(_l("Counterparty"), 200)
    amount_won = WonField(_l("Contract amount"), required=True)
    starts_on = DayField(_l("Contract begins on"), required=True)
    ends_on = DayField(_l("Contract ends on"), required=True)
    doc_no = text_field(_l("Document number"), 80, required=False)


class PaymentForm(VersionedForm):
    """A payment: planned first, then paid."""

    kind = EnumField(_l("Kind of payment"), PaymentKind, blank=_l("Choose a kind"), validators=[InputRequired()])
    due_on = DayField(_l("Due"), required=True)
    amount_won = WonField(_l("Amount"), required=True)
    paid_on = DayField(
        _l("Paid on"), description=_l("Only when the money has left. The spending itself is entered in the ledger.")
    )


class RemovalForm(Form):
    """Nothing but the button that takes a payment back."""
