"""Papers of the company: one plain description, written as PDF to print and sign or as Word to edit.

`Paper` says what stands on the paper; `pdf.write` sets it with Typst in a Chinese font that comes with the product,
`word.write` makes the same paper with python-docx. Registers, forms and reports are papers.
"""
