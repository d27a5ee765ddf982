"""Names of jobs, so that a lower context can put one off without importing the code that runs it."""

READ_EVENTS = "flow.read_events"
DRAIN_RECEIPTS = "flow.drain_receipts"
DELIVER = "channels.deliver"
AUTHOR_NAMES = "flow.author_names"
PASSPORTS = "flow.passports"
TABLES = "registry.tables"
SEARCH_INDEX = "flow.search_index"
TRAIN = "triage.train"
EXAMPLES = "triage.examples"
EXCHANGE = "casework.exchange"
FAN_OUT = "casework.fan_out"
MODERATE = "casework.moderate"
ASSEMBLE = "casework.assemble"
SEARCHES = "desk.forget_searches"

# One lock a job: however many ask, one waits in the queue and one run serves them all.
WAKE_UP_LOCK = {
    READ_EVENTS: "read_events",
    DRAIN_RECEIPTS: "drain_receipts",
    DELIVER: "deliver",
    AUTHOR_NAMES: "author_names",
    PASSPORTS: "passports",
    TABLES: "tables",
    SEARCH_INDEX: "search_index",
    TRAIN: "train",
    EXAMPLES: "examples",
    EXCHANGE: "exchange",
    FAN_OUT: "fan_out",
    MODERATE: "moderate",
    ASSEMBLE: "assemble",
    SEARCHES: "forget_searches",
}
