-- 0006 payment attempts: one row for each thing asked of an acquirer, written before it is asked.
create table payment_attempts (
  merchant_id      text        not null,
  mode             text        not null check (mode in ('test', 'live')),
  attempt_id       text        not null, -- Also the acquirer's idempotency key.
  ucp_order_no     text        not null,
  operation        text        not null check (operation in ('authorise', 'capture', 'void', 'refund')),
  amount           bigint      not null check (amount > 0), -- Minor units of the order's currency.
  card_token       text,
  bin              text,
  last4            text,
  brand            text,
  status           text        not null default 'pending' check (status in ('pending', 'challenge', 'succeeded', 'refused')),
  reason           text, -- Why it was refused; a name of ours.
  challenge_url    text,
  acquirer         text        not null,
  started_at       timestamptz not null,
  ended_at         timestamptz,
  primary key (merchant_id, mode, attempt_id),
  foreign key (merchant_id, mode, ucp_order_no) references orders,
  check ((status in ('succeeded', 'refused')) = (ended_at is not null)),
  check ((status = 'refused') = (reason is not null))
);
-- An order is paid at most once: no second authorisation while one is open or has succeeded.
create unique index payment_attempts_one_authorisation on payment_attempts (merchant_id, mode, ucp_order_no)
  where operation = 'authorise' and status <> 'refused';
create index payment_attempts_by_order on payment_attempts (merchant_id, mode, ucp_order_no, operation, started_at);
create unique index payment_attempts_one_capture on payment_attempts (merchant_id, mode, ucp_order_no)
  where operation in ('capture', 'void') and status <> 'refused';

create function guard_attempt() returns trigger language plpgsql as $$
begin
  if old.status in ('succeeded', 'refused') then
    raise exception 'an outcome is final' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger payment_attempts_guard before update on payment_attempts for each row execute function guard_attempt();
create trigger payment_attempts_no_delete before delete on payment_attempts for each row execute function refuse_change();
