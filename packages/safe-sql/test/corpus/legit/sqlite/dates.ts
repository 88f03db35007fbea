import { theme } from "../../statement.ts";

/** SQLite's own date functions; none of them may look at the clock of a session, so none uses `now` for a value that is compared. */
export const DATES = theme("dates", {
  "orders per month":
    "select strftime('%Y-%m', ordered_at) as month, count(*) from orders group by month order by month",
  "orders per weekday":
    "select strftime('%w', ordered_at) as weekday, count(*), sum(total_cents) from orders group by 1 order by 1",
  "orders per hour":
    "select cast(strftime('%H', ordered_at) as integer) as hour, count(*) from orders group by hour order by hour",
  "date and time": "select date(ordered_at), time(ordered_at), datetime(ordered_at) from orders order by id limit 5",
  "julianday difference": "select cast(julianday(max(ordered_at)) - julianday(min(ordered_at)) as integer) from orders",
  unixepoch: "select unixepoch(ordered_at) / 86400 as day, count(*) from orders group by day order by day limit 20",
  timediff: "select timediff('2026-03-01', '2025-12-25')",
  "start of month":
    "select date(ordered_at, 'start of month') as m, sum(total_cents) from orders group by m order by m limit 12",
  "last day of month":
    "select distinct date(ordered_at, 'start of month', '+1 month', '-1 day') as d from orders order by d limit 12",
  "week bucket":
    "select date(ordered_at, 'weekday 0', '-6 days') as monday, count(*) from orders group by monday order by monday limit 20",
  "age in years":
    "select (strftime('%Y', '2026-01-01') - strftime('%Y', birth_date)) / 10 * 10 as decade, count(*) from customers where birth_date is not null group by 1 order by 1",
  quarter:
    "select strftime('%Y', ordered_at) || '-Q' || ((strftime('%m', ordered_at) + 2) / 3) as q, count(*) from orders group by q order by q",
  "between dates":
    "select count(*) from orders where ordered_at >= '2024-01-01' and ordered_at < date('2024-01-01', '+1 year')",
  "cohort by month":
    "with f as (select customer_id, min(strftime('%Y-%m', ordered_at)) as cohort from orders group by customer_id) select f.cohort, (strftime('%Y', o.ordered_at) - substr(f.cohort, 1, 4)) * 12 + strftime('%m', o.ordered_at) - substr(f.cohort, 6) as age, count(distinct o.customer_id) as n from orders o join f on f.customer_id = o.customer_id group by 1, 2 order by 1, 2 limit 100",
  "calendar with gaps filled":
    "with recursive d(day) as (select '2024-01-01' union all select date(day, '+1 day') from d where day < '2024-02-29') select d.day, count(o.id) from d left join orders o on date(o.ordered_at) = d.day group by d.day order by d.day",
  "year over year":
    "with y as (select strftime('%Y', ordered_at) as year, sum(total_cents) as cents from orders group by 1) select year, cents, (cents - lag(cents) over (order by year)) * 100 / lag(cents) over (order by year) as growth from y order by year",
  "moving average over days":
    "with d as (select date(ordered_at) as day, count(*) as n from orders group by 1) select day, round(avg(n) over (order by day rows between 6 preceding and current row), 3) from d order by day limit 60",
  "new customers per month":
    "select strftime('%Y-%m', created_at) as m, count(*), sum(count(*)) over (order by strftime('%Y-%m', created_at)) from customers group by m order by m",
  "days between orders":
    "select round(avg(gap), 2) from (select julianday(ordered_at) - julianday(lag(ordered_at) over (partition by customer_id order by ordered_at, id)) as gap from orders)",
  "sessions by 30 minutes":
    "with e as (select customer_id, at, case when unixepoch(at) - unixepoch(lag(at) over (partition by customer_id order by at, id)) < 1800 then 0 else 1 end as starts from events where customer_id <= 50) select customer_id, sum(starts) from e group by customer_id order by 1",
  "retention after a month":
    "with f as (select customer_id, min(ordered_at) as first from orders group by customer_id) select count(*) as people, sum(exists (select 1 from orders o where o.customer_id = f.customer_id and o.ordered_at > datetime(f.first, '+1 month'))) as back from f",
  "busiest day": "select date(ordered_at) as day, count(*) as n from orders group by day order by n desc, day limit 1",
  "current date only compared": "select count(*) from orders where ordered_at > date('now', '+10 years')",
  "current_timestamp is a text": "select typeof(current_timestamp), typeof(current_date), typeof(current_time)",
  "parameters for a range": [
    "select count(*) from orders where ordered_at between ? and ?",
    "2024-01-01",
    "2024-12-31",
  ],
});
