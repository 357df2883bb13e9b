with pairs as (
    select * from {{ ref('bridge_naics_vintage') }}
),

-- The crosswalk is of six digits; broader industries are their beginnings.
code_lengths as (
    select 3 as code_length
    union all
    select 4 as code_length
    union all
    select 5 as code_length
    union all
    select 6 as code_length
),

shortened_pairs as (
    select
        pairs.from_naics_vintage,
        pairs.to_naics_vintage,
        substring(pairs.from_naics_code, 1, code_lengths.code_length) as from_code,
        substring(pairs.to_naics_code, 1, code_lengths.code_length) as to_code
    from pairs
    cross join code_lengths
),

both_sides as (
    select
        from_naics_vintage,
        to_naics_vintage,
        from_code as naics_code,
        from_code = to_code as stays
    from shortened_pairs
    union all
    select
        from_naics_vintage,
        to_naics_vintage,
        to_code as naics_code,
        from_code = to_code as stays
    from shortened_pairs
),

-- An industry is the same in both versions where nothing has left it and nothing has come.
unchanged_codes as (
    select
        from_naics_vintage,
        to_naics_vintage,
        naics_code
    from both_sides
    group by from_naics_vintage, to_naics_vintage, naics_code
    having min(case when stays then 1 else 0 end) = 1
)

select * from unchanged_codes
