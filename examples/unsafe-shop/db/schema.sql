-- The shop's tables. Grown over two years; prices came first.
create table if not exists customers (
  id bigint generated always as identity primary key,
  email text not null unique,
  password_hash text not null,
  phone_sealed text,
  street text,
  birth_date date,
  created_at timestamptz not null default now()
);

create table if not exists sessions (
  id text primary key,
  customer_id bigint not null references customers
);

create table if not exists orders (
  number text primary key,
  coffee text not null,
  price double precision not null,
  tax double precision,
  customer_id bigint references customers,
  state text not null default 'new',
  placed_at timestamptz not null default now()
);

create table if not exists saved_cards (
  customer_id bigint not null references customers,
  card_number varchar(19) not null,
  expiry varchar(5) not null,
  cvc varchar(4)
);
