-- 0016 customers: personal data, each field sealed under a key of the customer's own, which is kept elsewhere.
create table customers (
  merchant_id    text        not null references merchants,
  mode           text        not null check (mode in ('test', 'live')),
  user_id        text        not null,
  key_id         text, -- In the key store.
  sealed_email   bytea,
  sealed_name    bytea,
  sealed_phone   bytea,
  sealed_address bytea,
  email_index    bytea       check (octet_length(email_index) = 32), -- Blind: finds an address without reading it.
  reference      text        check (reference ~ '^[0-9A-Za-z_-]{1,64}$'), -- The merchant's own number.
  language       text        check (language ~ '^[a-z]{2}$'),
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  erased_at      timestamptz, -- What is left then is that there was somebody, from when to when.
  primary key (merchant_id, mode, user_id),
  unique (merchant_id, mode, reference),
  check ((erased_at is null) = (key_id is not null)),
  check (erased_at is null or num_nonnulls(sealed_email, sealed_name, sealed_phone, sealed_address, email_index, reference, language) = 0),
  check ((sealed_email is null) = (email_index is null))
);
create index customers_by_email on customers (merchant_id, mode, email_index);

-- A write that is repeated under its Idempotency-Key gives the first answer (contract §4).
create table idempotency_keys (
  merchant_id     text        not null references merchants,
  mode            text        not null check (mode in ('test', 'live')),
  idempotency_key text        not null check (idempotency_key ~ '^[0-9A-Za-z_-]{1,64}$'),
  request_hash    bytea       not null check (octet_length(request_hash) = 32), -- Keyed: the body holds personal data.
  made            text        not null, -- The id of what was made.
  expires_at      timestamptz not null,
  primary key (merchant_id, mode, idempotency_key)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);

grant select, insert, update on customers, idempotency_keys to ucanpay_api;
grant delete on idempotency_keys to ucanpay_api, ucanpay_worker;
grant select (expires_at) on idempotency_keys to ucanpay_worker;
grant delete on notifications, delivery_attempts, alerts to ucanpay_worker;
