"""The kernel's tables; moments are seconds since 1970 by the database's clock."""

from lumiku_kernel.store.tables import accounts as _accounts
from lumiku_kernel.store.tables import catalogue as _catalogue
from lumiku_kernel.store.tables import jobs as _jobs
from lumiku_kernel.store.tables import ledger as _ledger
from lumiku_kernel.store.tables import visibility as _visibility
from lumiku_kernel.store.tables.row import Row

OWNERS = (_accounts, _catalogue, _jobs, _ledger, _visibility)

metadata = Row.metadata

accounts = metadata.tables["account"]
attempts = metadata.tables["attempt"]
sessions = metadata.tables["session"]
api_keys = metadata.tables["api_key"]
sign_ins = metadata.tables["sign_in"]
processes = metadata.tables["process"]
plugins = metadata.tables["plugin"]
models = metadata.tables["model"]
model_overrides = metadata.tables["model_override"]
flags = metadata.tables["flag"]
flag_uses = metadata.tables["flag_use"]
audits = metadata.tables["audit"]
epochs = metadata.tables["epoch"]
leases = metadata.tables["lease"]
jobs = metadata.tables["job"]
job_items = metadata.tables["job_item"]
job_events = metadata.tables["job_event"]
artifacts = metadata.tables["artifact"]
ledger_txns = metadata.tables["ledger_txn"]
ledger_entries = metadata.tables["ledger_entry"]
balances = metadata.tables["balance"]
uploads = metadata.tables["upload"]
webhooks = metadata.tables["webhook"]
deliveries = metadata.tables["delivery"]
circuits = metadata.tables["circuit"]
tiers = metadata.tables["tier"]
idempotencies = metadata.tables["idempotency"]
transitions = metadata.tables["transition"]
seals = metadata.tables["seal"]
