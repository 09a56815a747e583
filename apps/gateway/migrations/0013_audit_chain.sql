-- 0013 audit chain: the rows of the audit log, numbered and chained a merchant, with signed checkpoints. Writing a row
-- stays as cheap as it was; the worker seals a moment later.
create table audit_unsealed (
  merchant_id text   not null,
  audit_id    text   not null,
  queued      bigint not null generated always as identity, -- The order in which rows were written.
  primary key (merchant_id, audit_id)
);
insert into audit_unsealed (merchant_id, audit_id) select merchant_id, audit_id from audit_log order by at, audit_id;

create function queue_for_seal() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (merchant_id, audit_id) select merchant_id, audit_id from new_rows;
  return null;
end $$;
create trigger audit_log_queue after insert on audit_log
  referencing new table as new_rows for each statement execute function queue_for_seal();

-- Each seal is a SHA-256 over the one before it and the whole row that it seals.
create table audit_seals (
  merchant_id text        not null,
  seq         bigint      not null check (seq > 0),
  audit_id    text        not null,
  hash        bytea       not null check (octet_length(hash) = 32),
  sealed_at   timestamptz not null,
  primary key (merchant_id, seq),
  unique (merchant_id, audit_id),
  foreign key (merchant_id, audit_id) references audit_log
);

-- What the gateway has signed: that the chain stood so then. Copies of these kept elsewhere show a chain cut short.
create table audit_checkpoints (
  merchant_id text        not null,
  seq         bigint      not null,
  at          timestamptz not null,
  hash        bytea       not null check (octet_length(hash) = 32),
  kid         text        not null, -- Of /.well-known/jwks.json.
  signature   text        not null, -- RSA, as contract §3 makes it.
  primary key (merchant_id, seq, at),
  foreign key (merchant_id, seq) references audit_seals
);

create trigger audit_seals_append_only before update or delete on audit_seals
  for each row execute function refuse_change();
create trigger audit_seals_no_truncate before truncate on audit_seals
  for each statement execute function refuse_change();
create trigger audit_checkpoints_append_only before update or delete on audit_checkpoints
  for each row execute function refuse_change();
create trigger audit_checkpoints_no_truncate before truncate on audit_checkpoints
  for each statement execute function refuse_change();
