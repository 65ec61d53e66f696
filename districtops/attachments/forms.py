"""What people enter about files."""

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from districtops.attachments.acts import Upload
from districtops.kit.file_kinds import ENDINGS, file_name, recognise
from districtops.kit.forms import Form
from districtops.kit.rules import RuleBroken
from districtops.kit.text import _l

MOST_FILES = 20


class AddFilesForm(Form):
    """Files to attach, all or none. ``uploads`` holds what was recognised once the form is valid."""

    files = MultipleFileField(
        _l("Files"),
        validators=[InputRequired()],
        description=_l(
            "Pictures (jpg, png), PDF, Hangul (hwp, hwpx) and Office files (docx, xlsx, pptx, doc, xls, ppt); "
            "at most 20 MB each and 64 MB together. Several can be chosen at once."
        ),
        render_kw={"accept": ",".join(f".{ending}" for ending in ENDINGS)},
    )

    uploads: tuple[Upload, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every file is of a kind that is accepted. A refusal names its file."""
        if not super().validate(extra_validators):
            return False
        if len(self.files.data) > MOST_FILES:
            self.refuse(_l("Add at most %(count)s files at once.", count=MOST_FILES), "files")
            return False
        found = []
        for sent in self.files.data:
            name = file_name(sent.filename)
            try:
                known = recognise(name, sent.stream)
            except RuleBroken as refusal:
                self.refuse(refusal.message, "files")
            else:
                found.append(Upload(name=name, kind=known.kind, size=known.size, stream=sent.stream))
        self.uploads = tuple(found)
        return not self.files.errors

    def refuse(self, message: str, field: str | None = None) -> None:
        """Show a refusal, and once that the other files have to be chosen again: no page can keep them."""
        if not self.form_errors:
            self.form_errors.append(_l("No file was added. Choose the files again, without those that are refused."))
        super().refuse(message, field)


class RemovalForm(Form):
    """Why a file is removed."""

    reason = TextAreaField(
        _l("Reason for the removal"),
        validators=[DataRequired(), Length(max=1000)],
        description=_l("It stays on the record with the file's name, your name and the day."),
    )
