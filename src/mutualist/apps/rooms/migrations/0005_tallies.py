"""Keep what is added up for a neutral host, so that no single room ever shows as a difference."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count, Q

STEP = 5


def add_up(apps, schema_editor):
    """Write down the figures as they were shown until now, five rooms at a time."""
    room_model, opening_model, tally_model = (
        apps.get_model('rooms', name) for name in ('Room', 'Opening', 'HostTally')
    )
    unshared = Count('seats', filter=Q(seats__shares_result_with_host=False))
    rooms = room_model.objects.filter(mode='convened', host__isnull=False).annotate(
        unshared=unshared
    )
    first = opening_model.objects.filter(round=1)
    for host in sorted(set(rooms.values_list('host_id', flat=True))):
        own = rooms.filter(host_id=host)
        first.filter(room__in=own.filter(unshared=0).values('pk')).update(tallied=False)
        hidden = first.filter(room__in=own.filter(unshared__gt=0).values('pk'))
        opened = list(hidden.order_by('opened_at', 'pk'))
        for start in range(0, len(opened) // STEP * STEP, STEP):
            five = opened[start : start + STEP]
            tally_model.objects.create(
                host_id=host,
                rooms=STEP,
                kinds=Counter(one.result['kind'] for one in five),
                load=sum(one.result['load'] for one in five),
                conflicts=Counter(name for one in five for name in one.result['conflicts']),
            )
            opening_model.objects.filter(pk__in=[one.pk for one in five]).update(tallied=True)


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_accounts'),
        ('rooms', '0004_isolation'),
    ]

    operations = [
        migrations.AddField(
            model_name='opening',
            name='tallied',
            field=models.BooleanField(null=True),
        ),
        migrations.CreateModel(
            name='HostTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rooms', models.PositiveSmallIntegerField()),
                ('kinds', models.JSONField()),
                ('load', models.PositiveIntegerField()),
                ('conflicts', models.JSONField()),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.organisation')),
            ],
            options={'ordering': ['pk']},
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop),
    ]
