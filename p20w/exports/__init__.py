"""Published marts -> CSV and Parquet with a data package file and checksums.

Reads the tables of the current release; writes `<home>/exports/public` (protected tables) and
`<home>/exports/restricted` (true figures, mode 0700): never mixed in one folder. Each folder's
`current` switches in one step.
"""

from p20w.exports.packages import Exported, export

__all__ = ["Exported", "export"]
