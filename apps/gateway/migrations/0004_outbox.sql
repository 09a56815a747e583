-- 0004 outbox: work that must follow a committed change, written in the change's own transaction. A row is deleted
-- once its work is done, so the table stays as small as what is due.
create table outbox (
  merchant_id text        not null,
  mode        text        not null check (mode in ('test', 'live')),
  job         text        not null check (job in ('deliver-notification', 'send-refund', 'send-reversal', 'resolve-attempt', 'expire-order')),
  ref         text        not null, -- The number of what the work is about.
  due_at      timestamptz not null, -- A worker that takes a row moves this on, so that a dead worker's row comes back.
  tries       integer     not null default 0,
  primary key (merchant_id, mode, job, ref) -- One piece of work is queued once.
);
create index outbox_by_due on outbox (due_at);

-- What the merchant is told, kept as the record of it; its outbox row is the sending.
create table notifications (
  merchant_id     text        not null references merchants,
  mode            text        not null check (mode in ('test', 'live')),
  notification_id text        not null,
  ucp_order_no    text        not null,
  kind            text        not null check (kind in ('payment', 'refund')),
  notify_url      text        not null,
  data            jsonb       not null, -- As it stood when it happened; signed anew at each attempt.
  status          text        not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  created_at      timestamptz not null,
  primary key (merchant_id, mode, notification_id),
  foreign key (merchant_id, mode, ucp_order_no) references orders
);
create index notifications_by_order on notifications (merchant_id, mode, ucp_order_no);

create table delivery_attempts (
  merchant_id     text        not null,
  mode            text        not null,
  notification_id text        not null,
  attempt_no      integer     not null check (attempt_no > 0),
  at              timestamptz not null,
  duration_ms     integer     not null check (duration_ms >= 0),
  http_status     integer,
  outcome         text        not null, -- 'delivered', 'refused' (an answer, not the right one) or why no answer came.
  primary key (merchant_id, mode, notification_id, attempt_no),
  foreign key (merchant_id, mode, notification_id) references notifications
);

-- Secrets that sign notifications by the Standard Webhooks scheme; two are valid while one replaces the other.
create table notification_secrets (
  merchant_id   text        not null references merchants,
  mode          text        not null check (mode in ('test', 'live')),
  secret_id     text        not null,
  key_id        text        not null, -- The data key that sealed it.
  sealed_secret bytea       not null,
  created_at    timestamptz not null,
  expires_at    timestamptz,
  primary key (merchant_id, mode, secret_id)
);
