"""Rows that are there already are checked, and indexes built, while people go on working."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0010_the_whole_machine')]

    operations = [
        RemoveIndexConcurrently(
            model_name='incident',
            name='incident_state_due',
        ),
        RemoveIndexConcurrently(
            model_name='incident',
            name='incident_open_due',
        ),
        RemoveIndexConcurrently(
            model_name='incident',
            name='incident_body_state',
        ),
        RemoveIndexConcurrently(
            model_name='incident',
            name='incident_assignee_due',
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['approval', 'clarification', 'deferred', 'in_progress', 'interim_answered', 'new', 'publishing', 'reopened', 'rework', 'routed', 'triage', 'uncertain'])), fields=['state', 'due_at', 'id'], name='incident_state_due'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['approval', 'clarification', 'deferred', 'in_progress', 'interim_answered', 'new', 'publishing', 'reopened', 'rework', 'routed', 'triage', 'uncertain'])), fields=['due_at', 'id'], name='incident_open_due'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['approval', 'clarification', 'deferred', 'in_progress', 'interim_answered', 'new', 'publishing', 'reopened', 'rework', 'routed', 'triage', 'uncertain'])), fields=['executor', 'state', 'due_at', 'id'], name='incident_body_state'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['approval', 'clarification', 'deferred', 'in_progress', 'interim_answered', 'new', 'publishing', 'reopened', 'rework', 'routed', 'triage', 'uncertain'])), fields=['assignee', 'due_at', 'id'], name='incident_assignee_due'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state', 'answered')), fields=['stage_due_at', 'id'], name='incident_settled'),
        ),
        AddIndexConcurrently(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ['attached', 'closed', 'rejected', 'transferred'])), fields=['entered_at', 'id'], name='incident_ended'),
        ),
        ValidateConstraint(model_name='answer', name='answer_question_no_draft'),
        ValidateConstraint(model_name='answer', name='answer_promise_dated'),
        ValidateConstraint(model_name='answer', name='answer_four_eyes'),
        ValidateConstraint(model_name='incident', name='incident_body_responsible'),
        ValidateConstraint(model_name='incident', name='incident_answered_by_receipt'),
        ValidateConstraint(model_name='incident', name='incident_asked_from'),
        ValidateConstraint(model_name='incident', name='incident_promise_dated'),
        ValidateConstraint(model_name='incident', name='incident_rework_code'),
        ValidateConstraint(model_name='incident', name='incident_transferred_where'),
        ValidateConstraint(model_name='incident', name='incident_closed_outcome'),
        ValidateConstraint(model_name='incident', name='incident_poll_linked'),
        ValidateConstraint(model_name='incident', name='incident_paused_where'),
        ValidateConstraint(model_name='incident', name='incident_reopened_cycle'),
        ValidateConstraint(model_name='incident', name='incident_reopened_priority'),
        ValidateConstraint(model_name='incident', name='incident_declined_twice'),
        ValidateConstraint(model_name='incident', name='incident_plan_moved_twice'),
        ValidateConstraint(model_name='incident', name='incident_interims_permitted'),
        ValidateConstraint(model_name='incident', name='incident_extended_once'),
    ]
