"""What became of a published answer in the network. The new bound is wider than the old: rows are checked by the next."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('casework', '0011_promises_are_checked')]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_rework_code',
        ),
        migrations.AddField(
            model_name='answer',
            name='edited_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='answer',
            name='removed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='incident',
            name='delivery_note',
            field=models.CharField(blank=True, choices=[('', ''), ('manual', 'ждёт администратора страницы'), ('held', 'ждёт ключа страницы'), ('undeliverable', 'ответ не доставлен'), ('uncertain', 'неизвестно, вышел ли ответ'), ('not_asked', 'уточняющий вопрос не доставлен'), ('not_noted', 'автор не извещён о передаче'), ('edited', 'опубликованный ответ изменён в сети'), ('removed', 'опубликованный ответ удалён в сети')], max_length=14),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rework'), _negated=True), models.Q(('reason__in', ['not_on_substance', 'no_proof', 'third_party_pii', 'jargon_or_abbrev', 'no_date_or_stage', 'bare_redirect', 'rude', 'wrong_thread_or_page', 'unverified_page', 'answer_removed', 'plan_not_done', 'third_postponement']), ('returns__gte', 1)), ('reason', 'answer_removed'), _connector='OR'), name='incident_rework_code'),
        ),
    ]
