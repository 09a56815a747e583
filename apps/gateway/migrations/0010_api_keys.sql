-- 0010 API keys to the contract's letter: expiry, address lists, roll, use, failures in a row, alerts.
alter table api_keys
  alter column expires_at drop not null,
  add constraint api_keys_live_secret_expires check (not (kind = 'sk' and mode = 'live' and expires_at is null)),
  add column ip_allow_list cidr[] not null default '{}', -- Empty: from anywhere.
  add column rolled_into text, -- The key that replaced it.
  add column revoked_reason text,
  add column rate_limit_per_s integer check (rate_limit_per_s between 1 and 1000000), -- The installation's where null.
  add constraint api_keys_revoked_for_a_reason check ((revoked_reason is null) or (revoked_at is not null));
create index api_keys_by_expiry on api_keys (expires_at) where revoked_at is null;

alter table merchants
  add column security_notify_url text check (length(security_notify_url) <= 256), -- Where alerts are sent.
  add column monthly_quota bigint check (monthly_quota > 0); -- Requests; none where null.

-- What changes with use, apart from the key: whoever writes here can change nothing about what a key may do.
create table api_key_usage (
  merchant_id        text        not null,
  api_key_id         text        not null,
  last_used_at       timestamptz,
  last_used_ip       inet,
  last_used_agent    text        check (length(last_used_agent) <= 128), -- Scrubbed.
  failures_in_a_row  integer     not null default 0 check (failures_in_a_row >= 0),
  blocked_until      timestamptz,
  primary key (merchant_id, api_key_id),
  foreign key (merchant_id, api_key_id) references api_keys
);

-- What a merchant should know of at once. The same thing again on the same day is counted, not repeated.
create table alerts (
  merchant_id text        not null references merchants,
  mode        text        not null check (mode in ('test', 'live')),
  alert_id    text        not null,
  kind        text        not null check (kind in ('key-in-browser', 'key-in-url', 'key-in-body', 'key-over-http', 'key-reported', 'key-expiring', 'notification-failed')),
  target      text        not null, -- The id of the key or the notification.
  occasion    text        not null, -- What makes two alerts the same: a day, or the days that are left.
  times       integer     not null default 1 check (times > 0),
  created_at  timestamptz not null,
  last_at     timestamptz not null,
  primary key (merchant_id, mode, alert_id),
  unique (merchant_id, mode, kind, target, occasion)
);

-- Alerts go out as notifications of a third kind, about no order.
alter table notifications
  alter column ucp_order_no drop not null,
  drop constraint notifications_kind_check,
  add constraint notifications_kind_check check (kind in ('payment', 'refund', 'security')),
  add constraint notifications_order check ((kind = 'security') = (ucp_order_no is null));

-- Every process keeps accounts in memory for a moment; this tells it which to forget (contract §2: within 1 s).
create function tell_of_key() returns trigger language plpgsql as $$
begin
  perform pg_notify('ucanpay_accounts', 'key ' || encode(new.key_hash, 'base64'));
  return null;
end $$;
create trigger api_keys_tell after update on api_keys for each row execute function tell_of_key();

create function tell_of_merchant() returns trigger language plpgsql as $$
begin
  perform pg_notify('ucanpay_accounts', 'merchant ' || new.merchant_id);
  return null;
end $$;
create trigger merchants_tell after update on merchants for each row execute function tell_of_merchant();
create trigger merchant_keys_tell after insert or update on merchant_keys for each row execute function tell_of_merchant();
create trigger api_key_usage_tell after update of blocked_until on api_key_usage for each row
  when (new.blocked_until is distinct from old.blocked_until) execute function tell_of_merchant();

alter table audit_log add column ip text; -- From where; null for what nobody asked for.
