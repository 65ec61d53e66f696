"""Defects of the modules: what was decided, by whom, and which figures count."""

from defects import defect

MONTHLY = "districtops/new_deal/monthly/actions.py"
ROUNDS = "tests/new_deal/test_report_rounds.py"
ENTRIES = "districtops/playgrounds/schedule/actions.py"
APPLICATIONS = "districtops/contest_funds/applications/actions.py"

DEFECTS = (
    defect(
        "own-report-confirmed",
        "Whoever wrote a monthly report confirms it.",
        MONTHLY,
        "if by_id is not None and queries.wrote(report, by_id):",
        "if by_id is not None and report.requested_by_id == -1:",
        *("tests/new_deal/test_monthly_actions.py",),
    ),
    defect(
        "locked-month-written",
        "A report of a locked month is changed.",
        MONTHLY,
        "return month.standing is Standing.LOCKED and report.opened_for != month.locks",
        "return month.standing is Standing.LOCKED and report.opened_for == -1",
        *("tests/new_deal/test_monthly_actions.py", "tests/new_deal/test_monthly_pages.py", "-k", "lock"),
    ),
    defect(
        "late-for-ever",
        "A deadline that is changed leaves late what came in time.",
        "districtops/new_deal/rounds/actions.py",
        "report.late = rules.is_late(due_on, clock.today(), report.submitted_on)",
        "report.late = True",
        *(ROUNDS, "-k", "late_no_more"),
    ),
    defect(
        "reports-counted-once",
        "The sums of reports stay behind when a project moves to another division.",
        "districtops/new_deal/monthly/figures.py",
        'DIMENSIONS = ("month_id", "department_id", "state")',
        'DIMENSIONS = ("month_id", "state")',
        *(ROUNDS, "-k", "grid"),
    ),
    defect(
        "milestones-wait-for-ever",
        "The milestones of a project that ended are overdue for ever.",
        "districtops/new_deal/stages.py",
        "if project.stage in rules.ENDED:\n        _give_milestones_up",
        "if project.stage not in rules.ENDED:\n        _give_milestones_up",
        *("tests/new_deal/test_milestones.py", "-k", "waited_for"),
    ),
    defect(
        "own-year-end-confirmed",
        "Whoever drafted a year-end decision confirms it.",
        "districtops/new_deal/year_end/actions.py",
        "if by_id is None or by_id in (decision.entered_by_id, decision.changed_by_id):",
        "if by_id is None:",
        *("tests/new_deal/test_year_end.py", "-k", "themselves"),
    ),
    defect(
        "more-than-is-left",
        "More is carried over than the budget leaves.",
        "districtops/new_deal/year_end/actions.py",
        "    if rest < 0:\n        field",
        "    if rest < -(10**15):\n        field",
        *("tests/new_deal/test_year_end.py",),
    ),
    defect(
        "decisions-told-to-all",
        "The first page tells everybody what waits for somebody's decision.",
        "districtops/dashboard/views.py",
        "            if may(action, module.name)\n",
        "",
        *("tests/new_deal/test_year_end.py", "-k", "told"),
    ),
    defect(
        "closing-minute-open",
        "A playground is open in the minute in which it closes.",
        "districtops/playgrounds/rules.py",
        "return any(opens <= time < closes for opens, closes in self.hours)",
        "return any(opens <= time <= closes for opens, closes in self.hours)",
        *("tests/playgrounds/test_rules.py",),
    ),
    defect(
        "unprepared-year-open",
        "A year whose holiday periods are not published looks open.",
        "districtops/playgrounds/rules.py",
        "    if day.year not in schedule.prepared:",
        "    if day.year < 1900:",
        *("tests/playgrounds/test_rules.py",),
    ),
    defect(
        "own-draft-approved",
        "Whoever drafted a closure approves it.",
        ENTRIES,
        "if entry.drafted_by_id == by_id:",
        "if entry.drafted_by_id == -1:",
        *("tests/playgrounds/test_entries.py", "-k", "nobody_approves"),
    ),
    defect(
        "replaced-still-counts",
        "What was replaced counts beside what replaces it.",
        ENTRIES,
        "        if before.standing is Standing.PUBLISHED:\n            before.standing,",
        "        if before.standing is Standing.DRAFT:\n            before.standing,",
        *("tests/playgrounds/test_entries.py",),
    ),
    defect(
        "award-above-request",
        "A contest awards more than was requested.",
        APPLICATIONS,
        "if application.requested_won is not None and outside > application.requested_won:",
        "if application.requested_won is None and outside > 0:",
        *("tests/contest_funds/test_money.py", "tests/contest_funds/test_steps.py"),
    ),
    defect(
        "above-the-grant",
        "An application requests more than the call grants.",
        APPLICATIONS,
        "if call.max_grant_won is not None and requested > call.max_grant_won:",
        "if call.max_grant_won is not None and requested < 0:",
        *("tests/contest_funds/test_steps.py", "tests/contest_funds/test_pages.py"),
    ),
    defect(
        "given-up-secured",
        "What was given up counts among the money that is secured.",
        "districtops/contest_funds/rules.py",
        "SECURED = frozenset(LADDER[4:])",
        "SECURED = frozenset((*LADDER[4:], State.GIVEN_UP))",
        *("tests/contest_funds/test_rules.py", "tests/contest_funds/test_facts.py"),
    ),
)
