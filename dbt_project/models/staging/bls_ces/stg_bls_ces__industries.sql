with landed as (
    {{ landed('bls_ces', 'industries') }}
),

industries as (
    select
        ces_industry_code,
        ces_industry_name,
        load_id,
        row_number
    from landed
)

select * from industries
