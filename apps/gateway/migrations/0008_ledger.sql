-- 0008 ledger: double entry. Debits are positive, credits negative, and every posting sums to zero.
create table ledger_accounts (
  account     text not null primary key,
  description text not null
);
insert into ledger_accounts (account, description) values
  ('acquirer_receivable', 'Captured money that the acquirer owes'),
  ('merchant_payable',    'Money owed to the merchant: what refunds are paid from'),
  ('refunds_pending',     'Refunds and reversals accepted and not yet confirmed by the acquirer'),
  ('fees_receivable',     'Fees that the merchant owes, invoiced apart'),
  ('fee_revenue',         'Fees earned'),
  ('paid_out',            'Money paid out to the merchant''s bank');

create table ledger_entries (
  merchant_id  text        not null references merchants,
  mode         text        not null check (mode in ('test', 'live')),
  posting_id   text        not null,
  line         smallint    not null check (line > 0),
  kind         text        not null check (kind in ('capture', 'fee', 'refund', 'refund-sent', 'refund-failed', 'reversal', 'reversal-sent', 'fee-reversal', 'payout')),
  account      text        not null references ledger_accounts,
  currency     text        not null check (currency ~ '^[A-Z]{3}$'),
  amount       bigint      not null check (amount <> 0), -- Minor units; debit positive, credit negative.
  ucp_order_no text, -- Absent for payouts alone.
  ref          text        not null, -- The attempt, refund or payout that caused it.
  at           timestamptz not null,
  primary key (merchant_id, mode, posting_id, line),
  foreign key (merchant_id, mode, ucp_order_no) references orders,
  check ((kind = 'payout') = (ucp_order_no is null))
);
create index ledger_entries_by_order on ledger_entries (merchant_id, mode, ucp_order_no);
-- One capture, one acceptance of a refund, one outcome of it: the same thing is never posted twice.
create unique index ledger_entries_once on ledger_entries (merchant_id, mode, kind, ref, account);

-- A posting comes whole, in one statement, or not at all; so checking each statement's own rows checks every posting.
create function guard_postings() returns trigger language plpgsql as $$
declare
  moved record;
begin
  if exists (
    select from new_entries
    group by merchant_id, mode, posting_id, currency
    having sum(amount) <> 0
  ) or exists (
    select from new_entries
    group by merchant_id, mode, posting_id
    having count(distinct currency) > 1
  ) then
    raise exception 'a posting must balance in one currency' using errcode = 'check_violation';
  end if;
  for moved in
    select merchant_id, mode, account, currency, sum(amount)::bigint as amount
    from new_entries
    group by merchant_id, mode, account, currency
    order by merchant_id, mode, account, currency -- Two postings lock their rows in one order.
  loop
    -- The row first, empty: the constraint below judges a proposed row before it sees that there is one already.
    insert into ledger_balances (merchant_id, mode, account, currency, balance)
      values (moved.merchant_id, moved.mode, moved.account, moved.currency, 0)
      on conflict do nothing;
    update ledger_balances set balance = balance + moved.amount
      where merchant_id = moved.merchant_id and mode = moved.mode
        and account = moved.account and currency = moved.currency;
  end loop;
  return null;
end $$;

-- Sums of the entries, kept by the trigger. A merchant's payable account cannot be drawn below nothing.
create table ledger_balances (
  merchant_id text   not null references merchants,
  mode        text   not null check (mode in ('test', 'live')),
  account     text   not null references ledger_accounts,
  currency    text   not null,
  balance     bigint not null,
  primary key (merchant_id, mode, account, currency),
  constraint merchant_payable_covers check (account <> 'merchant_payable' or balance <= 0)
);

create trigger ledger_entries_balance after insert on ledger_entries
  referencing new table as new_entries for each statement execute function guard_postings();
create trigger ledger_entries_append_only before update or delete on ledger_entries
  for each row execute function refuse_change();
create trigger ledger_entries_no_truncate before truncate on ledger_entries
  for each statement execute function refuse_change();
