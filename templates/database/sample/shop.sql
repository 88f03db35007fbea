-- The sample database. It is made from this when the server first starts; a database of yours takes its place.
create table customers (id integer primary key, name text not null, email text not null);
create table orders (
  id integer primary key,
  customer integer not null references customers (id),
  item text not null,
  quantity integer not null check (quantity > 0),
  status text not null default 'open'
);
-- No rule names it (src/rules.ts), so no caller learns that it is there.
create table staff (id integer primary key, name text not null, salary integer not null);

insert into customers values (1, 'Ada', 'ada@example.com'), (2, 'Ben', 'ben@example.com'), (3, 'Cem', 'cem@example.com');
insert into orders (customer, item, quantity, status) values
  (1, 'lamp', 2, 'sent'), (1, 'chair', 4, 'open'), (2, 'desk', 1, 'open'), (3, 'lamp', 1, 'sent');
insert into staff values (1, 'Dora', 51000);
