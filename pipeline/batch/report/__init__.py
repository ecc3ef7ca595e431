"""What a reclassification changes: counted while the rows pass, and reported as a page and a workbook."""

from pipeline.batch.report.changes import Changes
from pipeline.batch.report.sink import ReportFiles, ReportingSink, write_report

__all__ = ["Changes", "ReportFiles", "ReportingSink", "write_report"]
