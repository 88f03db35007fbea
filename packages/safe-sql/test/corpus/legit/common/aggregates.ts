import { theme } from "../../statement.ts";

/** Counting and adding up, the bulk of what people ask. */
export const AGGREGATES = theme("aggregates", {
  "orders by status":
    "select status, count(*) as n, sum(total_cents) as cents from orders group by status order by n desc, status",
  "orders by status and currency":
    "select status, currency, count(*), min(total_cents), max(total_cents) from orders group by status, currency order by 1, 2",
  "busiest customers":
    "select customer_id, count(*) as n from orders group by customer_id having count(*) > 3 order by n desc, customer_id limit 50",
  "distinct customers per currency": "select currency, count(distinct customer_id) from orders group by currency",
  "average by tier":
    "select c.tier, count(*), sum(o.total_cents) / count(*) as mean from customers c join orders o on o.customer_id = c.id group by c.tier",
  "filter clause":
    "select count(*) filter (where status = 'paid') as paid, count(*) filter (where status = 'returned') as returned, count(*) as n from orders",
  "filter with sum":
    "select currency, sum(total_cents) filter (where status <> 'cancelled') as kept, sum(total_cents) filter (where status = 'cancelled') as lost from orders group by currency",
  "conditional sums":
    "select customer_id, sum(case when status = 'returned' then 1 else 0 end) as returned, count(*) as n from orders group by customer_id order by returned desc, customer_id limit 20",
  "group by expression":
    "select total_cents / 50000 as bucket, count(*) from orders group by total_cents / 50000 order by bucket",
  "group by ordinal": "select country, tier, count(*) from customers group by 1, 2 order by 3 desc, 1, 2",
  "group by case":
    "select case when credit_limit is null then 'none' when credit_limit < 30000 then 'low' else 'high' end as band, count(*) from customers group by 1 order by 1",
  "nulls counted apart":
    "select count(*) as all_rows, count(credit_limit) as with_limit, count(*) - count(credit_limit) as without from customers",
  "share of total":
    "select tier, count(*) * 100 / (select count(*) from customers) as pct from customers group by tier order by tier",
  "having without group": "select sum(total_cents) from orders having count(*) > 0",
  "nested aggregate by subquery":
    "select max(n) as most, min(n) as least from (select count(*) as n from orders group by customer_id) per_customer",
  "aggregate of aggregate by country":
    "select country, avg(n) > 1 as busy from (select c.country, c.id, count(o.id) as n from customers c left join orders o on o.customer_id = c.id group by c.country, c.id) x group by country order by country",
  "discounted lines":
    "select discount_pct, count(*), sum(quantity) from order_items group by discount_pct order by discount_pct",
  "revenue after discount":
    "select product_id, sum(quantity * unit_cents * (100 - discount_pct) / 100) as cents from order_items group by product_id order by cents desc, product_id limit 25",
  "payments by method":
    "select method, count(*), sum(amount_cents), count(iban) from payments group by method order by method",
  "stock by warehouse":
    "select warehouse, sum(on_hand) as on_hand, sum(reserved) as reserved, sum(on_hand - reserved) as free from inventory group by warehouse order by warehouse",
  stars: "select stars, count(*) from reviews group by stars order by stars desc",
  "average stars, exact":
    "select product_id, sum(stars) * 1.0 / count(*) as mean from reviews group by product_id having count(*) >= 3 order by mean desc, product_id limit 20",
  "events by kind":
    "select kind, count(*), count(distinct session_id) as sessions, count(distinct customer_id) as people from events group by kind order by 2 desc",
  "department sizes":
    "select department, title, count(*) from employees group by department, title order by department, title",
  "string_agg ordered":
    "select department, string_agg(name, ', ' order by name, id) from employees group by department order by department",
  "median by counting":
    "select count(*) as n, min(total_cents) as least from orders where total_cents >= (select sum(total_cents) / count(*) from orders)",
  mode: "select status from orders group by status order by count(*) desc, status limit 1",
  "variance by hand":
    "select currency, sum(total_cents * 1.0 * total_cents) / count(*) - (sum(total_cents) * 1.0 / count(*)) * (sum(total_cents) * 1.0 / count(*)) > 0 as spread from orders group by currency order by currency",
  "several distinct counts":
    "select count(distinct status), count(distinct currency), count(distinct customer_id) from orders",
  "group by boolean expression":
    "select total_cents > 100000 as large, count(*) from orders group by total_cents > 100000 order by 1",
  "empty group": "select count(*), sum(total_cents), max(id) from orders where total_cents < 0",
  "coalesced sum": "select coalesce(sum(total_cents), 0) from orders where status = 'no such status'",
});
