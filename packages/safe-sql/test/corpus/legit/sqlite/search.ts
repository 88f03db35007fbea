import { theme } from "../../statement.ts";

/** Full text search with FTS5, and places with the R-tree. */
export const SEARCH = theme("search", {
  match: "select rowid from reviews_fts where reviews_fts match 'battery' order by rowid limit 20",
  "match with a join":
    "select r.id, r.stars from reviews_fts f join reviews r on r.id = f.rowid where reviews_fts match 'sturdy' order by r.id limit 20",
  phrase: "select count(*) from reviews_fts where reviews_fts match '\"well made\"'",
  prefix: "select count(*) from reviews_fts where reviews_fts match 'batt*'",
  "and, or, not": "select count(*) from reviews_fts where reviews_fts match '(battery OR sturdy) NOT late'",
  near: "select count(*) from reviews_fts where reviews_fts match 'NEAR(value money, 3)'",
  "one column": "select count(*) from reviews_fts where reviews_fts match 'title : excellent'",
  "column filter": "select count(*) from reviews_fts where body match 'kettle'",
  "ranked by bm25":
    "select rowid, round(bm25(reviews_fts), 4) as score from reviews_fts where reviews_fts match 'battery kettle' order by score, rowid limit 10",
  "ranked by weights":
    "select rowid from reviews_fts where reviews_fts match 'excellent' order by bm25(reviews_fts, 10.0, 1.0), rowid limit 10",
  "hidden rank column": "select rowid from reviews_fts where reviews_fts match 'broke' order by rank, rowid limit 10",
  snippet:
    "select snippet(reviews_fts, 1, '[', ']', '...', 6) from reviews_fts where reviews_fts match 'kettle' order by rowid limit 5",
  highlight:
    "select highlight(reviews_fts, 1, '<', '>') from reviews_fts where reviews_fts match 'radio' order by rowid limit 5",
  "as a function": "select count(*) from reviews_fts('money')",
  "equals sign": "select count(*) from reviews_fts where reviews_fts = 'money'",
  parameter: ["select count(*) from reviews_fts where reviews_fts match ?", "colour"],
  "all columns": "select rowid, title, body from reviews_fts where reviews_fts match 'tent' order by rowid limit 5",
  "by rowid": "select title from reviews_fts where rowid = 7",
  "stars of what is found":
    "select r.stars, count(*) from reviews_fts f join reviews r on r.id = f.rowid where reviews_fts match 'again' group by r.stars order by r.stars",
  "found in a subquery":
    "select count(*) from products where id in (select product_id from reviews where id in (select rowid from reviews_fts where reviews_fts match 'desk'))",
  "found in a cte":
    "with hit as (select rowid as id from reviews_fts where reviews_fts match 'clock') select r.product_id, count(*) from reviews r join hit using (id) group by 1 order by 2 desc, 1 limit 10",
  "places in a box":
    "select count(*) from places where min_lat >= 48 and max_lat <= 54 and min_lon >= 8 and max_lon <= 15",
  "places with addresses":
    "select a.city, count(*) from places p join addresses a on a.id = p.id where p.min_lat > 50 and p.max_lon < 5 group by a.city order by a.city",
  "one place": "select id, round(min_lat, 2) from places where id = 3",
  "overlap of places":
    "select count(*) from places a join places b on a.min_lat <= b.max_lat + 0.01 and a.max_lat >= b.min_lat - 0.01 and a.id < b.id where a.id <= 50",
});
