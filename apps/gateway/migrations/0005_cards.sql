-- 0005 the vault's tables: data keys (wrapped by the key ring) and cards (sealed under them).
create table data_keys (
  merchant_id text        not null references merchants,
  purpose     text        not null check (purpose in ('cards', 'secrets')),
  key_id      text        not null,
  wrapped_key bytea       not null,
  created_at  timestamptz not null,
  retired_at  timestamptz,
  primary key (merchant_id, purpose, key_id)
);
-- One key a purpose seals; the retired ones only open.
create unique index data_keys_active on data_keys (merchant_id, purpose) where retired_at is null;

create table cards (
  merchant_id text        not null references merchants,
  mode        text        not null check (mode in ('test', 'live')),
  card_token  text        not null,
  key_id      text        not null,
  sealed_card bytea       not null, -- Number, expiry and name. The security code is never written (PCI DSS 3.3.1.2).
  bin         text        not null check (bin ~ '^[0-9]{6}$'),
  last4       text        not null check (last4 ~ '^[0-9]{4}$'),
  brand       text        not null,
  created_at  timestamptz not null,
  purge_after timestamptz not null, -- The retention job deletes the row after this (PCI DSS 3.2.1).
  primary key (merchant_id, mode, card_token)
);
create index cards_by_purge on cards (purge_after);
