with listed_pairs as (
    select * from {{ ref('stg_crosswalks__naics_2017_2022') }}
),

-- A file may be loaded under two names.
distinct_pairs as (
    select
        from_naics_vintage,
        from_naics_code,
        to_naics_vintage,
        to_naics_code,
        min(from_naics_title) as from_naics_title,
        min(to_naics_title) as to_naics_title
    from listed_pairs
    group by from_naics_vintage, from_naics_code, to_naics_vintage, to_naics_code
),

related_pairs as (
    select
        *,
        {{ vintage_relation('from_naics_vintage, to_naics_vintage', 'naics') }}
            as vintage_relation,
        {{ vintage_weight('from_naics_vintage, to_naics_vintage', 'naics') }} as vintage_weight
    from distinct_pairs
),

naics_vintage_pairs as (
    select
        {{ surrogate_key([
            'from_naics_vintage', 'from_naics_code', 'to_naics_vintage', 'to_naics_code'
        ]) }} as naics_vintage_key,
        from_naics_vintage,
        from_naics_code,
        to_naics_vintage,
        to_naics_code,
        from_naics_title,
        to_naics_title,
        vintage_relation,
        vintage_weight,
        {{ weight_method('vintage_relation') }} as weight_method
    from related_pairs
)

select * from naics_vintage_pairs
