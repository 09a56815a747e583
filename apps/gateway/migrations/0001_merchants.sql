-- 0001 merchants, their keys, and the nonces that they have used.
create table merchants (
  merchant_id        text        not null check (merchant_id ~ '^[0-9A-Za-z]{1,32}$'),
  name               text        not null check (length(name) between 1 and 64),
  status             text        not null default 'active' check (status in ('active', 'suspended')),
  signature_scheme   text        not null default 'guide-2024' check (signature_scheme in ('guide-2024', 'reference-v1')),
  reply_signature    text        not null default 'RSA' check (reply_signature in ('RSA', 'ED25519')),
  signatures_test    text        not null default 'optional' check (signatures_test in ('required', 'optional')),
  signatures_live    text        not null default 'required' check (signatures_live in ('required', 'optional')),
  fee_basis_points   integer     not null default 0 check (fee_basis_points between 0 and 10000), -- 290 is 2.9 %.
  created_at         timestamptz not null,
  primary key (merchant_id)
);

-- Public keys that verify a merchant's requests. The private ones never come here.
create table merchant_keys (
  merchant_id text        not null references merchants,
  key_id      text        not null,
  mode        text        not null check (mode in ('test', 'live')),
  algorithm   text        not null check (algorithm in ('RSA', 'ED25519')),
  public_key  text        not null, -- PEM, SubjectPublicKeyInfo.
  created_at  timestamptz not null,
  retired_at  timestamptz,
  primary key (merchant_id, key_id)
);

create table api_keys (
  merchant_id text        not null references merchants,
  api_key_id  text        not null,
  key_hash    bytea       not null check (octet_length(key_hash) = 32), -- HMAC-SHA-256 with the pepper of the key ring.
  kind        text        not null check (kind in ('sk', 'rk', 'pk')),
  mode        text        not null check (mode in ('test', 'live')),
  name        text        not null check (length(name) between 1 and 64),
  scopes      text[]      not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null check (expires_at > created_at), -- Never is not on offer.
  revoked_at  timestamptz,
  primary key (merchant_id, api_key_id)
);
-- A request brings the key and nothing else, so this is the one look-up that cannot be led by the merchant.
create unique index api_keys_by_hash on api_keys (key_hash);

-- A nonce is accepted once a merchant (contract §3). Without the mode: one key pair may be registered in both.
create table nonces (
  merchant_id text        not null,
  nonce_str   text        not null check (length(nonce_str) between 1 and 32),
  expires_at  timestamptz not null,
  primary key (merchant_id, nonce_str)
);
create index nonces_by_expiry on nonces (expires_at);
