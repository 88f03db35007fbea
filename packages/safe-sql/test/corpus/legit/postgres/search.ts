import { theme } from "../../statement.ts";

/** Full text search, patterns and text functions. */
export const SEARCH = theme("search", {
  match: "select id from reviews where search @@ to_tsquery('english', 'battery') order by id limit 20",
  "plain query": "select count(*) from reviews where search @@ plainto_tsquery('english', 'value for the money')",
  "phrase query": "select count(*) from reviews where search @@ phraseto_tsquery('english', 'well made')",
  "web query":
    "select count(*) from reviews where search @@ websearch_to_tsquery('english', '\"well made\" -late or kettle')",
  ranked:
    "select id, round(ts_rank(search, q)::numeric, 4) as r from reviews, to_tsquery('english', 'kettle & battery') q where search @@ q order by r desc, id limit 10",
  "cover density":
    "select id, round(ts_rank_cd(search, to_tsquery('english', 'sturdy'))::numeric, 4) as r from reviews where search @@ to_tsquery('english', 'sturdy') order by r desc, id limit 10",
  headline:
    "select ts_headline('english', body, to_tsquery('english', 'kettle')) from reviews where search @@ to_tsquery('english', 'kettle') order by id limit 5",
  "on the fly": "select count(*) from reviews where to_tsvector('simple', title) @@ to_tsquery('simple', 'again')",
  weights:
    "select setweight(to_tsvector('english', title), 'A') || to_tsvector('english', body) from reviews order by id limit 3",
  "prefix query": "select count(*) from reviews where search @@ to_tsquery('english', 'batt:*')",
  lexemes: "select lexeme from reviews, unnest(search) as u(lexeme, positions, weights) where id = 1 order by lexeme",
  "numnode and querytree":
    "select numnode(to_tsquery('a & b')), strip(to_tsvector('a a b')), length(to_tsvector('english', 'running shoes'))",
  ilike: "select count(*) from products where name ilike 'RED%'",
  "regular expression": "select count(*) from products where name ~ '^(red|blue) .* [0-9]+$'",
  "regular expression, any case": "select count(*) from products where name ~* 'LAMP'",
  "similar to": "select count(*) from products where name similar to '(red|green) (lamp|chair) %'",
  regexp_replace: "select regexp_replace(sku, '[^0-9]', '', 'g') from products order by id limit 5",
  regexp_match: "select (regexp_match(sku, '([0-9]+)'))[1]::int from products order by id limit 5",
  regexp_matches: "select m[1] from regexp_matches('a1b22c333', '([0-9]+)', 'g') m",
  regexp_split:
    "select w, count(*) from reviews, regexp_split_to_table(title, ' ') w group by w order by 2 desc, 1 limit 10",
  "regexp_count and substr":
    "select regexp_count('banana', 'a'), regexp_substr('x12y', '[0-9]+'), regexp_like('abc', 'b'), regexp_instr('abc', 'c')",
  split_part: "select split_part(name, ' ', 1) as colour, count(*) from products group by 1 order by 1",
  string_to_array: "select w from unnest(string_to_array('a,b,c', ',')) w order by w",
  "position and overlay":
    "select position('@' in email) > 0, overlay('abcdef' placing 'XY' from 2 for 2), strpos('abc', 'c') from customers order by id limit 3",
  format: "select format('%s has %s', name, id) from categories order by id limit 5",
  "format with identifiers": "select format('%I = %L', 'a b', 'it''s')",
  "left, right, lpad, rpad":
    "select left(name, 3), right(name, 3), lpad(id::text, 5, '0'), rpad('a', 3, '.') from products order by id limit 5",
  "repeat and reverse": "select repeat('ab', 3), reverse('abc'), initcap('hello world'), translate('abc', 'ab', 'xy')",
  "md5 and digest": "select md5('a'), encode(sha256('a'), 'hex')",
  "encode and decode": "select encode('abc'::bytea, 'base64'), convert_from(decode('616263', 'hex'), 'UTF8')",
  concat_ws: "select concat_ws(', ', city, country), concat('a', null, 1) from customers order by id limit 3",
  "trim forms": "select trim(both 'x' from 'xxaxx'), btrim('  a '), ltrim('xa', 'x')",
  "ascii, chr, starts_with": "select ascii('A'), chr(66), starts_with('hello', 'he'), 'hello' ^@ 'he'",
  "collate C": 'select name from customers order by name collate "C", id limit 10',
  "unicode escape": "select U&'\\0041', e'tab\\there', $$dollar 'quoted'$$, $tag$nested $$ one$tag$",
  "like any": "select count(*) from products where name like any (array['red%', 'blue%'])",
  normalize: "select normalize('é'), char_length('é'), octet_length('é'), bit_length('a')",
});
