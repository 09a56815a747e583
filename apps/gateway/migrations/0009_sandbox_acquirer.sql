-- 0009 the sandbox acquirer's own books. It stands for another company: nothing of ours is joined to them, and it
-- commits on its own, so that its answer can be lost after it has acted.
create schema sandbox_acquirer;
create table sandbox_acquirer.operations (
  operation_id     text        not null primary key, -- The caller's idempotency key.
  operation        text        not null check (operation in ('authorise', 'capture', 'void', 'refund')),
  authorisation_id text        not null, -- For an authorisation, its own id.
  amount           bigint      not null check (amount >= 0),
  currency         text,
  captured         boolean     not null default false,
  status           text        not null check (status in ('challenge', 'succeeded', 'refused')),
  reason           text,
  return_url       text, -- Where the challenge page sends the buyer back to.
  refunds_fail     boolean     not null default false, -- A test card whose refunds fail.
  at               timestamptz not null
);
create index operations_by_authorisation on sandbox_acquirer.operations (authorisation_id);
