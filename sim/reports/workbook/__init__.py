"""The business case as an Excel workbook whose formulas recompute it; `writing.write_workbook` makes one."""
