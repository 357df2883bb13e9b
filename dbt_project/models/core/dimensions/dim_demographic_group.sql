with demographic_groups as (
    select * from {{ ref('demographic_groups') }}
),

groups_with_key as (
    select
        {{ surrogate_key(['demographic_factor', 'demographic_group']) }} as demographic_group_key,
        demographic_factor,
        demographic_group,
        demographic_group_name,
        group_order,
        is_residual,
        complement_group
    from demographic_groups
)

select * from groups_with_key
