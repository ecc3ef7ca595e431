"""What a reclassification changes: counted while the rows stream by, told as a page and as a workbook."""

from pipeline.batch.report.changes import Changes
from pipeline.batch.report.sink import ReportFiles, ReportingSink, write_report

__all__ = ["Changes", "ReportFiles", "ReportingSink", "write_report"]
