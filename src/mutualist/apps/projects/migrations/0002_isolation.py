"""PostgreSQL guards registered projects itself, and no row can refer to another partner's.

The rule of the policies is the one of projects/fences.py; tests/guards/test_project_parity.py compares them.
Policies read what core/isolation.py tells the database with SET LOCAL. What is not set gives no row.
"""

from django.db import migrations

NUMBERS = "string_to_array(current_setting('mutualist.%s', true), ',')::bigint[]"
PROJECT, WITHHELD = 'projects_registration', 'projects_withheld'
CHECK, STEP = 'projects_check', 'projects_step'


def rules(table):
    """Return the parts of the rule in the words of one table."""
    registered = f'EXISTS (SELECT 1 FROM {PROJECT} r WHERE r.id = {table}.registration_id AND r.%s)'
    return {
        'own': f"{table}.relation_id = ANY ({NUMBERS % 'relations'})",
        'vendor': f"{table}.programme_id = ANY ({NUMBERS % 'programmes'})",
        'ending': f"{table}.programme_id = ANY ({NUMBERS % 'ending'})",
        'submitted': f'{table}.submitted_at IS NOT NULL',
        'draft': f'{table}.submitted_at IS NULL',
        'disclosed': registered % 'disclosed_at IS NOT NULL',
        'of_draft': 'NOT ' + registered % 'submitted_at IS NOT NULL',
        # Who owns the table could drop this policy anyway; nobody else gains anything by the setting.
        'maintained': (
            "current_setting('mutualist.maintenance', true) = 'on' AND (SELECT"
            f" pg_get_userbyid(c.relowner) = current_user FROM pg_class c"
            f" WHERE c.oid = '{table}'::regclass)"
        ),
    }


def either(table, *cases):
    """Return a condition that holds if one of the cases does; each case is a list of parts."""
    known = rules(table)
    named = [' AND '.join(f'({known[name]})' for name in case.split()) for case in cases]
    return '(' + ') OR ('.join(['(' + known['maintained'] + ')', *named]) + ')'


POLICIES = {
    PROJECT: {
        'SELECT': either(PROJECT, 'own', 'vendor submitted', 'ending'),
        'INSERT': either(PROJECT, 'own'),
        'UPDATE': either(PROJECT, 'own', 'vendor submitted'),
        'DELETE': either(PROJECT, 'own draft', 'ending'),
    },
    WITHHELD: {
        'SELECT': either(WITHHELD, 'own', 'vendor disclosed', 'ending'),
        'INSERT': either(WITHHELD, 'own'),
        'UPDATE': either(WITHHELD, 'own'),
        'DELETE': either(WITHHELD, 'own of_draft', 'ending'),
    },
    CHECK: {
        'SELECT': either(CHECK, 'vendor', 'ending'),
        'INSERT': either(CHECK, 'vendor'),
        'UPDATE': either(CHECK, 'vendor'),
        'DELETE': either(CHECK, 'ending'),
    },
    STEP: {
        'SELECT': either(STEP, 'own', 'vendor', 'ending'),
        'INSERT': either(STEP, 'own', 'vendor'),
        'UPDATE': either(STEP),
        'DELETE': either(STEP, 'ending'),
    },
}
CLAUSES = {
    'SELECT': 'USING ({0})',
    'INSERT': 'WITH CHECK ({0})',
    'UPDATE': 'USING ({0}) WITH CHECK ({0})',
    'DELETE': 'USING ({0})',
}
OF_PARTNER = ('programme_id, relation_id', 'programme_relation (programme_id, id)')
OF_PROJECT = (
    'programme_id, relation_id, registration_id',
    f'{PROJECT} (programme_id, relation_id, id)',
)
REFERENCE = 'project_same_partner'
REFERENCES = (
    (PROJECT, *OF_PARTNER),
    *((table, *OF_PROJECT) for table in (WITHHELD, CHECK, STEP)),
)


def statements():
    """Yield everything PostgreSQL is told."""
    for number, (table, columns, target) in enumerate(REFERENCES, start=1):
        yield (
            f'ALTER TABLE {table} ADD CONSTRAINT {REFERENCE}_{number} FOREIGN KEY ({columns})'
            f' REFERENCES {target} DEFERRABLE INITIALLY DEFERRED'
        )
    for table, policies in POLICIES.items():
        for command, condition in policies.items():
            clause = CLAUSES[command].format(condition)
            yield f'CREATE POLICY {table}_{command.lower()} ON {table} FOR {command} {clause}'
        yield f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY'
        # Without FORCE the owner of a table, as which a simple installation connects, sees all rows.
        yield f'ALTER TABLE {table} FORCE ROW LEVEL SECURITY'


def isolate(apps, schema_editor):
    """Set up the policies; SQLite has none, there the query sets stand alone."""
    if schema_editor.connection.vendor == 'postgresql':
        for statement in statements():
            schema_editor.execute(statement, params=None)


def release(apps, schema_editor):
    """Take them down again."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    for table, policies in POLICIES.items():
        schema_editor.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE {table} DISABLE ROW LEVEL SECURITY')
        for command in policies:
            schema_editor.execute(f'DROP POLICY {table}_{command.lower()} ON {table}')
    for number, (table, _columns, _target) in enumerate(REFERENCES, start=1):
        schema_editor.execute(
            f'ALTER TABLE {table} DROP CONSTRAINT {REFERENCE}_{number}'
        )


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(isolate, release),
    ]
