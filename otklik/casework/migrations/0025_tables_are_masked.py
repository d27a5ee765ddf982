"""Tables of incidents are masked unless a reason says otherwise; files written before are known to be open."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0024_attached_is_checked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='incidentexport',
            name='reason',
            field=models.CharField(blank=True, choices=[('contact', 'связаться с автором'), ('visit', 'прийти или выехать по адресу'), ('find', 'найти заявку в своей системе'), ('check', 'проверить разбор или ответ'), ('other', 'другое')], max_length=10),
        ),
        migrations.AddField(
            model_name='incidentexport',
            name='words',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.RunSQL(
            "update casework_incidentexport set reason = 'other', words = 'до того, как таблицы стали скрывать' "
            "where state = 'ready'",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name='incidentexport',
            index=models.Index(condition=models.Q(('reason', ''), _negated=True), fields=['-id'], name='incident_export_open'),
        ),
        migrations.AddConstraint(
            model_name='incidentexport',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('reason__in', ['contact', 'visit', 'find', 'check', 'other']), _connector='OR'), name='incident_export_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='incidentexport',
            constraint=models.CheckConstraint(condition=models.Q(('reason', 'other'), ('words', ''), _negated=True), name='incident_export_other_says_why'),
        ),
    ]
