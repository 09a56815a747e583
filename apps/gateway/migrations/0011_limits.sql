-- 0011 limits that hold across processes. A process takes a share of what a window has left and spends it in memory.
-- Unlogged: after a crash of the database the windows begin anew, and each lasts a minute at most.
create unlogged table rate_windows (
  bucket    text    not null primary key, -- A kind and a keyed hash of who it counts; no address, no key.
  window_no bigint  not null, -- Seconds since 1970, divided by the window's length.
  used      integer not null check (used >= 0),
  granted   integer not null check (granted >= 0) -- What the last asker got.
);

-- Requests of a merchant in a calendar month (UTC), for the quota.
create table usage_months (
  merchant_id text    not null references merchants,
  mode        text    not null check (mode in ('test', 'live')),
  month       text    not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
  used        bigint  not null check (used >= 0),
  granted     bigint  not null check (granted >= 0),
  primary key (merchant_id, mode, month)
);
