-- 0002 a vault whose login is not the owner sees that there is nothing to migrate.
do $$
begin
  if exists (select from pg_roles where rolname = 'ucanpay_vault') then
    grant select on key_store.schema_migrations to ucanpay_vault;
  end if;
end $$;
