with soc_pairs as (
    select * from {{ ref('stg_crosswalks__soc_2010_2018') }}
),

hybrid_pairs as (
    select * from {{ ref('stg_crosswalks__oews_hybrid') }}
),

soc_codes as (
    select from_soc_code as soc_code
    from soc_pairs
    union
    select soc_code_2010 as soc_code
    from hybrid_pairs
),

-- Codes that the wage survey made of several of SOC 2010, up to May 2018; the hybrid follows them.
own_codes as (
    select hybrid_pairs.*
    from hybrid_pairs
    left join soc_codes
        on hybrid_pairs.oews_code_2018 = soc_codes.soc_code
    where soc_codes.soc_code is null
),

listed_pairs as (
    select
        from_soc_vintage,
        from_soc_code,
        from_soc_title,
        to_soc_vintage,
        to_soc_code,
        to_soc_title,
        false as is_own_code
    from soc_pairs
    union all
    select
        '2010' as from_soc_vintage,
        soc_code_2010 as from_soc_code,
        soc_title_2010 as from_soc_title,
        'hybrid' as to_soc_vintage,
        hybrid_soc_code as to_soc_code,
        hybrid_soc_title as to_soc_title,
        false as is_own_code
    from hybrid_pairs
    union all
    select
        '2010' as from_soc_vintage,
        oews_code_2018 as from_soc_code,
        oews_title_2018 as from_soc_title,
        'hybrid' as to_soc_vintage,
        hybrid_soc_code as to_soc_code,
        hybrid_soc_title as to_soc_title,
        true as is_own_code
    from own_codes
    union all
    select
        '2010' as from_soc_vintage,
        oews_code_2018 as from_soc_code,
        oews_title_2018 as from_soc_title,
        '2018' as to_soc_vintage,
        soc_code_2018 as to_soc_code,
        soc_title_2018 as to_soc_title,
        true as is_own_code
    from own_codes
    union all
    select
        'hybrid' as from_soc_vintage,
        hybrid_soc_code as from_soc_code,
        hybrid_soc_title as from_soc_title,
        '2018' as to_soc_vintage,
        soc_code_2018 as to_soc_code,
        soc_title_2018 as to_soc_title,
        false as is_own_code
    from hybrid_pairs
),

-- The hybrid repeats a pair for each code before it, and a file may be loaded under two names.
distinct_pairs as (
    select
        from_soc_vintage,
        from_soc_code,
        to_soc_vintage,
        to_soc_code,
        is_own_code,
        min(from_soc_title) as from_soc_title,
        min(to_soc_title) as to_soc_title
    from listed_pairs
    group by from_soc_vintage, from_soc_code, to_soc_vintage, to_soc_code, is_own_code
),

-- Own codes stand beside those of SOC 2010 that they are made of: they merge nothing with them.
related_pairs as (
    select
        *,
        {{ vintage_relation('from_soc_vintage, to_soc_vintage, is_own_code', 'soc') }}
            as vintage_relation,
        {{ vintage_weight('from_soc_vintage, to_soc_vintage', 'soc') }} as vintage_weight
    from distinct_pairs
),

soc_vintage_pairs as (
    select
        {{ surrogate_key(['from_soc_vintage', 'from_soc_code', 'to_soc_vintage', 'to_soc_code']) }}
            as soc_vintage_key,
        from_soc_vintage,
        from_soc_code,
        to_soc_vintage,
        to_soc_code,
        from_soc_title,
        to_soc_title,
        vintage_relation,
        vintage_weight,
        {{ weight_method('vintage_relation') }} as weight_method
    from related_pairs
)

select * from soc_vintage_pairs
