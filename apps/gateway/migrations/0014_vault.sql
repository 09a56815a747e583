-- 0014 the vault: who wrapped each data key, how often it has sealed, and the installation's own keys.
alter table data_keys
  add column wrapped_by text not null default '', -- The key-encryption key's name, e.g. ring/2.
  add column seals bigint not null default 0 check (seals >= 0); -- Handed out to processes; never past the limit of a key.
update data_keys set wrapped_by = 'ring/' || ('x' || encode(substring(wrapped_key for 4), 'hex'))::bit(32)::bigint;
alter table data_keys alter column wrapped_by drop default;
create index data_keys_by_wrapper on data_keys (wrapped_by);

-- What is hashed with these could not be hashed again, so they outlive every key-encryption key: each is random, and
-- wrapped like a data key. Led by no merchant, because they belong to the installation.
create table installation_keys (
  name        text        not null primary key check (name in ('api-key-pepper', 'checkout-link', 'blind-index')),
  wrapped_key bytea       not null,
  wrapped_by  text        not null,
  created_at  timestamptz not null
);

-- One rotation at a time; one that was cut off is gone on with. Keys older than it are replaced.
create table key_rotations (
  rotation_id text        not null primary key,
  started_at  timestamptz not null,
  finished_at timestamptz
);
create unique index key_rotations_one_at_a_time on key_rotations ((true)) where finished_at is null;

create function tell_of_data_key() returns trigger language plpgsql as $$
begin
  perform pg_notify('ucanpay_data_keys', new.merchant_id);
  return null;
end $$;
create trigger data_keys_tell after update of retired_at on data_keys for each row execute function tell_of_data_key();

create index cards_by_key on cards (merchant_id, key_id);
create index notification_secrets_by_key on notification_secrets (merchant_id, key_id);
