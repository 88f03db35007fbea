import { theme } from "../../statement.ts";

/** Funnels, cohorts, gaps and islands, pivots, percentiles, top n per group: the analyst's staples. */
export const ANALYSES = theme("analyses", {
  funnel:
    "select count(distinct case when kind = 'view' then session_id end) as viewed, count(distinct case when kind = 'add_to_cart' then session_id end) as added, count(distinct case when kind = 'checkout' then session_id end) as checked, count(distinct case when kind = 'purchase' then session_id end) as bought from events",
  "funnel in order":
    "with s as (select session_id, min(case when kind = 'view' then id end) as v, min(case when kind = 'add_to_cart' then id end) as a, min(case when kind = 'purchase' then id end) as p from events group by session_id) select count(v) as viewed, count(case when a > v then 1 end) as then_added, count(case when a > v and p > a then 1 end) as then_bought from s",
  "conversion by first kind":
    "with f as (select session_id, kind, row_number() over (partition by session_id order by id) as k from events) select f.kind, count(*) as sessions, sum(case when exists (select 1 from events e where e.session_id = f.session_id and e.kind = 'purchase') then 1 else 0 end) as bought from f where k = 1 group by f.kind order by f.kind",
  "islands of consecutive ids":
    "with d as (select id, id - row_number() over (order by id) as g from orders where status = 'paid') select min(id) as first, max(id) as last, count(*) as length from d group by g having count(*) > 2 order by length desc, first limit 20",
  gaps: "with d as (select id, lead(id) over (order by id) as after from orders where status = 'returned') select id + 1 as gap_from, after - 1 as gap_to from d where after - id > 15 order by 1 limit 20",
  "longest streak of good reviews":
    "with m as (select product_id, id, stars, row_number() over (partition by product_id order by id) - row_number() over (partition by product_id, case when stars >= 4 then 1 else 0 end order by id) as g from reviews) select product_id, count(*) as streak from m where stars >= 4 group by product_id, g order by streak desc, product_id limit 15",
  "sessions by a change flag":
    "with f as (select id, customer_id, case when customer_id = lag(customer_id) over (order by id) then 0 else 1 end as starts from events), g as (select id, sum(starts) over (order by id) as visit from f) select count(distinct visit) from g",
  "pivot by case":
    "select country, sum(case when tier = 'bronze' then 1 else 0 end) as bronze, sum(case when tier = 'silver' then 1 else 0 end) as silver, sum(case when tier = 'gold' then 1 else 0 end) as gold, sum(case when tier = 'platinum' then 1 else 0 end) as platinum from customers group by country order by country",
  "pivot by filter":
    "select warehouse, count(*) filter (where on_hand = 0) as none, count(*) filter (where on_hand between 1 and 50) as few, count(*) filter (where on_hand > 50) as many from inventory group by warehouse order by warehouse",
  unpivot:
    "select product_id, what, cents from (select id as product_id, 'price' as what, price_cents as cents from products union all select id, 'cost', cost_cents from products) u where product_id < 20 order by 1, 2",
  "top 3 per group":
    "select category_id, id, price_cents from (select category_id, id, price_cents, row_number() over (partition by category_id order by price_cents desc, id) as k from products) t where k <= 3 order by 1, 3 desc, 2",
  "top city per country":
    "select country, city, n from (select country, city, count(*) as n, rank() over (partition by country order by count(*) desc, city) as k from addresses group by country, city) t where k = 1 order by country",
  "median by row_number":
    "select avg(total_cents) > 0 from (select total_cents, row_number() over (order by total_cents, id) as k, count(*) over () as n from orders) t where k in ((n + 1) / 2, (n + 2) / 2)",
  "percentile by ntile":
    "select p, max(total_cents) from (select total_cents, ntile(100) over (order by total_cents, id) as p from orders) t where p in (50, 90, 95, 99) group by p order by p",
  histogram: "select total_cents / 20000 * 20000 as from_cents, count(*) as n from orders group by 1 order by 1",
  "recency, frequency, money":
    "with c as (select customer_id, max(id) as last_order, count(*) as n, sum(total_cents) as cents from orders group by customer_id), s as (select customer_id, ntile(3) over (order by last_order) as r, ntile(3) over (order by n, customer_id) as f, ntile(3) over (order by cents, customer_id) as m from c) select r, f, m, count(*) from s group by r, f, m order by r, f, m",
  "repeat purchases":
    "select n, count(*) as customers from (select customer_id, count(*) as n from orders group by customer_id) t group by n order by n",
  "first and last order":
    "select customer_id, min(ordered_at) as first, max(ordered_at) as last from orders group by customer_id order by customer_id limit 40",
  "market share":
    "select c.name, sum(r.revenue_cents) as cents from product_revenue r join products p on p.id = r.product_id join categories c on c.id = p.category_id group by c.name order by cents desc, c.name limit 10",
  "abc classes":
    "with r as (select product_id, revenue_cents, sum(revenue_cents) over (order by revenue_cents desc, product_id) as upto, sum(revenue_cents) over () as total from product_revenue) select case when upto * 100 <= total * 70 then 'A' when upto * 100 <= total * 90 then 'B' else 'C' end as class, count(*) from r group by 1 order by 1",
  "out of stock sellers":
    "select i.product_id, sum(i.on_hand) as stock from inventory i group by i.product_id having sum(i.on_hand) < 60 order by stock, i.product_id limit 20",
  "days of cover":
    "with sold as (select product_id, sum(quantity) as q from order_items group by product_id), have as (select product_id, sum(on_hand - reserved) as h from inventory group by product_id) select h.product_id, h.h * 1400 / s.q as days from have h join sold s on s.product_id = h.product_id order by days, h.product_id limit 20",
  "margin by category":
    "select category_id, sum(margin_cents) as margin, sum(price_cents) as price from products group by category_id order by category_id",
  "unpaid orders":
    "select count(*) from orders o left join payments p on p.order_id = o.id where p.id is null and o.status <> 'cancelled'",
  "overpaid orders":
    "select o.id from orders o join payments p on p.order_id = o.id group by o.id, o.total_cents having sum(p.amount_cents) > o.total_cents * 3 order by o.id limit 20",
  churned:
    "with l as (select customer_id, max(id) as last_id from orders group by customer_id) select count(*) from l where last_id < (select max(id) / 2 from orders)",
  "cross tab of moves":
    "with m as (select kind, lead(kind) over (partition by session_id order by id) as after from events) select kind, after, count(*) from m where after is not null group by kind, after order by 3 desc, 1, 2",
  "rolling retention of products":
    "select a.half, count(distinct a.product_id) as in_half, count(distinct b.product_id) as also_after from (select product_id, order_id * 2 / (select max(id) + 1 from orders) as half from order_items) a left join (select product_id, order_id * 2 / (select max(id) + 1 from orders) as half from order_items) b on b.product_id = a.product_id and b.half = a.half + 1 where a.product_id < 20 group by a.half order by a.half",
  "basket size":
    "select lines, count(*) from (select order_id, count(*) as lines from order_items group by order_id) t group by lines order by lines",
  "running unique visitors":
    "select id, sum(is_new) over (order by id) from (select id, case when row_number() over (partition by customer_id order by id) = 1 then 1 else 0 end as is_new from events) t order by id limit 100",
  outliers:
    "with s as (select product_id, unit_cents, avg(unit_cents) over (partition by product_id) as mean from order_items) select count(*) from s where unit_cents > mean * 2",
  "open questions":
    "select customer_id, count(*) as n from tickets group by customer_id order by n desc, customer_id limit 10",
  "team span":
    "select m.id, count(*) as reports from employees e join employees m on m.id = e.manager_id group by m.id having count(*) > 2 order by reports desc, m.id",
});
