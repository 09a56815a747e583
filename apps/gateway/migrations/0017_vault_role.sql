-- 0017 the vault as a process of its own: the key that cards are encrypted to on the page, and its error records.
alter table installation_keys drop constraint installation_keys_name_check;
alter table installation_keys add constraint installation_keys_name_check
  check (name in ('api-key-pepper', 'checkout-link', 'blind-index', 'card-entry'));

grant insert, select (request_id) on error_records to ucanpay_vault;
