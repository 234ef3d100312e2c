-- Names of the platform's own have orders, too: those without a domain. So an order is found by its name.
alter table certificate_orders drop constraint certificate_orders_pkey;
alter table certificate_orders alter column domain_id drop not null;
alter table certificate_orders add primary key (name);
create unique index certificate_orders_domain on certificate_orders (domain_id);

-- When the first certificate of a host of the platform's own was ordered, for a week: authorities count those of one
-- domain, also where the host is gone.
create table certificate_starts (
  name text not null,
  started_at timestamptz not null
);
