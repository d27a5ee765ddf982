"""What every context may use: base templates, working-time arithmetic, text helpers, names of jobs.

No I/O and no model lives here.
"""
