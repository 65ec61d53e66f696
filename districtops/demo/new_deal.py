"""The New Deal of the demonstration: programmes, projects, their money and dates."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from districtops.demo import monthly_reports, new_deal_follow_up
from districtops.demo.files import Line, Office, day, maybe, rows, words
from districtops.kit.db import db
from districtops.kit.text import Words
from districtops.models import FundingKind, FundingLine, LedgerEntry, Milestone, Payer, Program
from districtops.new_deal.models import (
    Category,
    Concern,
    ContestSelection,
    Programme,
    Project,
    Status,
)
from districtops.new_deal.opinions.actions import take
from districtops.new_deal.opinions.models import Channel, Opinion
from districtops.new_deal.opinions.rules import OpinionState
from districtops.new_deal.rules import ProjectType, Stage
from districtops.new_deal.support.models import MeasureKind, SupportMeasure


def load(office: Office) -> None:
    """Everything of a district that runs a New Deal; nothing where it runs none."""
    _NewDeal(office).load()


class _NewDeal:
    """Loads one district's rows, in the order in which they refer to each other."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.programmes: dict[str, Programme] = {}
        self.projects: dict[str, Project] = {}

    def load(self) -> None:
        """Everything of this district."""
        self._programmes()
        if self.programmes:
            self._projects()
            self._money()
            self._milestones_and_contests()
            new_deal_follow_up.load(self.projects)
            self._opinions()
            monthly_reports.load(self.office, self.programmes, self.projects)
        db.session.flush()

    def _programmes(self) -> None:
        for line in self.office.own("new_deal_programmes"):
            programme = Programme(
                fiscal_year=int(line["fiscal_year"]),
                name_en=line["name_en"],
                name_ko=line["name_ko"],
                started_year=maybe(line["started_year"], int),
                parent_policy=words(line, "parent_policy"),
                planned_count=maybe(line["planned_count"], int),
                planned_won=maybe(line["announced_won"], int),
                rounding_won=maybe(line["announced_rounding_won"], int),
                announced_on=day(line["announced_on"]),
                status_on=day(line["status_on"]),
                fact=line["fact"],
            )
            self.programmes[line["fiscal_year"]] = programme
            db.session.add(programme)
        db.session.flush()
        for line in self.office.own("support_measures"):
            measure = SupportMeasure(
                programme_id=self.programmes[line["fiscal_year"]].id,
                kind=MeasureKind(line["kind"]),
                name=Words(line["name_en"], line["name_ko"]),
                planned_on=day(line["planned_on"]),
                held_on=day(line["held_on"]),
                place=words(line, "place"),
                target_group=words(line, "target_group"),
                participants=maybe(line["participants"], int),
                result=words(line, "result"),
                sample=line["sample"] == "1",
                fact=line["fact"] or None,
            )
            db.session.add(measure)

    def _projects(self) -> None:
        lines = rows("new_deal_projects")
        programs = [self._program(line) for line in lines]
        db.session.add_all(programs)
        db.session.flush()
        for line, program in zip(lines, programs, strict=True):
            self.projects[line["key"]] = self._project(line, program)
        db.session.add_all(self.projects.values())
        db.session.flush()
        for line in lines:
            if line["continues"]:
                self.projects[line["key"]].continues_id = self.projects[line["continues"]].id

    def _program(self, line: Line) -> Program:
        return Program(
            module="new_deal",
            code=line["code"],
            title_en=line["title_en"],
            title_ko=line["title_ko"],
            fiscal_year=int(line["fiscal_year"]),
            department_id=self.office.department_id(line["department_code"]),
            starts_on=day(line["starts_on"]),
            ends_on=day(line["ends_on"]),
            sample=line["sample"] == "1",
            fact=line["fact"] or None,
        )

    def _project(self, line: Line, program: Program) -> Project:
        return Project(
            programme_id=self.programmes[line["fiscal_year"]].id,
            program_id=program.id,
            category=Category(line["category"]),
            type=maybe(line["type"], ProjectType),
            concern=maybe(line["field"], Concern),
            stage=Stage(line["stage"]),
            held_from=Stage.BUDGET_SECURED if line["stage"] == "on_hold" else None,
            status=maybe(line["status"], Status),
            purpose=words(line, "purpose"),
            location=words(line, "location"),
            named=line["named"] == "1",
            kpi_name=words(line, "kpi_name"),
            kpi_unit=words(line, "kpi_unit"),
            kpi_base=maybe(line["kpi_base"], Decimal),
            kpi_target=maybe(line["kpi_target"], Decimal),
            kpi_actual=maybe(line["kpi_actual"], Decimal),
        )

    def _money(self) -> None:
        for line in rows("funding_lines"):
            db.session.add(
                FundingLine(
                    program_id=self.projects[line["project"]].program_id,
                    fiscal_year=int(line["fiscal_year"]),
                    payer=Payer(line["payer"]),
                    kind=FundingKind(line["kind"]),
                    amount_won=int(line["amount_won"]),
                    decided_on=day(line["decided_on"]),
                    doc_no=line["doc_no"] or None,
                    reason=words(line, "reason"),
                    sample=line["sample"] == "1",
                )
            )
        entries: dict[str, LedgerEntry] = {}
        waiting: dict[bool, list[Line]] = defaultdict(list)
        for line in rows("ledger_entries"):
            waiting[bool(line["reverses"])].append(line)
        for reversal in (False, True):
            for line in waiting[reversal]:
                entries[line["key"]] = LedgerEntry(
                    program_id=self.projects[line["project"]].program_id,
                    on_date=dt.date.fromisoformat(line["on_date"]),
                    amount_won=int(line["amount_won"]),
                    note=words(line, "note"),
                    reverses_id=entries[line["reverses"]].id if reversal else None,
                    sample=line["sample"] == "1",
                )
                db.session.add(entries[line["key"]])
            db.session.flush()

    def _milestones_and_contests(self) -> None:
        for line in rows("milestones"):
            db.session.add(
                Milestone(
                    program_id=self.projects[line["project"]].program_id,
                    title=Words(line["title_en"], line["title_ko"]),
                    due_on=dt.date.fromisoformat(line["due_on"]),
                    done_on=day(line["done_on"]),
                    planned_on=day(line["planned_on"]) or dt.date.fromisoformat(line["due_on"]),
                    reason=words(line, "reason"),
                    issue=words(line, "issue"),
                    countermeasure=words(line, "countermeasure"),
                    sample=line["sample"] == "1",
                )
            )
        for line in rows("contest_selections"):
            db.session.add(
                ContestSelection(
                    project_id=self.projects[line["project"]].id,
                    year=int(line["year"]),
                    contest=Words(line["contest_en"], line["contest_ko"]),
                    amount_won=maybe(line["amount_won"], int),
                    split_stated=line["split_stated"] == "1",
                    sample=line["sample"] == "1",
                )
            )

    def _opinions(self) -> None:
        """Residents' opinions with the steps that they took, in the order of their states."""
        for line in self.office.own("new_deal_opinions"):
            project = self.projects[line["project"]] if line["project"] else None
            opinion = Opinion(
                programme_id=self.programmes[line["fiscal_year"]].id,
                project_id=project.id if project else None,
                program_id=project.program_id if project else None,
                received_on=dt.date.fromisoformat(line["received_on"]),
                channel=Channel(line["channel"]),
                text=Words(line["text_en"], line["text_ko"]),
                state=OpinionState.RECEIVED,
                department_id=self.office.department_id(line["department_code"]),
                sample=True,
            )
            db.session.add(opinion)
            db.session.flush()
            refused = line["state"] == "not_accepted" or (line["state"] == "answered" and not line["done_on"])
            decision = OpinionState.NOT_ACCEPTED if refused else OpinionState.ACCEPTED
            for state, on, said in (
                (decision, day(line["decided_on"]), words(line, "said")),
                (OpinionState.DONE, day(line["done_on"]), words(line, "done")),
                (OpinionState.ANSWERED, day(line["answered_on"]), words(line, "answer")),
            ):
                if on is not None:
                    take(opinion, state, on, said, None)
