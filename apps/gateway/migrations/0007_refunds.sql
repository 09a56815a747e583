-- 0007 refunds: accepted at once, sent by the worker.
create table refunds (
  merchant_id         text        not null,
  mode                text        not null check (mode in ('test', 'live')),
  ucp_refund_no       text        not null check (ucp_refund_no ~ '^[0-9]{1,20}$'),
  out_refund_no       text        not null check (out_refund_no ~ '^[0-9A-Za-z]{1,32}$'),
  ucp_order_no        text        not null,
  refund_amt          bigint      not null check (refund_amt > 0), -- Minor units of the order's currency.
  refund_desc         text        not null check (length(refund_desc) between 1 and 64),
  notify_url          text        check (length(notify_url) <= 256),
  refund_status       text        not null default 'PROCESSING' check (refund_status in ('PROCESSING', 'SUCCESS', 'REFUNDCLOSE', 'FAIL')),
  created_at          timestamptz not null,
  refund_success_time timestamptz,
  primary key (merchant_id, mode, ucp_refund_no),
  unique (merchant_id, mode, out_refund_no), -- A repeated request can only find the first one.
  foreign key (merchant_id, mode, ucp_order_no) references orders,
  check ((refund_status = 'SUCCESS') = (refund_success_time is not null))
);
create index refunds_by_order on refunds (merchant_id, mode, ucp_order_no);

create function guard_refund() returns trigger language plpgsql as $$
begin
  if old.refund_status <> 'PROCESSING' then
    raise exception 'a refund''s outcome is final' using errcode = 'check_violation';
  end if;
  if (new.merchant_id, new.mode, new.ucp_refund_no, new.out_refund_no, new.ucp_order_no, new.refund_amt)
     is distinct from
     (old.merchant_id, old.mode, old.ucp_refund_no, old.out_refund_no, old.ucp_order_no, old.refund_amt) then
    raise exception 'a refund keeps its numbers and its amount' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger refunds_guard before update on refunds for each row execute function guard_refund();
create trigger refunds_no_delete before delete on refunds for each row execute function refuse_change();
