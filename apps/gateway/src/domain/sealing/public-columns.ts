/**
 * Every other column that can hold a text, and why nobody's secret is in it: numbers, names of ours, words that a merchant
 * shows to buyers, addresses of the merchant's own servers, public keys, hashes, wrapped keys, and of cards the BIN and
 * the last four (PCI DSS 3.4.1). A new column is refused by a test until it is written here or among the sealed ones.
 */
export const PUBLIC_COLUMNS: Readonly<Record<string, string>> = {
  alerts: 'merchant_id mode alert_id kind target occasion',
  api_key_usage: 'merchant_id api_key_id last_used_ip last_used_agent',
  api_keys: 'merchant_id api_key_id key_hash kind mode name scopes ip_allow_list rolled_into revoked_reason',
  audit_checkpoints: 'merchant_id hash kid signature',
  audit_log: 'merchant_id audit_id mode actor action target request_id before after ip',
  audit_seals: 'merchant_id audit_id hash',
  audit_unsealed: 'merchant_id audit_id',
  cards: 'merchant_id mode card_token key_id bin last4 brand',
  customers: 'merchant_id mode user_id key_id email_index reference language',
  data_keys: 'merchant_id purpose key_id wrapped_key wrapped_by',
  delivery_attempts: 'merchant_id mode notification_id outcome',
  error_records: 'request_id merchant_id mode actor method route msg error',
  idempotency_keys: 'merchant_id mode idempotency_key request_hash made answer',
  installation_keys: 'name wrapped_key wrapped_by',
  key_rotations: 'rotation_id',
  'key_store.customer_keys': 'merchant_id mode user_id key_id wrapped_key wrapped_by',
  'key_store.schema_migrations': 'name sha256',
  ledger_accounts: 'account description',
  ledger_balances: 'merchant_id mode account currency',
  ledger_entries: 'merchant_id mode posting_id kind account currency ucp_order_no ref',
  member_links: 'merchant_id link_id member_id purpose token_hash',
  member_passwords: 'merchant_id member_id password_hash',
  members: 'merchant_id member_id email_index key_id role status password_hash',
  merchant_keys: 'merchant_id key_id mode algorithm public_key',
  merchants:
    'merchant_id name status signature_scheme reply_signature signatures_test signatures_live security_notify_url',
  nonces: 'merchant_id nonce_str',
  notification_secrets: 'merchant_id mode secret_id key_id',
  notifications: 'merchant_id mode notification_id ucp_order_no kind notify_url data status',
  order_transitions: 'from_status to_status',
  orders:
    'merchant_id mode ucp_order_no out_trade_no subject body currency scene_type capture_mode notify_url return_url device_no trade_status',
  outbox: 'merchant_id mode job ref',
  payment_attempts:
    'merchant_id mode attempt_id ucp_order_no operation card_token bin last4 brand status reason challenge_url acquirer',
  rate_windows: 'bucket',
  refunds: 'merchant_id mode ucp_refund_no out_refund_no ucp_order_no refund_desc notify_url refund_status',
  passkeys: 'merchant_id factor_id member_id name credential_id public_key transports',
  recovery_codes: 'merchant_id member_id code_hash',
  'sandbox_acquirer.operations': 'operation_id operation authorisation_id currency status reason return_url',
  schema_migrations: 'name sha256',
  sessions: 'merchant_id session_id member_id token_hash level mode challenge device ip',
  sign_in_failures: 'email_index',
  totp_factors: 'merchant_id factor_id member_id name key_id',
  usage_months: 'merchant_id mode month',
}
