-- 0001 the key store: the key of each customer, apart from everything that it seals. Destroying one erases the customer,
-- also from every backup of the other database; so backups of this one are kept for days, not for years.
create table customer_keys (
  merchant_id text        not null,
  mode        text        not null check (mode in ('test', 'live')),
  user_id     text        not null,
  key_id      text        not null,
  wrapped_key bytea       not null,
  wrapped_by  text        not null,
  created_at  timestamptz not null,
  primary key (merchant_id, mode, user_id, key_id)
);
create index customer_keys_by_wrapper on customer_keys (wrapped_by);

-- Where the key store is a schema of the gateway's own database, the vault's role uses it; on a server of its own its
-- login does.
do $$
begin
  if exists (select from pg_roles where rolname = 'ucanpay_vault') then
    grant usage on schema key_store to ucanpay_vault;
    grant select, insert, update, delete on key_store.customer_keys to ucanpay_vault;
  end if;
end $$;
