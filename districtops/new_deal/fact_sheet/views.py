"""The fact sheets: each as a page for paper and as a PDF file. Taking the file away is recorded."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from wtforms import SelectField

from districtops.guard import audit
from districtops.guard.access import Action, requires
from districtops.kit.csv_export import content_disposition
from districtops.kit.db import fetch_or_404
from districtops.kit.forms import choices
from districtops.kit.listing import FilterForm
from districtops.kit.listing_export import file_name
from districtops.kit.sheet import Sheet
from districtops.kit.sheet_pdf import pdf_of
from districtops.kit.text import LANGUAGES, _l, language
from districtops.lists.record import record_as_list
from districtops.new_deal import queries
from districtops.new_deal.blueprint import blueprint
from districtops.new_deal.fact_sheet.sheets import programme_sheet as sheet_of_programme
from districtops.new_deal.fact_sheet.sheets import project_sheet as sheet_of_project
from districtops.new_deal.models import Programme, Project
from districtops.new_deal.overview import overview_of
from districtops.new_deal.record import record_of


class LanguageChoice(FilterForm):
    """In which language a sheet is written."""

    language = SelectField(_l("Language"), choices=choices((name, name) for name in LANGUAGES))


record_as_list("new_deal.project_sheet", _l("Fact sheet of a project"), LanguageChoice)
record_as_list("new_deal.programme_sheet", _l("Fact sheet of a programme"), LanguageChoice)


def _asked() -> str:
    """The language that the address names, else the reader's own."""
    asked = request.args.get("language", "") or language()
    if asked not in LANGUAGES:
        abort(404)
    return asked


def _page(sheet: Callable[[], Sheet], back: tuple[str, str], **place: Any) -> str:
    """The sheet as a page, every word of it in one language, the frame too: paper has no reader's language."""
    asked = _asked()
    endpoint = str(request.endpoint)
    other = next(name for name in LANGUAGES if name != asked)
    with force_locale(asked):
        return render_template(
            "new_deal/sheet.html",
            sheet=sheet(),
            back=back,
            pdf_url=url_for(f"{endpoint}_pdf", language=asked, **place),
            other=other,
            other_url=url_for(endpoint, language=other, **place),
        )


def _file(sheet: Callable[[], Sheet], row_id: int, program_id: int | None = None) -> Response:
    with force_locale(_asked()):
        found = sheet()
        name = file_name(f"{gettext('Fact sheet')}_{found.title}", "pdf")
    answer = Response(pdf_of(found), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition(name)
    list_name = str(request.endpoint).removesuffix("_pdf")
    what = {"file": [None, "pdf"], "language": [None, found.language]}
    audit.note("exported", list_name, row_id, what, program_id=program_id)
    return answer


@blueprint.get("/projects/<int:project_id>/fact-sheet")
@requires(Action.VIEW)
def project_sheet(project_id: int) -> ResponseReturnValue:
    """The fact sheet of a project, for paper."""
    project = fetch_or_404(Project, project_id)
    back = (project.program.title, url_for(".show", project_id=project.id))
    return _page(lambda: sheet_of_project(project, record_of(project)), back, project_id=project.id)


@blueprint.get("/projects/<int:project_id>/fact-sheet.pdf")
@requires(Action.VIEW)
def project_sheet_pdf(project_id: int) -> ResponseReturnValue:
    """The same as a PDF file."""
    project = fetch_or_404(Project, project_id)
    return _file(lambda: sheet_of_project(project, record_of(project)), project.id, project.program_id)


@blueprint.get("/programmes/<int:programme_id>/fact-sheet")
@requires(Action.VIEW)
def programme_sheet(programme_id: int) -> ResponseReturnValue:
    """The fact sheet of a year's programme, for paper."""
    programme = fetch_or_404(Programme, programme_id)
    back = (programme.name, url_for(".index", programme=programme.id))
    return _page(lambda: sheet_of_programme(_overview(programme)), back, programme_id=programme.id)


@blueprint.get("/programmes/<int:programme_id>/fact-sheet.pdf")
@requires(Action.VIEW)
def programme_sheet_pdf(programme_id: int) -> ResponseReturnValue:
    """The same as a PDF file."""
    programme = fetch_or_404(Programme, programme_id)
    return _file(lambda: sheet_of_programme(_overview(programme)), programme.id)


def _overview(programme: Programme) -> Any:
    return overview_of(programme, queries.programmes())
