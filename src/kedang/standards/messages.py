"""What each rule says to the person who has to mend a value: what was found, and what to do.

English source sentences; the doors translate them. Placeholders are filled from the finding.
"""

from __future__ import annotations

from kedang.kernel.i18n import N_

MESSAGES: dict[str, tuple[str, str]] = {
    "text.nul": (
        N_("The cell contains a NUL character, which no text may hold."),
        N_("Type the value again; the file may be damaged."),
    ),
    "text.number": (
        N_("A telephone number, identity number or mail address stands in a text that is kept in plain."),
        N_("Leave the number out; it belongs into a field of its own."),
    ),
    "text.unreadable": (
        N_("The cell contains half a character and cannot be read."),
        N_("Type the value again; the file may be damaged."),
    ),
    "text.invisible": (
        N_("Invisible characters were removed: %(characters)s."),
        N_("Nothing to do if the value looks right now."),
    ),
    "text.garbled": (
        N_("Part of the text was lost when the file was opened in the wrong encoding."),
        N_("Get the original file and save it as UTF-8 or GB18030, or type the value again."),
    ),
    "text.private_use": (
        N_("The text contains characters that only one system can show: %(characters)s."),
        N_("Type these characters again with an input method for GB 18030."),
    ),
    "text.traditional": (
        N_("Traditional or variant characters: %(characters)s."),
        N_("Write the standard characters: %(standard)s."),
    ),
    "text.rare": (
        N_("Characters that many systems cannot show: %(characters)s."),
        N_("Check that these characters are meant; use a common one if there is one."),
    ),
    "text.symbol": (
        N_("Signs that do not belong into a record: %(characters)s."),
        N_("Remove the signs or write in words what they mean."),
    ),
    "text.long": (
        N_("The text has %(length)s characters; at most %(limit)s are kept."),
        N_("Shorten the text to %(limit)s characters."),
    ),
    "text.short": (
        N_("The text has %(length)s characters; fewer than %(least)s say too little."),
        N_("Write at least %(least)s characters."),
    ),
    "name.no_letters": (
        N_("The name “%(found)s” contains no letters."),
        N_("Check that the column holds names."),
    ),
    "address.short": (
        N_("“%(found)s” is too short for an address."),
        N_("Give street and house number."),
    ),
    "credit_code.float": (
        N_("The code “%(found)s” was turned into a number by a spreadsheet and its last digits are lost."),
        N_("Format the column as text in the source file and enter the code again."),
    ),
    "credit_code.shape": (
        N_("“%(found)s” is not a unified social credit code."),
        N_("Enter the 18 digits and capital letters of the business licence."),
    ),
    "credit_code.old": (
        N_("“%(found)s” is an old registration number of %(length)s characters."),
        N_("Ask for the unified social credit code of 18 characters; the old number is kept until then."),
    ),
    "credit_code.length": (
        N_("The code has %(length)s characters instead of 18."),
        N_("Compare the code with the business licence."),
    ),
    "credit_code.alphabet": (
        N_("A credit code never contains these letters: %(characters)s."),
        N_("Compare the code with the business licence: O may be 0, I may be 1, Z may be 2, S may be 5."),
    ),
    "credit_code.prefix": (
        N_("No registering department uses the first character %(prefix)s."),
        N_("Compare the code with the business licence."),
    ),
    "credit_code.check": (
        N_("The check character is wrong; for these first 17 characters it is %(expected)s."),
        N_("Compare the code with the business licence; one character is mistyped."),
    ),
    "credit_code.inner_check": (
        N_("The organisation code inside (characters 9 to 17) has a wrong check character; it should be %(expected)s."),
        N_("Compare characters 9 to 17 with the business licence."),
    ),
    "credit_code.region": (
        N_("No registering authority has the number %(region)s (characters 3 to 8)."),
        N_("Compare characters 3 to 8 with the business licence."),
    ),
    "identity_number.float": (
        N_("The number “%(found)s” was turned into a number by a spreadsheet and its last digits are lost."),
        N_("Format the column as text in the source file and enter the number again."),
    ),
    "identity_number.shape": (
        N_("“%(found)s” is not a resident identity number."),
        N_("Enter the 18 characters of the identity card."),
    ),
    "identity_number.old": (
        N_("This is an old identity number of 15 digits."),
        N_("Ask for the number of 18 characters; the old one is kept until then."),
    ),
    "identity_number.date": (
        N_("The number contains no possible date of birth."),
        N_("Compare digits 7 to 14 with the identity card."),
    ),
    "identity_number.check": (
        N_("The check character at the end is wrong."),
        N_("Compare the number with the identity card; one digit is mistyped."),
    ),
    "identity_number.region": (
        N_("No region has or had the number %(region)s (digits 1 to 6)."),
        N_("Compare digits 1 to 6 with the identity card."),
    ),
    "identity_number.age": (
        N_("The number names someone born on %(born)s."),
        N_("Compare digits 7 to 14 with the identity card."),
    ),
    "phones.shape": (
        N_("“%(found)s” contains no complete telephone number."),
        N_("Enter a mobile number of 11 digits, or area code and number such as 0571-87061501."),
    ),
    "phones.part_unread": (
        N_("Part of the cell is not a complete telephone number and was left out: %(part)s."),
        N_("Enter each number in full and separate numbers by a semicolon."),
    ),
    "phones.no_area": (
        N_("A telephone number has no area code."),
        N_("Put the area code before the number, such as 0571-87061501."),
    ),
    "email.shape": (
        N_("“%(found)s” is not an e-mail address."),
        N_("Enter an address such as name@example.com."),
    ),
    "email.several": (
        N_("The cell contains more than one e-mail address."),
        N_("Keep one address in the cell; put the others with other contacts."),
    ),
    "postcode.shape": (
        N_("“%(found)s” is not a postcode."),
        N_("Enter the six digits of the postcode."),
    ),
    "postcode.leading_zero": (
        N_("The postcode had five digits; it was read as %(read)s."),
        N_("Check the postcode; a spreadsheet may have dropped a leading zero."),
    ),
    "url.shape": (
        N_("“%(found)s” is not a web address."),
        N_("Enter an address such as https://www.example.com."),
    ),
    "url.several": (
        N_("The cell contains more than one web address; the first was kept."),
        N_("Keep the address the customer is known by, and move the others to the note."),
    ),
    "url.scheme": (
        N_("“%(found)s” does not lead to a web page."),
        N_("Enter an address that begins with http:// or https://."),
    ),
    "date.shape": (
        N_("“%(found)s” is not a date."),
        N_("Write the date as year-month-day, such as 2019-03-05."),
    ),
    "date.no_such_day": (
        N_("There is no such day as “%(found)s”."),
        N_("Check month and day."),
    ),
    "date.partial": (
        N_("“%(found)s” names no day."),
        N_("Add month and day, such as 2019-03-05."),
    ),
    "date.order": (
        N_("“%(found)s” may mean two different days."),
        N_("Write the date as year-month-day, such as 2019-03-05."),
    ),
    "date.year_last": (
        N_("“%(found)s” has the year last; it was read as %(read)s."),
        N_("Check the date, and write it as year-month-day."),
    ),
    "date.two_digit_year": (
        N_("“%(found)s” has a year of two digits; it was read as %(read)s."),
        N_("Check the century, and write the year with four digits."),
    ),
    "date.range": (
        N_("The date lies outside the years %(earliest)s to %(latest)s."),
        N_("Check the year."),
    ),
    "capital.shape": (
        N_("“%(found)s” is not an amount of money."),
        N_("Write a number with its unit and currency, such as 200万元 or 5000万美元."),
    ),
    "capital.currencies": (
        N_("“%(found)s” names two currencies."),
        N_("Keep one currency."),
    ),
    "capital.range": (
        N_("The amount “%(found)s” is too large."),
        N_("Check the number and its unit."),
    ),
    "capital.unit": (
        N_("The amount “%(found)s” has no unit; it was read as yuan."),
        N_("Add the unit: 元 or 万元."),
    ),
    "capital.rounded": (
        N_("The amount “%(found)s” was rounded to hundredths."),
        N_("Check the decimals."),
    ),
    "region.unknown": (
        N_("“%(found)s” is not a region of the national list."),
        N_("Give province and city by name, or the six-digit code."),
    ),
    "region.ambiguous": (
        N_("Several regions bear the name “%(found)s”: %(candidates)s."),
        N_("Put the province or city before the name."),
    ),
    "region.partial": (
        N_("Only %(name)s was recognised; “%(rest)s” was not."),
        N_("Check the part that was not recognised."),
    ),
    "region.retired": (
        N_("The region %(name)s (%(code)s) was abolished in or after %(year)s."),
        N_("Give the present region, unless the value is meant to be the historic one."),
    ),
    "region.old_name": (
        N_("“%(found)s” is a former name of %(name)s."),
        N_("Nothing to do; the region is stored under its code."),
    ),
    "industry.unknown": (
        N_("“%(found)s” is not an industry of GB/T 4754-2017."),
        N_("Give the code, such as C13 or I6513, or the title of the section or division."),
    ),
    "industry.section": (
        N_("The letter does not belong to these digits; the code was read as %(read)s."),
        N_("Check the industry code."),
    ),
    "code.unknown": (
        N_("“%(found)s” is not in the list."),
        N_("Choose one of: %(choices)s."),
    ),
    "code.built": (
        N_("“%(found)s” is not built as the company builds this code."),
        N_("%(how)s"),
    ),
    "number.shape": (
        N_("“%(found)s” is not a number."),
        N_("Write digits only, such as 1500."),
    ),
    "number.whole": (
        N_("“%(found)s” is not a whole number."),
        N_("Write it without decimals."),
    ),
    "number.range": (
        N_("The number “%(found)s” is too large."),
        N_("Check the number and its unit."),
    ),
    "money.shape": (
        N_("“%(found)s” is not a sum of money in yuan."),
        N_("Write the sum in yuan, such as 1200.50 or 35万元."),
    ),
    "money.rounded": (
        N_("The sum “%(found)s” was rounded to fen."),
        N_("Check the decimals."),
    ),
    "percent.shape": (
        N_("“%(found)s” is not a percentage."),
        N_("Write a whole percentage, such as 85."),
    ),
    "percent.range": (
        N_("“%(found)s” lies outside 0 to 100 percent."),
        N_("Write a whole percentage from 0 to 100."),
    ),
    "yes_no.shape": (
        N_("“%(found)s” is neither yes nor no."),
        N_("Answer yes or no."),
    ),
    "field.uncollected": (
        N_("The regulation in force does not let “%(title)s” be collected."),
        N_("Leave it out."),
    ),
    "field.unknown": (
        N_("The data dictionary has no field “%(field)s”."),
        N_("Leave it out, or have the field added to the regulation first."),
    ),
    "field.required": (
        N_("This value is required and missing."),
        N_("Fill it in."),
    ),
    "customer.duplicate": (
        N_("This customer already has a dossier (%(code)s)."),
        N_("Change that dossier instead of opening a second one."),
    ),
    "customer.in_bin": (
        N_("A dossier of this customer lies in the recycle bin (%(code)s)."),
        N_("Have that dossier recovered instead of opening a second one."),
    ),
    "origin.required": (
        N_("The regulation asks where this value comes from and when it was learned."),
        N_("Give the source and the day under “Where it comes from”; in a file, the columns source and day learned."),
    ),
    "origin.unknown": (
        N_("The regulation knows no source “%(found)s”."),
        N_("Choose one of: %(choices)s."),
    ),
    "origin.partner": (
        N_("What comes by “%(source)s” was supplied by somebody outside, who is not named."),
        N_("Name the partner who supplied it."),
    ),
    "origin.document": (
        N_("A document goes with what comes by “%(source)s”, and none is given."),
        N_("Attach the document, or say under what number it is kept."),
    ),
    "origin.form": (
        N_("The form “%(form)s” belongs to what comes by “%(source)s”, and it is not named."),
        N_("Give the number under which the filled-in form is registered."),
    ),
    "origin.evidence": (
        N_("This value changes only with a supporting document."),
        N_("Attach the document the new value stands in, or say where it is kept."),
    ),
    "origin.future": (
        N_("The day it was learned, %(found)s, lies in the future."),
        N_("Check the day."),
    ),
    "origin.colleague": (
        N_("Nobody called “%(found)s” works here."),
        N_("Give the username of the colleague who supplied it."),
    ),
    "consent.required": (
        N_("This value serves the purpose “%(purpose)s”, and the person has not agreed to it."),
        N_("Ask the person, record the consent for “%(purpose)s” in the dossier, then enter the value."),
    ),
    "consent.older": (
        N_("The person withdrew on %(day)s what was agreed before."),
        N_("Ask the person anew and give the day of the new consent."),
    ),
    "verify.no_value": (
        N_("No value stands there that could be compared."),
        N_("Choose a value of the dossier; for one that is absent the result is “missing”."),
    ),
    "verify.document": (
        N_("This value counts as checked only against an original or an official source."),
        N_("Say what it was compared with, such as the business licence and its number."),
    ),
    "verify.required": (
        N_("This value has to be compared with an original or an official source before the dossier is filed."),
        N_("Compare it and record the check in the dossier."),
    ),
    "day.future": (
        N_("The day %(found)s lies in the future."),
        N_("Check the day."),
    ),
    "day.past": (
        N_("The day %(found)s is over."),
        N_("Check the day."),
    ),
    "row.too_many_cells": (
        N_("The row has %(count)s cells and the table %(width)s columns, so values may stand in the wrong column."),
        N_("Take out the cells that are too many, or put a cell that holds a separator into quotes."),
    ),
    "row.too_few_cells": (
        N_("The row has only %(count)s cells and the table %(width)s columns."),
        N_("Add the missing cells, empty ones too."),
    ),
    "row.quote_open": (
        N_("A quotation mark is opened in this row and never closed."),
        N_("Close it, or take it away."),
    ),
    "row.cell_too_long": (
        N_("A cell of this row is longer than any spreadsheet can hold."),
        N_("Shorten it; it may hold other rows by mistake."),
    ),
    "row.repeated": (
        N_("This customer stands in row %(row)s of the file already."),
        N_("Keep one of the rows."),
    ),
    "row.differs": (
        N_("This customer already has a dossier (%(code)s) with other values."),
        N_("Import with updating, or change the dossier by hand."),
    ),
    "cell.long_number": (
        N_("The number has more digits than a number cell of a spreadsheet can hold; its last digits are lost."),
        N_("Set the column to text, type the number again and import it again."),
    ),
    "gate.denied": (
        N_("The regulation does not allow it: %(detail)s (%(articles)s)"),
        N_("Ask somebody whose office it is, or leave the row out."),
    ),
    "gate.incomplete": (
        N_("The regulation asks for more here: %(missing)s (%(articles)s)"),
        N_("Give it with the import, or make this change by itself."),
    ),
    "form.answer": (
        N_("“%(found)s” cannot stand as an answer to “%(title)s”."),
        N_("Correct it in the file, or where the import gives it for all rows."),
    ),
    "gate.signature_unavailable": (
        N_("This row needs signatures that the batch does not carry (%(articles)s)."),
        N_("Import it again by itself, or make the change on the dossier; both are filed for signature."),
    ),
}
