-- 0019 the dashboard: members of a merchant's team, their factors, sessions and links. E-mail addresses, names and the
-- secrets of authenticator apps are sealed; passwords, session tokens, links and recovery codes are stored as hashes.
create table members (
  merchant_id         text        not null references merchants,
  member_id           text        not null,
  email_index         bytea       not null check (octet_length(email_index) = 32), -- Blind: finds an address without reading it.
  key_id              text        not null,
  sealed_member       bytea       not null, -- E-mail address and name.
  role                text        not null check (role in ('owner', 'admin', 'developer', 'finance', 'support', 'auditor')),
  status              text        not null default 'invited' check (status in ('invited', 'active', 'disabled')),
  password_hash       text, -- argon2id, as a PHC string.
  password_changed_at timestamptz,
  created_at          timestamptz not null,
  last_sign_in_at     timestamptz,
  primary key (merchant_id, member_id),
  check ((password_hash is null) = (password_changed_at is null)),
  check (status <> 'active' or password_hash is not null)
);
-- Whoever signs in gives an address and nothing else, so an address is a member of one merchant.
create unique index members_by_email on members (email_index);
create index members_by_key on members (merchant_id, key_id);

-- The passwords before: the last four may not come again (PCI DSS 8.3.7).
create table member_passwords (
  merchant_id   text        not null,
  member_id     text        not null,
  password_hash text        not null,
  replaced_at   timestamptz not null,
  primary key (merchant_id, member_id, replaced_at),
  foreign key (merchant_id, member_id) references members on delete cascade
);

-- Authenticator apps. A code is good once: its time step is remembered (PCI DSS 8.5.1).
create table totp_factors (
  merchant_id   text        not null,
  factor_id     text        not null,
  member_id     text        not null,
  name          text        not null check (length(name) between 1 and 64),
  key_id        text        not null,
  sealed_secret bytea       not null,
  created_at    timestamptz not null,
  confirmed_at  timestamptz, -- Until then it opens nothing.
  last_step     bigint      not null default 0,
  last_used_at  timestamptz,
  primary key (merchant_id, factor_id),
  foreign key (merchant_id, member_id) references members on delete cascade
);
create index totp_factors_by_member on totp_factors (merchant_id, member_id);
create index totp_factors_by_key on totp_factors (merchant_id, key_id);

create table passkeys (
  merchant_id   text        not null,
  factor_id     text        not null,
  member_id     text        not null,
  name          text        not null check (length(name) between 1 and 64),
  credential_id bytea       not null,
  public_key    bytea       not null, -- COSE.
  sign_count    bigint      not null check (sign_count >= 0),
  transports    text[]      not null,
  created_at    timestamptz not null,
  last_used_at  timestamptz,
  primary key (merchant_id, factor_id),
  unique (merchant_id, credential_id),
  foreign key (merchant_id, member_id) references members on delete cascade
);
create index passkeys_by_member on passkeys (merchant_id, member_id);

create table recovery_codes (
  merchant_id text  not null,
  member_id   text  not null,
  code_hash   bytea not null check (octet_length(code_hash) = 32), -- HMAC-SHA-256; used ones are deleted.
  primary key (merchant_id, member_id, code_hash),
  foreign key (merchant_id, member_id) references members on delete cascade
);

-- Links that are mailed. The worker makes the token as it sends it, so that nothing but its hash is ever stored.
create table member_links (
  merchant_id text        not null,
  link_id     text        not null,
  member_id   text        not null,
  purpose     text        not null check (purpose in ('invitation', 'password-reset')),
  token_hash  bytea       check (octet_length(token_hash) = 32),
  created_at  timestamptz not null,
  sent_at     timestamptz,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  primary key (merchant_id, link_id),
  foreign key (merchant_id, member_id) references members on delete cascade,
  check ((token_hash is null) = (sent_at is null))
);
-- A link brings its token and nothing else.
create unique index member_links_by_token on member_links (token_hash);

create table sessions (
  merchant_id    text        not null,
  session_id     text        not null,
  member_id      text        not null,
  token_hash     bytea       not null check (octet_length(token_hash) = 32), -- HMAC-SHA-256 of the cookie.
  level          text        not null check (level in ('password', 'full')), -- password: the second factor is still to come.
  mode           text        not null default 'test' check (mode in ('test', 'live')),
  second_factor  boolean     not null, -- Was one given?
  challenge      text, -- Of a passkey that is being asked for; used once.
  device         text        not null check (length(device) <= 64),
  ip             text        not null,
  created_at     timestamptz not null,
  last_seen_at   timestamptz not null,
  fresh_until    timestamptz not null,
  idle_ends_at   timestamptz not null,
  ends_at        timestamptz not null check (ends_at <= created_at + interval '12 hours'), -- In all, whatever is done.
  ended_at       timestamptz,
  primary key (merchant_id, session_id),
  foreign key (merchant_id, member_id) references members on delete cascade,
  check (idle_ends_at <= last_seen_at + interval '15 minutes'), -- PCI DSS 8.2.8.
  check (mode = 'test' or (second_factor and level = 'full')) -- Nothing in live mode without a second factor.
);
create unique index sessions_by_token on sessions (token_hash);
create index sessions_by_member on sessions (merchant_id, member_id) where ended_at is null;
create index sessions_by_end on sessions (ends_at);

-- Failed sign-ins by address, whether it is anybody's or not: so a lock tells nothing about an account (PCI DSS 8.3.4).
-- Led by no merchant, because an address that is nobody's has none.
create table sign_in_failures (
  email_index       bytea       not null primary key check (octet_length(email_index) = 32),
  failures_in_a_row integer     not null check (failures_in_a_row >= 0),
  locked_until      timestamptz,
  last_at           timestamptz not null
);

