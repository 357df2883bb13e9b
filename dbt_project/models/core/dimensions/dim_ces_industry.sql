with industries as (
    select * from {{ ref('stg_bls_ces__industries') }}
),

-- The list loaded last counts; an industry that has left it keeps its last name.
ranked_industries as (
    select
        *,
        row_number() over (partition by ces_industry_code order by load_id desc) as place
    from industries
),

-- Government (90) numbers its branches itself: its digits are no NAICS.
ces_industries as (
    select
        ces_industry_code,
        ces_industry_name,
        substring(ces_industry_code, 1, 2) as supersector_code,
        case
            when substring(ces_industry_code, 1, 2) != '90'
                then nullif(rtrim(substring(ces_industry_code, 3, 6), '0'), '')
        end as naics_code
    from ranked_industries
    where place = 1
)

select * from ces_industries
