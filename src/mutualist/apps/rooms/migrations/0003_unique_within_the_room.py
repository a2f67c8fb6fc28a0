"""Every uniqueness names its room, so that no refusal tells anything about another room."""

import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Q, UniqueConstraint

PER_ROUND = {
    'binding': 'bound_once_per_round',
    'openpress': 'pressed_once_per_round',
    'sealedsheet': 'sealed_once_per_round',
    'sheetprogress': 'progress_once_per_round',
}


def swap(model, constraint):
    """Replace a constraint by one of the same name."""
    return [
        migrations.RemoveConstraint(model_name=model, name=constraint.name),
        migrations.AddConstraint(model_name=model, constraint=constraint),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0002_sealed_answers'),
    ]

    operations = [
        migrations.RemoveField(model_name='sealedsheet', name='ciphertext'),
        *(
            operation
            for model, name in PER_ROUND.items()
            for operation in swap(model, UniqueConstraint(fields=('room', 'seat', 'round'), name=name))
        ),
        *swap('draft', UniqueConstraint(fields=('room', 'answerer', 'round', 'item'), name='draft_once_per_person_and_item')),
        *swap('answerer', UniqueConstraint(condition=Q(('is_lead', True)), fields=('room', 'seat'), name='answerer_one_lead_per_seat')),
        *swap('answerer', UniqueConstraint(models.F('room'), models.F('seat'), django.db.models.functions.text.Lower('email'), condition=Q(('email', ''), _negated=True), name='answerer_mail_once_per_seat')),
        migrations.AddConstraint(
            model_name='seat',
            constraint=UniqueConstraint(fields=('room', 'id'), name='seat_of_its_room'),
        ),
        migrations.AddConstraint(
            model_name='answerer',
            constraint=UniqueConstraint(fields=('room', 'id'), name='answerer_of_its_room'),
        ),
        migrations.AddConstraint(
            model_name='answerer',
            constraint=UniqueConstraint(fields=('room', 'seat', 'id'), name='answerer_of_its_seat'),
        ),
        migrations.AddConstraint(
            model_name='sealedsheet',
            constraint=UniqueConstraint(fields=('room', 'seat', 'round', 'id'), name='sheet_of_its_place'),
        ),
    ]
