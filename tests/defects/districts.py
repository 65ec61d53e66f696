"""Defects that let a district see or write the rows of another, or a person do more than their role says."""

from defects import defect

TENANCY = "districtops/guard/tenancy.py"
ACCESS = "districtops/guard/access.py"
PROTECTION = "districtops/guard/protection.py"

DEFECTS = (
    defect(
        "no-district-filter",
        "Statements are not limited to the reader's districts.",
        TENANCY,
        "lambda cls: cls.district_id.in_(districts), include_aliases=True)",
        "lambda cls: cls.district_id.in_(districts) | (cls.district_id > 0), include_aliases=True)",
        *("tests/test_tenancy.py", "-k", "every_way_of_reading and sqlite"),
    ),
    defect(
        "filter-without-aliases",
        "A statement that gives a table another name is not limited.",
        TENANCY,
        "cls.shown(districts), include_aliases=True",
        "cls.shown(districts), include_aliases=False",
        *("tests/test_tenancy.py", "-k", "every_way_of_reading and sqlite"),
    ),
    defect(
        "fence-not-raised",
        "PostgreSQL is told to show the rows of every district.",
        TENANCY,
        '{"name": FENCE, "value": districts}',
        '{"name": FENCE, "value": EVERY}',
        *("tests/test_fences.py", "-k", "lets_no_foreign_row_through"),
    ),
    defect(
        "no-policy",
        "PostgreSQL has no row-level security.",
        PROTECTION,
        "statements += _row_security(table)",
        "statements += _row_security(table)[:0]",
        *("tests/test_fences.py", "-k", "every_table_of_a_district or lets_no_foreign_row_through"),
    ),
    defect(
        "policy-not-forced",
        "The owner of the tables goes past row-level security.",
        PROTECTION,
        """        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',\n""",
        "",
        *("tests/test_fences.py", "-k", "every_table_of_a_district"),
    ),
    defect(
        "no-flush-guard",
        "A row of another district can be added, changed and removed.",
        TENANCY,
        'raise ForeignDistrict(f"a {type(row).__name__} of district {district} cannot be written here")',
        "continue",
        *("tests/test_tenancy.py", "-k", "neither_added_nor_changed or cannot_move"),
    ),
    defect(
        "bulk-writes",
        "Bulk writes, which no filter sees, are let through.",
        TENANCY,
        'raise ForeignDistrict("bulk writes go past the district filter: add and change objects instead")',
        "return",
        *("tests/test_tenancy.py", "-k", "bulk_inserts"),
    ),
    defect(
        "no-scope-no-refusal",
        "A query that runs before the scope is set sees everything.",
        TENANCY,
        """        raise NoScope("enter() a scope before the first query")
    if state.is_insert""",
        """        return
    if state.is_insert""",
        *("tests/test_tenancy.py", "-k", "without_a_scope"),
    ),
    defect(
        "plain-foreign-key",
        "A note can hang on a program of another district.",
        "migrations/versions/0001_the_first_tables.py",
        """            ["district_id", "program_id"],
            ["program.district_id", "program.id"],
            name=op.f("fk_note_district_id_program_id"),""",
        """            ["program_id"],
            ["program.id"],
            name=op.f("fk_note_district_id_program_id"),""",
        *("tests/test_tenancy.py", "-k", "refuses_a_parent and Note"),
    ),
    defect(
        "leaking-export",
        "A CSV file holds the rows of every district.",
        "districtops/lists/pages.py",
        "csv_response(self.listing, begin=partial(enter, scope()))",
        "csv_response(self.listing, begin=partial(enter, type(scope())(frozenset(range(1000)))))",
        *("tests/test_access.py", "tests/test_tenancy.py", "-k", "shows_a_word or downloads"),
    ),
    defect(
        "district-from-the-form",
        "Whoever sends a district with a form works in it.",
        "districtops/guard/identity.py",
        '        db.session().info["scope"] = person.scope\n',
        '        sent = request.values.get("district_id", type=int)\n'
        "        own = Scope(frozenset({sent}), home=sent, user_id=person.user.id) if sent else person.scope\n"
        '        db.session().info["scope"] = own\n',
        "tests/test_smuggled_fields.py",
    ),
    defect(
        "person-from-the-form",
        "Whoever sends a person's number with a form signs with it.",
        "districtops/new_deal/views.py",
        "    note = Note(program_id=project.program_id, at=clock.now(), by_id=visitor_id())",
        '    by_id = request.form.get("by_id", visitor_id(), type=int)\n'
        "    note = Note(program_id=project.program_id, at=clock.now(), by_id=by_id)",
        "tests/test_smuggled_fields.py",
    ),
    defect(
        "viewer-edits",
        "A viewer may enter and change.",
        ACCESS,
        "Role.VIEWER: frozenset({Action.VIEW}),",
        "Role.VIEWER: frozenset({Action.VIEW, Action.EDIT}),",
        *("tests/test_access.py", "-k", "reviewed_table"),
    ),
    defect(
        "module-ignored",
        "A role in one module opens all of them.",
        ACCESS,
        "if granted in (None, module))",
        "if granted in (None, module, granted))",
        *("tests/test_access.py", "-k", "role_in_one_module"),
    ),
    defect(
        "ended-role",
        "A role that has ended still opens its pages.",
        "districtops/guard/identity.py",
        ".where(Grant.user_id == user.id, Grant.ended_at.is_(None))",
        ".where(Grant.user_id == user.id)",
        *("tests/test_access.py", "-k", "role_that_has_ended"),
    ),
    defect(
        "unmarked-view",
        "A view does not say who may open it.",
        "districtops/dashboard/views.py",
        "@signed_in\ndef amount_words",
        "def amount_words",
        *("tests/test_harness.py", "-k", "today_is_pinned"),
    ),
    defect(
        "unmarked-views-start",
        "The start does not ask whether every view is marked.",
        "districtops/factory.py",
        "    access.refuse_unmarked_views(app)\n",
        "",
        *("tests/test_startup.py", "tests/test_access.py", "-k", "nobody_marked or every_view_is_marked"),
    ),
    defect(
        "access-not-enforced",
        "Nobody asks what a view is marked with.",
        "districtops/factory.py",
        "    app.before_request(access.enforce)\n",
        "",
        *("tests/test_access.py", "-k", "reviewed_table"),
    ),
    defect(
        "foreign-sign-in-ended",
        "Anybody ends the sign-in of anybody.",
        "districtops/guard/identity.py",
        "SignedInSession.id == row_id, SignedInSession.user_id == user.id)",
        "SignedInSession.id == row_id)",
        *("tests/test_own_sign_ins.py", "-k", "sign_in_of_somebody_else"),
    ),
)
