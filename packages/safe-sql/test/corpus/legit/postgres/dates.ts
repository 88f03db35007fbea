import { theme } from "../../statement.ts";

/** Dates, times, intervals and generated series. */
export const DATES = theme("dates", {
  "date_trunc month": "select date_trunc('month', ordered_at) as m, count(*) from orders group by m order by m",
  extract: "select extract(dow from ordered_at) as weekday, count(*) from orders group by 1 order by 1",
  date_part: "select date_part('hour', ordered_at)::int as h, count(*) from orders group by 1 order by 1",
  to_char: "select to_char(ordered_at, 'YYYY-MM') as m, sum(total_cents) from orders group by 1 order by 1",
  "interval arithmetic":
    "select count(*) from orders where ordered_at >= timestamp '2024-01-01' and ordered_at < timestamp '2024-01-01' + interval '3 months'",
  age: "select extract(year from age(date '2026-01-01', birth_date))::int / 10 * 10 as decade, count(*) from customers where birth_date is not null group by 1 order by 1",
  "date difference": "select max(ordered_at)::date - min(ordered_at)::date as days from orders",
  make_date: "select make_date(2024, 2, 29), make_interval(days => 10)",
  "generate_series of days":
    "select d::date as day, count(o.id) from generate_series(date '2024-01-01', date '2024-02-29', interval '1 day') d left join orders o on o.ordered_at::date = d::date group by 1 order by 1",
  "generate_series of numbers": "select n, n * n as square from generate_series(1, 20) n order by n",
  "generate_series with a step": "select * from generate_series(0, 100, 25) as s(v)",
  date_bin:
    "select date_bin('14 days', ordered_at, timestamp '2023-01-01') as bin, count(*) from orders group by 1 order by 1 limit 30",
  "at time zone": "select ordered_at at time zone 'UTC' is not null as ok, count(*) from orders group by 1",
  overlaps: "select (date '2024-01-01', date '2024-02-01') overlaps (date '2024-01-15', date '2024-03-01') as o",
  cohort:
    "with f as (select customer_id, date_trunc('month', min(ordered_at)) as cohort from orders group by customer_id) select f.cohort, extract(year from age(date_trunc('month', o.ordered_at), f.cohort)) * 12 + extract(month from age(date_trunc('month', o.ordered_at), f.cohort)) as months, count(distinct o.customer_id) from orders o join f using (customer_id) group by 1, 2 order by 1, 2 limit 100",
  "range frame of an interval":
    "select id, count(*) over (order by ordered_at range between interval '7 days' preceding and current row) from orders order by id limit 40",
  "sessions by 30 minutes":
    "with e as (select customer_id, case when at - lag(at) over (partition by customer_id order by at, id) < interval '30 minutes' then 0 else 1 end as starts from events where customer_id <= 50) select customer_id, sum(starts) from e group by 1 order by 1",
  "days between orders":
    "select round(avg(extract(epoch from gap))::numeric, 0) from (select ordered_at - lag(ordered_at) over (partition by customer_id order by ordered_at, id) as gap from orders) t",
  "year over year":
    "with y as (select extract(year from ordered_at)::int as y, sum(total_cents) as cents from orders group by 1) select y, cents, round(100.0 * (cents - lag(cents) over (order by y)) / lag(cents) over (order by y), 2) from y order by y",
  "current date compared": "select count(*) from orders where ordered_at > current_date + 3650",
  "now compared": "select count(*) from orders where ordered_at > now() + interval '10 years'",
  localtimestamp: "select localtimestamp > timestamp '2000-01-01' as ok",
  "to_date and to_timestamp": "select to_date('2024-05-06', 'YYYY-MM-DD'), to_timestamp(0) at time zone 'UTC'",
  "isfinite and infinity": "select isfinite(date '2024-01-01'), timestamp 'infinity' > localtimestamp as later",
  justify: "select justify_days(interval '40 days'), justify_hours(interval '30 hours')",
  "date ranges":
    "select daterange('2024-01-01', '2024-02-01') @> date '2024-01-10' as inside, upper(daterange('2024-01-01', '2024-02-01'))",
  "range of orders": "select count(*) from orders where tsrange('2024-01-01', '2024-06-01') @> ordered_at",
  "parameters for a range": [
    "select count(*) from orders where ordered_at between $1 and $2",
    "2024-01-01",
    "2024-12-31",
  ],
  "parameter cast": ["select count(*) from orders where ordered_at::date = $1::date", "2024-03-03"],
});
