-- 0018 what works as the owner is worked by our own triggers alone. Anybody may make a temporary table and hang a trigger
-- on it: whoever may execute a trigger function that runs as the owner could feed it rows of their own making, and so
-- change balances or hold up the sealing of the audit log. Triggers that are there already need no such right.
revoke execute on function queue_for_seal(), guard_postings() from public;

-- None of our processes makes a temporary table. Only the owner of the database can say so; elsewhere nothing changes.
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
end $$;
