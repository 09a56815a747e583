-- 0021 answers to repeats: a write that comes again under its Idempotency-Key gets the first answer (contract §4). Until
-- there is one, `made` is the number by which the write is done or found: whoever takes it up after a crash does it once.
-- Additive: gateways of the version before keep serving while it runs.
alter table idempotency_keys
  add column answer     jsonb,       -- Numbers, statuses, amounts and times; of words that could be personal, none.
  add column busy_until timestamptz, -- Whoever does it has that long; by the database's clock, which all of them share.
  add constraint idempotency_keys_answered_is_over check (answer is null or busy_until is null);
