import { theme } from "../../statement.ts";

/** Window functions: every one that both databases have, and every kind of frame. */
export const WINDOWS = theme("windows", {
  row_number:
    "select id, row_number() over (order by total_cents desc, id) as place from orders order by place limit 20",
  "rank and dense_rank":
    "select id, stars, rank() over (order by stars desc) as r, dense_rank() over (order by stars desc) as d from reviews order by id limit 40",
  percent_rank: "select id, percent_rank() over (order by id) from categories order by id",
  cume_dist: "select id, cume_dist() over (order by parent_id, id) from categories order by id",
  ntile:
    "select quartile, count(*), min(total_cents), max(total_cents) from (select total_cents, ntile(4) over (order by total_cents, id) as quartile from orders) q group by quartile order by quartile",
  deciles:
    "select d, sum(total_cents) from (select total_cents, ntile(10) over (order by total_cents, id) as d from orders) q group by d order by d",
  lag: "select id, total_cents - lag(total_cents) over (order by id) as change from orders order by id limit 30",
  "lag with default": "select id, lag(total_cents, 2, 0) over (order by id) from orders order by id limit 30",
  lead: "select id, lead(ordered_at) over (partition by customer_id order by ordered_at, id) as next_at from orders order by id limit 50",
  "first_value and last_value":
    "select id, first_value(id) over w as first, last_value(id) over w as last from orders where customer_id <= 5 window w as (partition by customer_id order by id rows between unbounded preceding and unbounded following) order by id",
  nth_value:
    "select customer_id, id, nth_value(id, 2) over (partition by customer_id order by id rows between unbounded preceding and unbounded following) from orders where customer_id < 10 order by id",
  "running total": "select id, sum(total_cents) over (order by id) as running from orders order by id limit 100",
  "running total by customer":
    "select customer_id, id, sum(total_cents) over (partition by customer_id order by id) from orders where customer_id < 20 order by 1, 2",
  "moving sum of 7":
    "select id, sum(total_cents) over (order by id rows between 6 preceding and current row) from orders order by id limit 100",
  "centred frame":
    "select id, avg(stars) over (order by id rows between 1 preceding and 1 following) > 3 as good from reviews order by id limit 50",
  "range frame":
    "select id, count(*) over (order by stars range between current row and unbounded following) from reviews order by id limit 60",
  "groups frame":
    "select id, stars, count(*) over (order by stars groups between 1 preceding and 1 following) from reviews order by id limit 60",
  "range with offset":
    "select id, count(*) over (order by total_cents range between 1000 preceding and 1000 following) as close from orders order by id limit 60",
  "exclude current row":
    "select id, sum(stars) over (order by id rows between 2 preceding and 2 following exclude current row) from reviews order by id limit 30",
  "exclude ties":
    "select id, count(*) over (order by stars range between unbounded preceding and current row exclude ties) from reviews where id <= 2000 order by id limit 30",
  "exclude group":
    "select id, count(*) over (order by stars range between unbounded preceding and unbounded following exclude group) from reviews where id <= 2000 order by id limit 30",
  "named window":
    "select id, count(*) over w as n, sum(total_cents) over w as cents from orders window w as (partition by status) order by id limit 20",
  "window that builds on another":
    "select id, row_number() over (w order by id) from orders window w as (partition by status) order by id limit 20",
  "filter in a window":
    "select id, count(*) filter (where status = 'paid') over (order by id) as paid_so_far from orders order by id limit 50",
  "share of group":
    "select id, total_cents * 100 / sum(total_cents) over (partition by customer_id) as pct from orders where customer_id < 30 order by id",
  "window over aggregate":
    "select status, count(*) as n, rank() over (order by count(*) desc, status) as place from orders group by status order by place",
  "running total over aggregate":
    "select stars, sum(count(*)) over (order by stars) as up_to from reviews group by stars order by stars",
  pareto:
    "select product_id, cents, sum(cents) over (order by cents desc, product_id) * 100 / sum(cents) over () as cumulative from (select product_id, sum(quantity * unit_cents) as cents from order_items group by product_id) t order by cents desc, product_id limit 40",
  "two windows":
    "select id, rank() over (partition by stars order by id) as in_stars, rank() over (partition by product_id order by id) as in_product from reviews order by id limit 40",
  "window in order by": "select id from reviews order by row_number() over (order by stars desc, id) limit 25",
  "difference to group maximum":
    "select id, max(total_cents) over (partition by customer_id) - total_cents as below from orders where customer_id < 15 order by id",
  deduplicate:
    "select id, product_id from (select id, product_id, row_number() over (partition by product_id order by id desc) as k from reviews) t where k = 1 order by product_id limit 50",
  "gap to the previous event":
    "select count(*) from (select session_id, lag(session_id) over (order by id) as before from events) t where session_id <> before",
  "string window": "select id, min(name) over (partition by parent_id) as first_name from categories order by id",
  "window on a join":
    "select o.id, rank() over (partition by c.country order by o.total_cents desc, o.id) as place from orders o join customers c on c.id = o.customer_id order by o.id limit 40",
  "empty over": "select id, count(*) over () as total from categories order by id",
  "running distinct by first occurrence":
    "select count(*) from (select customer_id, row_number() over (partition by customer_id order by id) as nth from orders) t where nth = 1",
});
