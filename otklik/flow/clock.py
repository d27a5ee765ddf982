"""The timetable: every periodic job of the product stands here. Six fields of cron: seconds come last."""

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from otklik.casework import operations as casework
from otklik.casework.operations import (
    exchange_export,
    exchange_import,
    mass_ending,
    moderation_ending,
    retention,
    warnings,
)
from otklik.common import jobs
from otklik.common.wakeup import until_quiet, wake_up
from otklik.flow import gathering, lookalikes, passports, road, route_facts
from otklik.registry.operations import searching
from otklik.triage.operations import likeness, surges

# A job that a killed worker left behind is put back after this long without a sign of life.
STALLED_AFTER_SECONDS = 60


@app.periodic(cron="* * * * * */5")
@app.task(name="flow.look_again", queue="clock", queueing_lock="look_again")
def look_again(timestamp: int) -> None:
    """The net under the wake-ups: what waits is looked at, whoever forgot to ring and whatever came due."""
    for job in road.what_waits(now=timezone.now()):
        wake_up(job)


@app.periodic(cron="* * * * * */30")
@app.task(name="flow.retry_stalled", queue="clock", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Jobs of a worker that was killed run again; all of ours are safe to repeat."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except (AlreadyEnqueued, UniqueViolation):
            # Another of its kind waits already and will do its work.
            await app.job_manager.finish_job(job, status=Status.ABORTED, delete_job=True)


@app.periodic(cron="* * * * * 40")
@app.task(name="flow.reject_silent", queue="clock", queueing_lock="reject_silent", lock="reject_silent")
def reject_silent(timestamp: int) -> None:
    """Put aside what was asked back and got no reply within the days that the author has."""
    while casework.reject_silent(now=timezone.now()):
        pass


@app.periodic(cron="* * * * * 50")
@app.task(
    name="flow.warn_of_lateness", queue="clock", queueing_lock="warn_of_lateness", lock="warn_of_lateness"
)
def warn_of_lateness(timestamp: int) -> None:
    """Write the warnings whose moment has come, the most urgent first."""
    now, after = timezone.now(), None
    while after := warnings.write_warnings(now=now, after=after):
        pass


@app.periodic(cron="* * * * * 55")
@app.task(name="flow.close_settled", queue="clock", queueing_lock="close_settled", lock="close_settled")
def close_settled(timestamp: int) -> None:
    """End what was answered and what nobody objected to in the days for it."""
    while casework.close_settled(now=timezone.now()):
        pass


@app.periodic(cron="* * * * * 5")
@app.task(name="flow.close_quiet_problems", queue="clock", queueing_lock="close_quiet", lock="close_quiet")
def close_quiet_problems(timestamp: int) -> None:
    """End the mass problems that are fixed and of which nobody has written for the days of silence."""
    mass_ending.close_quiet(now=timezone.now())


@app.periodic(cron="* * * * * 25")
@app.task(name="flow.end_bans", queue="clock", queueing_lock="end_bans", lock="end_bans")
def end_bans(timestamp: int) -> None:
    """End the bans whose day has come, and see what administrators have done by hand."""
    now = timezone.now()
    while moderation_ending.end_bans(now=now) or moderation_ending.see_done_by_hand(now=now):
        pass


@app.periodic(cron="7 2 * * * 30")
@app.task(
    name="flow.archive_old",
    queue="tables",
    queueing_lock="archive_old",
    lock="archive_old",
    pass_context=True,
)
def archive_old(context: JobContext, timestamp: int) -> None:
    """Put away, every night, what ended a year ago: batch by batch, so a stop loses nothing."""
    while not context.should_abort() and casework.archive_old(now=timezone.now()):
        pass


@app.periodic(cron="* * * * * */20")
@app.task(name="flow.watch_surges", queue="clock", queueing_lock="watch_surges", lock="watch_surges")
def watch_surges(timestamp: int) -> None:
    """Announce bursts: three times a minute, so that the fifth message is announced within one."""
    surges.watch(now=timezone.now(), least=settings.SURGE_LEAST, times=settings.SURGE_TIMES)


@app.periodic(cron="27 2 * * * 30")
@app.task(
    name="flow.forget_likeness", queue="tables", queueing_lock="forget_likeness", lock="forget_likeness"
)
def forget_likeness(timestamp: int) -> None:
    """Drop, every night, the keys of messages too old to be compared with."""
    likeness.forget_keys(now=timezone.now())


@app.periodic(cron="7 4 * * * 20")
@app.task(
    name="flow.forget_exchange", queue="tables", queueing_lock="forget_exchange", lock="forget_exchange"
)
def forget_exchange(timestamp: int) -> None:
    """Throw away, every night, the files of tables of incidents that were kept long enough."""
    now = timezone.now()
    while exchange_export.forget_exports(now=now) or exchange_import.forget_files(now=now):
        pass


@app.periodic(cron="37 4 * * * 30")
@app.task(
    name="flow.keep_terms", queue="tables", queueing_lock="keep_terms", lock="keep_terms", pass_context=True
)
def keep_terms(context: JobContext, timestamp: int) -> None:
    """Erase, every night, the personal data whose term of keeping is over: batch by batch, by the region's rules."""
    retention.carry_out(clock=timezone.now, stop=context.should_abort)


@app.periodic(cron="* * * * * */10")
@app.task(name="flow.sweep", queue="sweep", queueing_lock="sweep", lock="sweep")
def sweep(timestamp: int) -> None:
    """Compare a few pages with the network, those that waited longest first."""
    gathering.sweep(now=timezone.now())


@app.periodic(cron="* * * * * */5")
@app.task(name="flow.long_poll", queue="sweep", queueing_lock="long_poll", lock="long_poll")
def long_poll(timestamp: int) -> None:
    """Ask for events of the pages that have no callback."""
    gathering.long_poll(now=timezone.now())


@app.periodic(cron="* * * * * */30")
@app.task(name=jobs.AUTHOR_NAMES, queue="sweep", queueing_lock="author_names", lock="author_names")
def author_names(timestamp: int = 0) -> None:
    """Ask the network how authors are called: events carry only numbers. New authors wake it up themselves."""
    gathering.author_names(now=timezone.now())


@app.periodic(cron="* * * * * 15")
@app.task(name=jobs.SEARCH_INDEX, queue="tables", queueing_lock="search_index", lock="search_index")
def search_index(timestamp: int = 0) -> None:
    """Put what many changes at once left behind into the search; who makes them wakes it up."""
    searching.keep_fresh(now=timezone.now())


@app.periodic(cron="17 3 * * * 30")
@app.task(name="flow.rebuild_search", queue="tables", queueing_lock="rebuild_search", lock="search_index")
def rebuild_search(timestamp: int) -> None:
    """The whole search anew, every night: names of places and types may have changed under it."""
    searching.rebuild(now=timezone.now())


@app.periodic(cron="47 2 * * * 30")
@app.task(name="flow.learn_routes", queue="tables", queueing_lock="learn_routes", lock="learn_routes")
def learn_routes(timestamp: int) -> None:
    """Propose routes, every night, where people's choices differ from the rules; nothing changes by itself."""
    route_facts.learn(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="flow.find_lookalikes", queue="sweep", queueing_lock="find_lookalikes", lock="find_lookalikes")
def find_lookalikes(timestamp: int) -> None:
    """Search the network for pages that look like those of a few organisations, whose turn it is."""
    lookalikes.search(now=timezone.now())


@app.periodic(cron="* * * * * */30")
@app.task(
    name=jobs.PASSPORTS, queue="passports", queueing_lock="passports", lock="passports", pass_context=True
)
def renew_passports(context: JobContext, timestamp: int = 0) -> None:
    """Look at the pages whose passports are a day old; who asks for a look wakes it up."""
    stop = context.should_abort
    until_quiet(lambda now: passports.sweep(now=now, stop=stop), stop=stop, linger=0)
