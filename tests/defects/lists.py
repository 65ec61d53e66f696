"""Defects of lists, searches, exports and sums."""

from defects import defect

SUMMARIES = "districtops/guard/summaries.py"
SEARCH = "districtops/models/search.py"

DEFECTS = (
    defect(
        "sql-injection",
        "What is searched for becomes part of the statement.",
        SEARCH,
        r'(text.ilike if cased else text.like)(f"%{escaped}%", escape="\\")',
        "literal_column(f\"{text.key} LIKE '%{words}%'\")",
        *("tests/test_search.py", "-k", "sqlite"),
    ),
    defect(
        "wildcards",
        "A per cent sign in a search finds everything.",
        SEARCH,
        r'escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")',
        "escaped = words",
        *("tests/test_search.py", "tests/test_lists.py", "-k", "search and sqlite"),
    ),
    defect(
        "pairs-believed",
        "A search finds what holds its pairs of letters anywhere.",
        SEARCH,
        "and_(program_id.in_(found), holds)",
        "program_id.in_(found)",
        *("tests/test_search.py", "-k", "every_search"),
    ),
    defect(
        "formula",
        "A spreadsheet runs what somebody typed as a project's name.",
        "districtops/kit/sql_csv.py",
        """case((first.in_(RISKY), "'"), else_="")""",
        'literal("")',
        *("tests/test_csv_identity.py", "-k", "sqlite"),
    ),
    defect(
        "formula-full-width",
        "A full-width sign begins a formula.",
        "districtops/kit/sql_csv.py",
        ', "\\n", "＝", "＋", "－", "＠")',
        ', "\\n")',
        *("tests/test_csv_identity.py", "-k", "sqlite"),
    ),
    defect(
        "ties-dropped",
        "The next page leaves out rows that are equal to the last one.",
        "districtops/kit/columns.py",
        "further: ColumnElement[bool] = here < there if down else here > there",
        "further: ColumnElement[bool] = keys[0] < value if down else keys[0] > value",
        *("tests/test_lists.py", "-k", "ties or every_row_once"),
    ),
    defect(
        "count-without-stop",
        "A list counts its rows to the last one, however many there are.",
        "districtops/kit/listing_page.py",
        "listing.places(form).limit(COUNT_STOPS_AT + 1)",
        "listing.places(form)",
        *("tests/test_list_indexes.py", "-k", "count"),
    ),
    defect(
        "order-without-index",
        "A list is sorted by reading every row.",
        "migrations/versions/0007_figures_and_search.py",
        """        batch_op.create_index(
            "ix_new_deal_project_figures_budget_won", ["district_id", "budget_won", "id"], unique=False
        )
""",
        "",
        "tests/test_list_indexes.py",
    ),
    defect(
        "figures-stand-still",
        "Lists and dashboards show the money of yesterday.",
        SUMMARIES,
        '(("after_flush", _note), ("before_commit", _keep))',
        '(("after_flush", _note),)',
        *("tests/new_deal/test_pages.py", "tests/test_writers.py", "-k", "found_again or many_hands"),
    ),
    defect(
        "sums-only-grow",
        "A project that changes stands in its old sum and in the new one.",
        SUMMARIES,
        "((old, -1), (after, 1))",
        "((old, 0), (after, 1))",
        *("tests/test_writers.py", "-k", "sqlite"),
    ),
    defect(
        "unknown-is-zero",
        "A budget that nobody stated is shown as nothing.",
        "districtops/new_deal/figures.py",
        "budget = None if parts is None else sum(parts.values())",
        "budget = sum((parts or {}).values())",
        *("tests/new_deal/test_pages.py", "-k", "unknown"),
    ),
    defect(
        "row-by-row",
        "A list asks the database once for every row.",
        "districtops/kit/listing_page.py",
        "    rows = {row.id: row for row in db.session.execute(listing.select().where(listing.row_id.in_(ids)))}\n",
        "    rows = {\n"
        "        row_id: db.session.execute(listing.select().where(listing.row_id == row_id)).one() for row_id in ids\n"
        "    }\n",
        "tests/test_queries.py",
    ),
)
