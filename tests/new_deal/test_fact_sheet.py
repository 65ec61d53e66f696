"""The fact sheets: one A4 page each, in both languages, with every fact or that it is not stated."""

import io

import pytest
from makers.longest import longest_project
from makers.new_deal import measure
from pypdf import PdfReader

from districtops.guard.passwords import DEMONSTRATION
from districtops.kit.text import Words
from districtops.models import ChangeRecord, Payer, Role
from districtops.new_deal.models import Programme, Project, Status
from districtops.new_deal.rules import ProjectType, Stage

LANGUAGES = ("en", "ko")
BOTTOM_MARGIN = 15 / 25.4 * 72
"""Points of an A4 page."""


@pytest.fixture
def office(lite_app, make):
    make.user("lee", Role.MANAGER)
    return make


def pdf(visitor, endpoint, **values):
    answer = visitor.ask(visitor.url(endpoint, **values))
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(answer.data)), answer


def text_of_pdf(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def lowest(reader):
    """How far above the lower edge the last words stand, in points."""
    heights = []

    def note(text, _matrix, place, _font, _size):
        if text.strip():
            heights.append(place[5])

    reader.pages[0].extract_text(visitor_text=note)
    return min(heights)


def whole(make):
    """A project of which everything is known."""
    division = make.department("Parks")
    officer = make.user("park", name_en="Park Gil-dong", name_ko="박길동")
    project = make.project(
        "Rain gardens",
        money={Payer.CITY: 60_000_000, Payer.DISTRICT: 40_000_000},
        stage=Stage.IN_EXECUTION,
        status=Status.ON_SCHEDULE,
        type=ProjectType.CONSTRUCTION,
        purpose=Words(en="Let water seep away."),
        location=Words(en="Three streets"),
        kpi_name=Words(en="Gardens"),
        kpi_base=0,
        kpi_target=12,
        program={"department_id": division.id, "officer_id": officer.id},
    )
    make.entry(project, 25_000_000)
    make.milestone(project, "Tender")
    return project


def test_the_sheet_of_a_project_holds_what_a_manager_asks_for(office, visit):
    project = whole(office)
    reader, answer = pdf(visit("lee"), "new_deal.project_sheet_pdf", project_id=project.id)
    text = text_of_pdf(reader)
    for words in (
        *("Rain gardens", project.program.code, "2022 New Deal", "In execution", "On schedule", "Digital"),
        *("Construction", "Parks", "Park Gil-dong", "Three streets", "Let water seep away.", "Gardens: 0 → 12"),
        *("City funds", "₩60,000,000", "60.0%", "₩100,000,000", "₩25,000,000", "25.0%", "Tender", "1 Apr 2022"),
        *("As of Tue 15 Mar 2022", "printed on", "by Kim lee", "Mapo-gu"),
    ):
        assert words in text, words
    assert "Fact_sheet_Rain_gardens" in answer.headers["Content-Disposition"]
    assert "ko" not in reader.trailer["/Root"]["/Lang"]


def test_what_is_unknown_says_so_and_is_never_zero(office, visit):
    project = office.project("Bare", type=None)
    text = text_of_pdf(pdf(visit("lee"), "new_deal.project_sheet_pdf", project_id=project.id)[0])
    assert text.count("not stated") >= 9
    for words in ("not reported", "No amount is stated.", "No milestone is recorded.", "No step is recorded yet."):
        assert words in text, words
    assert "₩0" in text, "nothing was spent, and that is known"
    assert "Current budget not stated" in text


def test_the_page_and_the_file_say_the_same(office, visit):
    project = whole(office)
    lee = visit("lee")
    page = lee.open("new_deal.project_sheet", project_id=project.id).text
    text = text_of_pdf(pdf(lee, "new_deal.project_sheet_pdf", project_id=project.id)[0])
    for words in ("Rain gardens", "₩60,000,000", "Let water seep away.", "Tender", "25.0%", "Gardens: 0 → 12"):
        assert words in page
        assert words in text


@pytest.mark.parametrize("unbroken", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_project_and_its_programme_fit_one_page(office, visit, language, unbroken):
    project = longest_project(office, language, unbroken=unbroken)
    for number in range(12):
        measure(office, project.program.title_en[:190] + str(number))
    lee = visit("lee")
    for endpoint, place in (
        ("new_deal.project_sheet_pdf", {"project_id": project.id}),
        ("new_deal.programme_sheet_pdf", {"programme_id": project.programme_id}),
    ):
        reader, _ = pdf(lee, endpoint, language=language, **place)
        assert len(reader.pages) == 1
        assert lowest(reader) > BOTTOM_MARGIN / 2, f"{endpoint} runs off the page"
        text = text_of_pdf(reader)
        assert "…" in text
        assert ("외 23건" if language == "ko" else "and 23 more") in text or endpoint.startswith("new_deal.programme")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_sheets_are_cut_on_the_page_as_well(office, visit, language):
    project = longest_project(office, language)
    page = visit("lee").open("new_deal.project_sheet", project_id=project.id, language=language)
    assert ("외 20건" if language == "ko" else "and 20 more") in page.text
    assert len(page.text) < 3_500


def test_the_sheet_speaks_the_readers_language_unless_the_address_names_another(office, visit):
    project = whole(office)
    korean = visit("lee", language="ko")
    page = korean.open("new_deal.project_sheet", project_id=project.id)
    assert page.tree.get("lang") == "ko"
    assert "재원별 예산" in page.text
    [other] = [link for link in page.links if "language=en" in link and ".pdf" not in link]
    page = korean.look(other)
    assert page.tree.get("lang") == "en"
    assert "Budget by payer" in page.text
    assert any("language=ko" in link for link in page.links)
    assert any("fact-sheet.pdf?language=en" in link for link in page.links)
    text = text_of_pdf(pdf(korean, "new_deal.project_sheet_pdf", project_id=project.id)[0])
    assert "재원별 예산" in text
    assert korean.open("new_deal.index").tree.get("lang") == "ko", "the reader's own language stays"


@pytest.mark.parametrize("endpoint", ["project_sheet", "project_sheet_pdf"])
def test_a_language_that_nobody_speaks_here_is_not_found(office, visit, endpoint):
    project = office.project()
    lee = visit("lee")
    assert lee.ask(lee.url(f"new_deal.{endpoint}", project_id=project.id, language="fr")).status_code == 404


def test_taking_a_sheet_away_is_recorded_with_whose_it_is(office, visit):
    project = whole(office)
    lee = visit("lee")
    lee.open("new_deal.project_sheet", project_id=project.id)
    assert office.everything(ChangeRecord, act="exported") == []
    pdf(lee, "new_deal.project_sheet_pdf", project_id=project.id)
    pdf(lee, "new_deal.programme_sheet_pdf", programme_id=project.programme_id)
    first, second = office.everything(ChangeRecord, act="exported")
    assert (first.table_name, first.row_id, first.program_id) == (
        "new_deal.project_sheet",
        project.id,
        project.program_id,
    )
    assert first.changes == {"file": [None, "pdf"], "language": [None, "en"]}
    assert (second.table_name, second.row_id) == ("new_deal.programme_sheet", project.programme_id)
    assert "Fact sheet of a project exported" in lee.open("new_deal.show", project_id=project.id).text


def test_another_districts_sheet_is_not_found(office, visit):
    project = office.project(district=office.district("nowon"))
    lee = visit("lee")
    for endpoint in ("project_sheet", "project_sheet_pdf"):
        assert lee.ask(lee.url(f"new_deal.{endpoint}", project_id=project.id)).status_code == 404


def test_the_programme_of_the_article_on_one_page(demo_app, visit, make):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    [programme] = make.everything(Programme, fiscal_year=2022)
    for language, parts in (
        ("en", ("2022 Creative New Deal", "₩6,500,000,000", "+3.2% (rounded: +1.6% to +4.8%)", "−18 (−21.7%)")),
        (
            "ko",
            ("2022 창의뉴딜", "6,500,000,000원", "+3.2% (반올림 감안 +1.6% ~ +4.8%)", "스마트 용산 네트워크 고도화"),
        ),
    ):
        reader, _ = pdf(manager, "new_deal.programme_sheet_pdf", programme_id=programme.id, language=language)
        assert len(reader.pages) == 1
        text = text_of_pdf(reader)
        for words in parts:
            assert words in text, words
        assert "100,000,000" in text, "the average per project"


def test_a_made_up_project_says_so_on_its_sheet(demo_app, visit, make):
    manager = visit("manager.yongsan", password=DEMONSTRATION)
    made_up = next(p for p in make.everything(Project) if p.continues_id)
    text = text_of_pdf(pdf(manager, "new_deal.project_sheet_pdf", project_id=made_up.id)[0])
    assert "(sample)" in text
