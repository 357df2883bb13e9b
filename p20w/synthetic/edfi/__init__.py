"""Ed-Fi Data Standard 5.0 records of the synthetic state, rendered page by page from its columns.

Reads a `SyntheticState`, writes JSON-ready records; a page costs a page, never the whole resource.
`schoolId` is district code x 10,000 + school code, `localEducationAgencyId` is the district code,
`educationServiceCenterId` is 900,000 + the CESA's number.
"""
