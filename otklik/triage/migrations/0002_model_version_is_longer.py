from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="verdict",
            name="model_version",
            field=models.CharField(max_length=80),
        ),
    ]
