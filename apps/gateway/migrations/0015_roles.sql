-- 0015 one database role for each kind of process, with no more rights than it uses (PCI DSS 7.2). They cannot log in: a
-- login is made a member of those that its processes serve. None of them owns anything, alters the audit log, or reads
-- what another has sealed.
do $$
declare
  name text;
begin
  foreach name in array array['ucanpay_api', 'ucanpay_checkout', 'ucanpay_dashboard', 'ucanpay_worker', 'ucanpay_vault', 'ucanpay_sandbox'] loop
    if not exists (select from pg_roles where rolname = name) then
      begin
        execute format('create role %I nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls', name);
      exception
        when duplicate_object or unique_violation then null; -- Another database of this server was migrated at the same time.
        when insufficient_privilege then
          raise exception 'the role % is missing, and % may not create it. As a superuser: CREATE ROLE % NOLOGIN; GRANT % TO "%" WITH ADMIN OPTION; for each of ucanpay_api, ucanpay_checkout, ucanpay_dashboard, ucanpay_worker, ucanpay_vault, ucanpay_sandbox', name, current_user, name, name, current_user;
      end;
    end if;
    if not pg_has_role(current_user, name, 'member') then
      begin
        execute format('grant %I to current_user', name);
      exception
        when insufficient_privilege then null; -- Then whoever serves has another login, which is a member.
      end;
    end if;
  end loop;
end $$;

-- What keeps itself in order by triggers does so as the owner, so that nobody needs the right to do it by hand.
alter function queue_for_seal() security definer set search_path = public, pg_temp;
alter function guard_postings() security definer set search_path = public, pg_temp;

-- A balance is locked before it is drawn on. `select … for update` would need the right to change it.
create function lock_merchant_balance(of_merchant text, in_mode text, in_currency text) returns bigint
  language sql security definer set search_path = public, pg_temp
as $$
  select balance from ledger_balances
  where merchant_id = of_merchant and mode = in_mode and account = 'merchant_payable' and currency = in_currency for update
$$;
revoke execute on function lock_merchant_balance(text, text, text) from public;
grant execute on function lock_merchant_balance(text, text, text) to ucanpay_api, ucanpay_worker;

revoke all on schema public from public;
grant usage on schema public to ucanpay_api, ucanpay_checkout, ucanpay_dashboard, ucanpay_worker, ucanpay_vault;
revoke all on schema sandbox_acquirer from public;
grant usage on schema sandbox_acquirer to ucanpay_sandbox;
grant select, insert, update on sandbox_acquirer.operations to ucanpay_sandbox;

-- Everybody: who the merchants are, and to add to the audit log and the error records.
grant select on merchants, order_transitions, schema_migrations to ucanpay_api, ucanpay_checkout, ucanpay_worker, ucanpay_vault, ucanpay_dashboard;
grant insert on audit_log to ucanpay_api, ucanpay_checkout, ucanpay_worker, ucanpay_vault, ucanpay_dashboard;
grant insert, select (request_id) on error_records to ucanpay_api, ucanpay_checkout, ucanpay_dashboard;
grant select, insert, update on rate_windows to ucanpay_api, ucanpay_checkout, ucanpay_dashboard;

-- Orders, attempts, refunds, the outbox, the ledger.
grant select, insert, update on orders, refunds to ucanpay_api;
grant select, update on orders to ucanpay_checkout;
grant select, update on orders, refunds to ucanpay_worker;
grant select, insert, update on payment_attempts to ucanpay_api, ucanpay_checkout, ucanpay_worker;
grant select, insert, update, delete on outbox to ucanpay_api, ucanpay_checkout, ucanpay_worker;
grant select, insert on ledger_entries to ucanpay_api, ucanpay_checkout, ucanpay_worker;
grant select on ledger_accounts, ledger_balances to ucanpay_api, ucanpay_worker;
grant insert on notifications to ucanpay_api, ucanpay_checkout;
grant select, insert, update on notifications to ucanpay_worker;
grant select, insert on delivery_attempts to ucanpay_worker;

-- API keys and what protects them. A leaked key may be seen by any listener.
grant select on merchant_keys to ucanpay_api;
grant select, insert, update on api_keys to ucanpay_api;
grant select (merchant_id, mode, api_key_id, key_hash, kind, revoked_at), update (revoked_at, revoked_reason) on api_keys to ucanpay_checkout;
grant select on api_keys to ucanpay_worker;
grant select, insert, update on api_key_usage, usage_months, nonces to ucanpay_api;
grant select, delete on nonces to ucanpay_worker;
grant select, insert, update on alerts to ucanpay_api, ucanpay_checkout, ucanpay_worker;

-- The worker seals the audit log and ends what its time has run out for.
grant select on audit_log to ucanpay_worker;
grant select, delete on audit_unsealed to ucanpay_worker;
grant select, insert on audit_seals, audit_checkpoints to ucanpay_worker;
grant select (at, request_id), delete on error_records to ucanpay_worker;
grant select, delete on rate_windows to ucanpay_worker;
grant select (purge_after), delete on cards to ucanpay_worker;

-- The vault alone reads wrapped keys and what is sealed under them.
grant insert on cards to ucanpay_checkout;
grant select, update (key_id, sealed_card) on cards to ucanpay_vault;
grant select, update (key_id, sealed_secret) on notification_secrets to ucanpay_vault;
grant select, insert, update, delete on data_keys to ucanpay_vault;
grant select, insert, update on installation_keys, key_rotations to ucanpay_vault;
grant select (merchant_id) on api_keys to ucanpay_vault;
