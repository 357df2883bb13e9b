with students as (
    select * from {{ ref('dim_student') }}
),

memberships as (
    select
        student_key,
        'All' as demographic_factor,
        'All' as demographic_group
    from students
    {% for factor in demographic_factors() %}
    union all
    select
        student_key,
        '{{ factor }}' as demographic_factor,
        {{ factor }} as demographic_group
    from students
    {% endfor %}
)

select * from memberships