-- A session that ends is forgotten by every process at once.
create function tell_of_session() returns trigger language plpgsql as $$
begin
  perform pg_notify('ucanpay_sessions', encode(new.token_hash, 'base64'));
  return null;
end $$;
create trigger sessions_tell after update of ended_at on sessions for each row
  when (new.ended_at is distinct from old.ended_at) execute function tell_of_session();

alter table merchants add column refund_limit_amt bigint not null default 10000 check (refund_limit_amt >= 0); -- Above it the dashboard asks for the password again.
alter table outbox drop constraint outbox_job_check;
alter table outbox add constraint outbox_job_check
  check (job in ('deliver-notification', 'send-refund', 'send-reversal', 'resolve-attempt', 'expire-order', 'send-link'));

-- Lists stay quick however long they are: each order of one has its index, and so has each filter that could let through
-- one row in a million. bench/dashboard-lists.ts times them all.
create index orders_by_time on orders (merchant_id, mode, tran_time, ucp_order_no);
create index orders_by_amount on orders (merchant_id, mode, total_amt, ucp_order_no);
create index orders_by_status on orders (merchant_id, mode, trade_status, tran_time, ucp_order_no);
create index orders_by_currency on orders (merchant_id, mode, currency, tran_time, ucp_order_no);
create index orders_by_payment on orders (merchant_id, mode, time_end) include (currency, captured_amt) where time_end is not null;
create index orders_refunded on orders (merchant_id, mode, currency, ucp_order_no) where refund_count > 0;
create index payment_attempts_by_last4 on payment_attempts (merchant_id, mode, last4, started_at) where last4 is not null;
create index payment_attempts_refused on payment_attempts (merchant_id, mode, started_at)
  where status = 'refused' and operation = 'authorise';
create index refunds_by_time on refunds (merchant_id, mode, created_at, ucp_refund_no);
create index refunds_by_status on refunds (merchant_id, mode, refund_status, created_at, ucp_refund_no);
create index notifications_by_time on notifications (merchant_id, mode, created_at, notification_id);
create index notifications_by_status on notifications (merchant_id, mode, status, created_at, notification_id);
create index notifications_by_address on notifications (merchant_id, mode, notify_url, created_at, notification_id);
create index error_records_by_mode on error_records (merchant_id, mode, at, request_id);
create index error_records_by_msg on error_records (merchant_id, mode, msg, at, request_id);
create index error_records_by_actor on error_records (merchant_id, mode, actor, at, request_id);
create index audit_log_by_time on audit_log (merchant_id, mode, at, audit_id);
create index audit_log_by_target on audit_log (merchant_id, target, at);
-- Nearly all rows tell of orders, and of what buyers and workers did: those need no index to be found quickly.
create index audit_log_by_actor on audit_log (merchant_id, mode, actor, at, audit_id) where actor not in ('buyer', 'worker');
create index audit_log_by_action on audit_log (merchant_id, mode, action, at, audit_id) where action not like 'order.%';
create index ledger_entries_by_time on ledger_entries (merchant_id, mode, at, posting_id, line);
create index ledger_entries_of_refunds on ledger_entries (merchant_id, mode, at)
  where account = 'merchant_payable' and kind in ('refund', 'reversal', 'refund-failed');
create index ledger_entries_of_fees on ledger_entries (merchant_id, mode, at) include (currency, amount)
  where account = 'fees_receivable' and kind in ('fee', 'fee-reversal');

-- The dashboard reads what its pages show, and does what the API does. It reads no wrapped key and no card.
grant select, insert, update on members, member_links, sessions to ucanpay_dashboard;
grant select, insert, update, delete on totp_factors, passkeys, sign_in_failures to ucanpay_dashboard;
grant select, insert on member_passwords to ucanpay_dashboard;
grant select, insert, delete on recovery_codes to ucanpay_dashboard;
grant select, insert, update on orders, refunds, payment_attempts, api_keys, customers to ucanpay_dashboard;
grant select, insert on ledger_entries to ucanpay_dashboard;
grant select, insert, update, delete on outbox to ucanpay_dashboard;
grant select, insert, update on notifications, alerts to ucanpay_dashboard;
grant select on delivery_attempts, ledger_accounts, ledger_balances, api_key_usage, merchant_keys, audit_log, audit_seals, audit_checkpoints, audit_unsealed, error_records to ucanpay_dashboard;
grant update (name, security_notify_url, refund_limit_amt) on merchants to ucanpay_dashboard;
grant select (merchant_id, mode, secret_id, key_id, created_at, expires_at), insert, update (expires_at) on notification_secrets to ucanpay_dashboard;
grant execute on function lock_merchant_balance(text, text, text) to ucanpay_dashboard;

-- The worker mails links and deletes what is over. It gets a member's address from the vault alone.
grant select (merchant_id, member_id, key_id, sealed_member, role, status) on members to ucanpay_worker;
grant select, update on member_links to ucanpay_worker;
grant delete on member_links, sessions, sign_in_failures to ucanpay_worker;
grant select (ends_at, ended_at) on sessions to ucanpay_worker;
grant select (locked_until, last_at) on sign_in_failures to ucanpay_worker;

-- The vault seals and opens what the dashboard stores.
grant select (merchant_id, member_id, key_id, sealed_member), update (key_id, sealed_member) on members to ucanpay_vault;
grant select (merchant_id, factor_id, key_id, sealed_secret), update (key_id, sealed_secret) on totp_factors to ucanpay_vault;
