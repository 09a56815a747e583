-- 0020 static QR codes (a durable address on the checkout, where the buyer names the amount), payout details, evidence.
create table static_codes (
  merchant_id  text        not null references merchants,
  mode         text        not null check (mode in ('test', 'live')),
  code_id      text        not null,
  token        text        not null check (token ~ '^[0-9A-Za-z_-]{24}$'), -- 144 random bits. Whoever sees the print has it: it is public.
  name         text        not null check (length(name) between 1 and 64), -- For the team; a buyer never sees it.
  subject      text        not null check (length(subject) between 1 and 30),
  currency     text        not null check (currency ~ '^[A-Z]{3}$'),
  min_amt      bigint      not null check (min_amt > 0), -- Minor units of the currency.
  max_amt      bigint      not null check (max_amt between min_amt and 999999999999), -- As min_amt: a fixed amount.
  notify_url   text        not null check (length(notify_url) <= 256),
  enabled      boolean     not null default true,
  created_at   timestamptz not null,
  last_used_at timestamptz, -- When an order was placed by it. Writing it is also the lock under which orders of a code take turns.
  primary key (merchant_id, mode, code_id)
);
-- A print brings its token and nothing else.
create unique index static_codes_by_token on static_codes (token);

-- Which code an order came from. A table of its own, so that placing any other order pays for nothing.
create table static_code_orders (
  merchant_id  text        not null,
  mode         text        not null,
  ucp_order_no text        not null,
  code_id      text        not null,
  placed_at    timestamptz not null,
  primary key (merchant_id, mode, ucp_order_no), -- An order comes from one code.
  foreign key (merchant_id, mode, ucp_order_no) references orders,
  foreign key (merchant_id, mode, code_id) references static_codes
);
create index static_code_orders_by_code on static_code_orders (merchant_id, mode, code_id, placed_at, ucp_order_no);

-- The dashboard makes and switches codes. The checkout reads them and places orders by them: it alone of the outer roles
-- takes orders from people without an account, so what it may insert is what any order is held to by its constraints.
grant select, insert, update (name, enabled) on static_codes to ucanpay_dashboard;
grant select on static_code_orders to ucanpay_dashboard;
grant select, update (last_used_at) on static_codes to ucanpay_checkout;
grant select, insert on static_code_orders to ucanpay_checkout;
grant insert on orders to ucanpay_checkout;

-- Where a merchant's money would be sent: sealed, one set for each mode. A change makes a row anew, under an id of its own,
-- to which what is sealed is bound.
create table payout_details (
  merchant_id    text        not null references merchants,
  mode           text        not null check (mode in ('test', 'live')),
  details_id     text        not null,
  form           text        not null check (form in ('CA', 'US', 'IBAN')),
  key_id         text        not null,
  sealed_details bytea       not null, -- The holder's name and every number.
  changed_at     timestamptz not null,
  changed_by     text        not null, -- A member's id.
  primary key (merchant_id, mode), -- There is one place that money goes to.
  unique (merchant_id, mode, details_id)
);
create index payout_details_by_key on payout_details (merchant_id, key_id);

alter table outbox drop constraint outbox_job_check;
alter table outbox add constraint outbox_job_check check (job in
  ('deliver-notification', 'send-refund', 'send-reversal', 'resolve-attempt', 'expire-order', 'send-link', 'tell-owners'));

grant select, insert, delete on payout_details to ucanpay_dashboard;
grant select (merchant_id, mode, details_id, key_id, sealed_details), update (key_id, sealed_details) on payout_details to ucanpay_vault;

-- When each retention job ran: what an auditor asks about data that is no longer there. Led by no merchant, because the
-- jobs are the installation's.
create table retention_runs (
  job             text        not null primary key,
  kept_days       integer     not null check (kept_days >= 0),
  last_ran_at     timestamptz not null,
  last_deleted_at timestamptz -- When it last found something to delete.
);
grant select, insert, update on retention_runs to ucanpay_worker;
grant select on retention_runs to ucanpay_dashboard;
-- The evidence says which key wraps which. Wrapped keys themselves stay the vault's.
grant select (merchant_id, purpose, key_id, wrapped_by, created_at, retired_at, seals) on data_keys to ucanpay_dashboard;
grant select (name, wrapped_by, created_at) on installation_keys to ucanpay_dashboard;
