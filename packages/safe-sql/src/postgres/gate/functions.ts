/**
 * Functions of pg_catalog that compute on their arguments alone, and their aggregates. Everything else is refused: functions that read
 * files, run SQL that they are handed (query_to_xml, ts_stat, ts_rewrite over a query), read or set settings, sleep, take locks, talk
 * to other sessions or servers, look things up by name (to_regclass, has_table_privilege) or tell about the server and its roles.
 */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    // Aggregates and window functions.
    "any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank every",
    "first_value json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique",
    "json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique",
    "jsonb_object_agg_unique_strict lag last_value lead max min mode nth_value ntile percent_rank percentile_cont percentile_disc",
    "range_agg range_intersect_agg rank regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy",
    "row_number stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg",
    // Numbers.
    "abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf",
    "erfc exp factorial float4 float8 floor gamma gcd int2 int4 int8 lcm lgamma ln log log10 min_scale mod numeric pi pow power",
    "radians random random_normal round scale sign sin sind sinh sqrt tan tand tanh to_bin to_hex to_number to_oct trim_scale trunc",
    "width_bucket",
    // Texts and bytes.
    "ascii bit bit_count bit_length bpchar btrim casefold char char_length character_length chr concat concat_ws convert",
    "convert_from convert_to crc32 crc32c decode encode format get_bit get_byte initcap is_normalized left length like like_escape",
    "lower lpad ltrim md5 name normalize notlike octet_length overlay parse_ident position quote_ident quote_literal quote_nullable",
    "regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table",
    "regexp_substr repeat replace reverse right rpad rtrim set_bit set_byte sha224 sha256 sha384 sha512 similar_escape",
    "similar_to_escape split_part starts_with string_to_array string_to_table strpos substr substring text to_ascii to_char",
    "translate unicode_assigned unistr upper varbit varchar bytea",
    // Dates and times.
    "age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract interval isfinite justify_days",
    "justify_hours justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps",
    "statement_timestamp time timeofday timestamp timestamptz timetz timezone to_date to_timestamp transaction_timestamp",
    // Arrays, ranges and sets.
    "array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend",
    "array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_json array_to_string array_upper",
    "cardinality datemultirange daterange generate_series generate_subscripts int4multirange int4range int8multirange int8range",
    "isempty lower_inc lower_inf multirange nummultirange numrange range_merge trim_array tsmultirange tsrange tstzmultirange",
    "tstzrange unnest upper_inc upper_inf",
    // JSON and XML.
    "json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text",
    "json_extract_path json_extract_path_text json_object json_object_keys json_strip_nulls json_to_record json_to_recordset",
    "json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each",
    "jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists",
    "jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz",
    "jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls",
    "jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb xml_is_well_formed xml_is_well_formed_content",
    "xml_is_well_formed_document xmlcomment xmlexists xmltext xpath xpath_exists",
    // Full-text search.
    "array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight strip",
    "to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array",
    "websearch_to_tsquery",
    // Identifiers, networks, geometry, enums.
    "abbrev area bound_box box broadcast center circle diagonal diameter enum_first enum_last enum_range family gen_random_uuid",
    "height host hostmask inet_merge inet_same_family isclosed ishorizontal isopen isparallel isperp isvertical line lseg",
    "macaddr8_set7bit masklen netmask network npoints path pclose point polygon popen radius set_masklen slope uuid_extract_timestamp",
    "uuid_extract_version uuidv4 uuidv7 width",
    // About a value, or about the grouping.
    "hashtext num_nonnulls num_nulls pg_column_size pg_typeof",
  ].flatMap((line) => line.split(" ")),
);

/** Types of pg_catalog that a text may be cast to. Not `regclass` and its like: they tell which names exist. */
export const TYPES: ReadonlySet<string> = new Set(
  [
    "bit bool bpchar bytea char cidr circle box date datemultirange daterange float4 float8 inet int2 int4 int4multirange int4range",
    "int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange",
    "oid path point polygon text time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector",
    "uuid varbit varchar xml record anyarray unknown",
  ].flatMap((line) => line.split(" ")),
);

/** Ways to take a sample of a table. */
export const SAMPLING: ReadonlySet<string> = new Set(["bernoulli", "system"]);
