with quarters as (
    select * from {{ ref('stg_bls_qcew__quarterly') }}
),

years as (
    select * from {{ ref('stg_bls_qcew__annual') }}
),

titles as (
    select * from {{ ref('stg_bls_qcew__industry_titles') }}
),

vintages as (
    select * from {{ ref('naics_vintages') }}
),

levels as (
    select * from {{ ref('industry_levels') }}
),

code_years as (
    select
        naics_code,
        calendar_year
    from quarters
    group by naics_code, calendar_year
    union all
    select
        naics_code,
        calendar_year
    from years
    group by naics_code, calendar_year
),

codes as (
    select
        vintages.naics_vintage,
        code_years.naics_code
    from code_years
    inner join vintages
        on code_years.calendar_year between vintages.first_year and vintages.last_year
    group by vintages.naics_vintage, code_years.naics_code
),

ranked_titles as (
    select
        naics_code,
        industry_title,
        row_number() over (partition by naics_code order by load_id desc) as place
    from titles
),

described_codes as (
    select
        codes.naics_vintage,
        codes.naics_code,
        case
            when ranked_titles.industry_title is null then codes.naics_code
            -- The list says "NAICS 31-33 Manufacturing", or NAICS07 for a code of 2007.
            when ranked_titles.industry_title like 'NAICS%'
                then substring(
                    ranked_titles.industry_title,
                    position(' ' || codes.naics_code || ' ' in ranked_titles.industry_title)
                    + length(codes.naics_code) + 2
                )
            else ranked_titles.industry_title
        end as industry_title,
        case
            when codes.naics_code = '10' then 'total'
            when codes.naics_code in ('101', '102') then 'domain'
            when codes.naics_code like '10__' then 'supersector'
            when codes.naics_code like '__-__' or length(codes.naics_code) = 2 then 'sector'
            when length(codes.naics_code) = 3 then 'subsector'
            when length(codes.naics_code) = 4 then 'industry_group'
            when length(codes.naics_code) = 5 then 'industry'
            else 'national_industry'
        end as industry_level,
        case
            when substring(codes.naics_code, 1, 2) = '10' then null
            when substring(codes.naics_code, 1, 2) in ('31', '32', '33') then '31-33'
            when substring(codes.naics_code, 1, 2) in ('44', '45') then '44-45'
            when substring(codes.naics_code, 1, 2) in ('48', '49') then '48-49'
            else substring(codes.naics_code, 1, 2)
        end as naics_sector_code
    from codes
    left join ranked_titles
        on codes.naics_code = ranked_titles.naics_code and ranked_titles.place = 1
),

industries as (
    select
        {{ surrogate_key(['described_codes.naics_vintage', 'described_codes.naics_code']) }}
            as industry_key,
        described_codes.naics_vintage,
        described_codes.naics_code,
        described_codes.industry_title,
        described_codes.industry_level,
        described_codes.naics_sector_code,
        levels.aggregation_digit,
        {{ date_in_year('vintages.first_year', 1, 1) }} as valid_from,
        case
            when vintages.last_year < 9999 then {{ date_in_year('vintages.last_year', 12, 31) }}
        end as valid_to,
        levels.is_stable_over_vintages
    from described_codes
    inner join vintages
        on described_codes.naics_vintage = vintages.naics_vintage
    inner join levels
        on described_codes.industry_level = levels.industry_level
)

select * from industries
