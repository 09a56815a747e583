-- 0003 orders. Which status may follow which is data, and the only way from one to another.
create table order_transitions (
  from_status text not null,
  to_status   text not null,
  primary key (from_status, to_status)
);
insert into order_transitions (from_status, to_status) values
  ('NOTPAY',     'USERPAYING'), -- The buyer's attempt goes to the acquirer.
  ('NOTPAY',     'CLOSED'),     -- Closed by the merchant, or expired.
  ('NOTPAY',     'REVOKED'),
  ('USERPAYING', 'SUCCESS'),
  ('USERPAYING', 'AUTHORIZED'), -- Manual capture: the money is held.
  ('USERPAYING', 'PAYERROR'),
  ('PAYERROR',   'USERPAYING'), -- Another card.
  ('PAYERROR',   'CLOSED'),
  ('PAYERROR',   'REVOKED'),
  ('AUTHORIZED', 'SUCCESS'),    -- Captured.
  ('AUTHORIZED', 'REVOKED'),    -- The hold is released.
  ('SUCCESS',    'REFUND'),     -- Some or all of it went back.
  ('SUCCESS',    'REVOKED');    -- All of it goes back.

create table orders (
  merchant_id   text        not null references merchants,
  mode          text        not null check (mode in ('test', 'live')),
  ucp_order_no  text        not null check (ucp_order_no ~ '^[0-9]{1,20}$'),
  out_trade_no  text        not null check (out_trade_no ~ '^[0-9A-Za-z]{1,32}$'),
  subject       text        not null check (length(subject) between 1 and 30),
  body          text        not null check (length(body) between 1 and 64),
  total_amt     bigint      not null check (total_amt between 1 and 999999999999), -- Minor units; ISO 8583 field 4 has 12 digits.
  currency      text        not null check (currency ~ '^[A-Z]{3}$'),
  scene_type    text        not null check (scene_type in ('JSAPI', 'NATIVE', 'MWEB')),
  capture_mode  text        not null check (capture_mode in ('automatic', 'manual')),
  notify_url    text        not null check (length(notify_url) <= 256),
  return_url    text        check (length(return_url) <= 256),
  device_no     text        check (length(device_no) <= 32),
  expires_in_s  integer     not null check (expires_in_s > 0),
  expires_at    timestamptz not null,
  trade_status  text        not null default 'NOTPAY',
  captured_amt  bigint      not null default 0 check (captured_amt between 0 and total_amt),
  -- Refunds that succeeded or are on their way. No sum of refunds can pass what was captured.
  refund_amt    bigint      not null default 0 check (refund_amt between 0 and captured_amt),
  refund_count  integer     not null default 0 check (refund_count between 0 and 10),
  tran_time     timestamptz not null,
  time_end      timestamptz, -- When it was paid.
  primary key (merchant_id, mode, ucp_order_no), -- Led by the merchant, so that the table can be distributed by it.
  unique (merchant_id, mode, out_trade_no), -- A repeated request can only find the first one.
  check (trade_status in ('NOTPAY', 'USERPAYING', 'AUTHORIZED', 'SUCCESS', 'REFUND', 'CLOSED', 'REVOKED', 'PAYERROR')),
  check ((trade_status in ('SUCCESS', 'REFUND')) <= (captured_amt > 0)),
  check ((trade_status in ('NOTPAY', 'USERPAYING', 'AUTHORIZED', 'CLOSED', 'PAYERROR')) <= (captured_amt = 0))
);

create function guard_order() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.trade_status <> 'NOTPAY' then
      raise exception 'an order starts as NOTPAY' using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if new.trade_status <> old.trade_status and not exists (
    select from order_transitions where from_status = old.trade_status and to_status = new.trade_status
  ) then
    raise exception 'an order cannot go from % to %', old.trade_status, new.trade_status using errcode = 'check_violation';
  end if;
  if (new.merchant_id, new.mode, new.ucp_order_no, new.out_trade_no, new.total_amt, new.currency, new.capture_mode)
     is distinct from
     (old.merchant_id, old.mode, old.ucp_order_no, old.out_trade_no, old.total_amt, old.currency, old.capture_mode) then
    raise exception 'an order keeps its numbers and its amount' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger orders_guard before insert or update on orders for each row execute function guard_order();
create trigger orders_no_delete before delete on orders for each row execute function refuse_change();
