"""Published marts -> CSV and Parquet with a data package file and checksums.

Reads the tables of the current release; writes `<home>/exports/public` (protected tables) and
`<home>/exports/restricted` (true figures, mode 0700): never mixed in one folder. Each folder's
`current` switches in one step. Folders of a release that was rolled back are taken away.
"""

from p20w.exports.packages import Exported, export, export_current

__all__ = ["Exported", "export", "export_current"]
