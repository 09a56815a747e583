-- 0002 audit log: who did what, when, from where. Rows are added and never changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create table audit_log (
  merchant_id text        not null,
  audit_id    text        not null,
  mode        text        not null check (mode in ('test', 'live')),
  at          timestamptz not null,
  actor       text        not null, -- An API key's id, 'buyer', 'worker' or 'operator'; never a person's data.
  action      text        not null, -- e.g. 'order.created'.
  target      text        not null, -- The number of what was acted on.
  request_id  text,
  before      text,
  after       text,
  primary key (merchant_id, audit_id)
);
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function refuse_change();
create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function refuse_change();
