-- 0012 error records: the story of each request that failed, by its number, with sensitive values already removed.
-- Led by the request and not by a merchant, because most failures of credentials belong to nobody.
create table error_records (
  request_id  text        not null primary key,
  at          timestamptz not null,
  merchant_id text,
  mode        text        check (mode in ('test', 'live')),
  actor       text,
  method      text        not null,
  route       text, -- As declared, with its parameters by name; null where there is none at the address.
  status      integer     not null check (status between 400 and 599),
  msg         text        not null,
  error       jsonb       not null, -- Names, codes, rules and places in our code; no value that was sent.
  check ((merchant_id is null) = (mode is null))
);
create index error_records_by_merchant on error_records (merchant_id, at);
create index error_records_by_time on error_records (at);
