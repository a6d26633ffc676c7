"""Writes the handbook's Word and PDF files. Their text stands here, so that a change to it can be read in a diff.

    pip install python-docx==1.2.0 reportlab==5.1.0
    python examples/make_documents.py

The output is the same on every run: time stamps are fixed.
"""

import datetime
import pathlib
import zipfile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen import canvas
from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FOLDER = pathlib.Path(__file__).parent / "handbook"

VACATION_2025 = [
    ("h1", "Vacation Policy"),
    ("p", "This policy replaces the one of 2024. It applies from 1 January 2025 in all offices of Tannvik Instruments."),
    ("h2", "Entitlement"),
    ("p", "Full-time employees receive 25 days of paid vacation per calendar year. Public holidays do not count as vacation."),
    ("p", "Part-time employees receive vacation in proportion to their working days. Someone who works three days a week "
          "receives 15 days. Employees who join or leave during the year receive one twelfth of the yearly entitlement "
          "for each full month."),
    ("p", "The entitlement grows with the time that you have been with the company:"),
    ("table", [("Years with the company", "Additional days"), ("5 to 9", "1"), ("10 or more", "2")]),
    ("h2", "Requesting vacation"),
    ("ol", ["Agree the dates with your team, so that somebody can take over urgent work.",
            "Enter the request in the HR portal at least ten working days before the first day.",
            "Your manager approves or declines it within five working days. Without an answer it counts as approved."]),
    ("p", "A request may be declined only for a reason that is written into the portal. If more people want the same weeks "
          "than the team can spare, parents of school children go first during the school holidays."),
    ("h2", "Unused days"),
    ("p", "Up to 5 unused days are carried over into the next year. They must be taken by 31 March and lapse after that date."),
    ("h2", "Illness during vacation"),
    ("p", "Days on which you are ill do not count as vacation if you hand in a doctor's certificate that covers them."),
    ("h2", "Special leave"),
    ("p", "On these occasions you receive paid leave that does not count as vacation:"),
    ("ul", ["your wedding or registered partnership: 2 days",
            "moving house: 1 day a year",
            "the death of a parent, partner or child: 4 days"]),
]

TRAVEL = [
    ("h1", "Travel Expenses"),
    ("p", "This guideline says what Tannvik Instruments pays when you travel for work, and how you get the money back. It "
          "applies to trips that begin on or after 1 July 2025."),
    ("h2", "Before the trip"),
    ("p", "Trips of more than 500 euros need your manager's approval in the travel tool. Book trains, flights and hotels "
          "there too: it knows our rates, and the company is billed directly."),
    ("h2", "Transport"),
    ("ul", ["Trains come first for journeys of up to six hours. First class is permitted from three hours on.",
            "Flights are booked in economy class; premium economy is permitted from eight hours of flight time on.",
            "A private car is paid with 0.38 euros per kilometre, which covers everything but parking and tolls.",
            "Taxis are paid between 22:00 and 6:00, with heavy equipment, or where no bus or train goes."]),
    ("h2", "Hotels and meals"),
    ("p", "Hotel costs are paid up to the limit of the country, breakfast included. For meals you receive a flat daily "
          "allowance; receipts are not needed. On the days of departure and return the allowance is half. It is cut by "
          "40 % for each lunch or dinner that somebody else has paid for."),
    ("p", "The limits per country in euros are:"),
    ("table", [("Country", "Hotel per night", "Meals per day"), ("Austria", "140", "50"), ("Denmark", "190", "75"),
               ("Finland", "160", "58"), ("France", "165 (Paris 210)", "58"), ("Germany", "150", "42"), ("Italy", "155", "48"),
               ("Netherlands", "170", "54"), ("Norway", "195", "80"), ("Poland", "120", "40"), ("Sweden", "175", "66"),
               ("Switzerland", "220", "78"), ("United Kingdom", "190 (London 240)", "62"), ("United States", "230", "70")]),
    ("p", "For other countries ask the People Team before you book."),
    ("h2", "Customers and gifts"),
    ("p", "Meals with customers are paid up to 60 euros per person. Write the names and the occasion on the receipt. Gifts "
          "to customers may cost up to 35 euros per person and year; gifts to public officials are not permitted."),
    ("h2", "Getting the money back"),
    ("ol", ["Photograph the receipts with the expenses app on the day itself.",
            "Hand in the report within 30 days after the trip. Form TE-12 is for those without the app.",
            "The money comes with the salary of the month after; amounts above 1,000 euros within ten working days."]),
    ("p", "Reports that come later than 90 days after the trip are not paid. Lost receipts are replaced by form TE-15, "
          "signed by your manager, up to 50 euros each."),
    ("h2", "What is not paid"),
    ("p", "Fines, minibar, upgrades at your own wish, and travel between home and office are not paid."),
]

VACATION_2026 = [
    ("h1", "Vacation Policy"),
    ("p", "Time off is part of good work. This policy says how much paid vacation the employees of Tannvik Instruments "
          "receive, how it is planned and requested, and what happens to days that are left. It takes effect on "
          "1 January 2026 and replaces the revision of 2025. It applies in all our offices; where the law of a country "
          "gives more, the law applies."),
    ("h2", "Entitlement"),
    ("p", "Full-time employees receive 28 days of paid vacation per calendar year. Public holidays do not count as "
          "vacation, and neither do 24 and 31 December, on which the offices are closed."),
    ("p", "Part-time employees receive vacation in proportion to their working days. Someone who works three days a week "
          "receives 16.8 days, which is rounded up to 17. Employees who join or leave during the year receive one twelfth "
          "of the yearly entitlement for each full month; a started day is rounded up."),
    ("p", "The entitlement grows with the time that you have been with the company:"),
    ("table", [("Years with the company", "Additional days", "Total for full-time employees"), ("less than 3", "none", "28"),
               ("3 to 7", "1", "29"), ("8 to 14", "3", "31"), ("15 or more", "4", "32")]),
    ("p", "Employees with a recognised severe disability receive five further days."),
    ("h2", "Planning the year"),
    ("p", "Each team collects its wishes for the coming year by 30 November. At least ten working days are taken in one "
          "piece, because shorter breaks do not let anybody rest. If more people want the same weeks than the team can "
          "spare, the manager finds a solution with them; parents of school children go first during the school holidays, "
          "and whoever gave way goes first the next time."),
    ("p", "The workshop in Bergen closes for two weeks in July, and the calibration laboratory between Christmas and New "
          "Year. Employees there take at most 12 days of their vacation in these periods."),
    ("h2", "Requesting vacation"),
    ("ol", ["Agree the dates with your team and name a deputy, so that somebody can take over urgent work.",
            "Enter the request in the HR portal: at least ten working days before the first day for vacation of more than "
            "three days, and at least three working days before for a shorter one.",
            "Your manager approves or declines it within three working days. Without an answer it counts as approved."]),
    ("p", "A request may be declined only for a reason that is written into the portal, together with other dates that "
          "are possible. Vacation that has been approved is withdrawn only if the employee agrees; the company then pays "
          "the costs of cancelling."),
    ("h2", "While you are away"),
    ("p", "Nobody is expected to read messages during vacation. Set an automatic reply that names your deputy. The mail "
          "system can hold messages back until you return; ask the service desk for it."),
    ("h2", "Unused days"),
    ("p", "Up to 8 unused days are carried over into the next year. They must be taken by 30 June and lapse after that "
          "date. Days that could not be taken because of illness or parental leave are kept for 15 months after the end "
          "of the year."),
    ("p", "Vacation is not paid out, except for days that are left when the contract ends."),
    ("h2", "Buying days"),
    ("p", "Employees may buy up to 5 additional days of vacation per year. The salary of the year is then reduced by one "
          "260th for each day, spread over twelve months. The choice is made in the HR portal by 15 December for the "
          "coming year and cannot be changed later."),
    ("h2", "Illness during vacation"),
    ("p", "Days on which you are ill do not count as vacation if you hand in a doctor's certificate that covers them. It "
          "may come from abroad and may be in any language. Report the illness on its first day, as from work."),
    ("h2", "Special leave"),
    ("p", "On these occasions you receive paid leave that does not count as vacation:"),
    ("ul", ["your wedding or registered partnership: 2 days",
            "the birth of your child: 10 days, within eight weeks",
            "moving house: 1 day a year",
            "the death of a parent, partner, child or sibling: 5 days",
            "voluntary service with fire brigade or rescue: as long as it takes"]),
    ("h2", "Questions"),
    ("p", "The People Team answers questions on extension 2100 and decides in cases that this policy does not cover. The "
          "works council has agreed to this revision."),
]

PARENTAL = [
    ("h1", "Parental Leave"),
    ("p", "This policy is for all parents: mothers and fathers, those who adopt and those who take a child into foster "
          "care. It applies to children born or taken in on or after 1 January 2025, in addition to what the law gives."),
    ("h2", "Paid leave"),
    ("p", "Each parent receives 16 weeks of parental leave at full pay. The weeks may be taken in up to three parts before "
          "the child's second birthday. For twins the leave is 20 weeks."),
    ("p", "The parent who gives birth receives in addition the maternity leave that the law of the country provides, six "
          "weeks before and at least eight weeks after the birth, also at full pay."),
    ("h2", "Unpaid leave"),
    ("p", "Parents may take unpaid leave of up to three years in total, until the child's eighth birthday. The job, or one "
          "of the same value, is kept. Pension contributions are paid on by the company for the first twelve months."),
    ("h2", "Giving notice"),
    ("table", [("What", "Notice", "How"), ("Expected birth", "as early as you like, at the latest 12 weeks before", "People Team"),
               ("Paid leave", "7 weeks before it begins", "HR portal, form PL-3"),
               ("Unpaid leave", "13 weeks before it begins", "HR portal, form PL-4"),
               ("Change of dates", "4 weeks", "with the manager's agreement")]),
    ("p", "A child that arrives early does not keep to notice periods, and neither must its parents: the leave then begins "
          "at once, and the form follows."),
    ("h2", "Before and after"),
    ("p", "Expectant mothers do not work with solvents, lift more than 5 kilograms or work at night. The manager and the "
          "company doctor write down within a week what has to change at the workplace."),
    ("p", "During leave you decide how much you want to hear from us. Your manager agrees that with you before you leave: "
          "nothing at all, a call each month, or invitations to team events. Laptop and badge stay with you."),
    ("p", "Returning parents may work 60 or 80 % for up to 24 months, and go back to full time afterwards without having to "
          "ask for it. On the first day back there is a talk about what has changed, and no targets are set for the first "
          "four weeks."),
    ("h2", "Child care"),
    ("p", "The company pays 250 euros a month towards a nursery or childminder until the child starts school. In Bergen we "
          "hold twelve places at the nursery Fjellet; ask for the waiting list early."),
    ("ul", ["A parent-child room is on floor 2 in both offices.",
            "Nursing breaks are working time.",
            "Each parent has ten paid days a year for a child that is ill, as far as the law does not give more."]),
    ("h2", "Questions"),
    ("p", "Ask the People Team on extension 2100. Nobody has to tell their manager first."),
]


def write_docx(name, title, number, content, written):
    doc = Document()
    properties = doc.core_properties
    properties.title, properties.author, properties.comments = title, "Tannvik Instruments, People Team", ""
    properties.created = properties.modified = datetime.datetime.fromisoformat(written)
    properties.last_modified_by, properties.revision = properties.author, 1
    section = doc.sections[0]
    section.header.paragraphs[0].text = f"Tannvik Instruments\t\t{number}"
    section.footer.paragraphs[0].text = "Internal. Printed copies are not kept up to date."
    section.footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, value in content:
        if kind in ("h1", "h2"):
            doc.add_heading(value, level=int(kind[1]))
        elif kind == "p":
            doc.add_paragraph(value)
        elif kind in ("ul", "ol"):
            for item in value:
                doc.add_paragraph(item, style="List Bullet" if kind == "ul" else "List Number")
        elif kind == "table":
            table = doc.add_table(rows=0, cols=len(value[0]), style="Table Grid")
            for row in value:
                for cell, text in zip(table.add_row().cells, row):
                    cell.text = text
            for cell in table.rows[0].cells:
                cell.paragraphs[0].runs[0].bold = True
            doc.add_paragraph()
    path = FOLDER / name
    doc.save(path)
    fix_times(path)


def fix_times(path):
    """Packs the file again without the time of day."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist() if "thumbnail" not in info.filename]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            if name == "_rels/.rels":
                data = b"".join(p for p in data.replace(b"<Relationship ", b"\0<Relationship ").replace(b"</Relationships>", b"\0</Relationships>").split(b"\0") if b"thumbnail" not in p)
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)


class NumberedCanvas(canvas.Canvas):
    """Draws header and footer when the number of pages is known."""

    def __init__(self, *args, header, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.header, self.number, self.states = header, number, []

    def showPage(self):
        self.states.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for page, state in enumerate(self.states, 1):
            self.__dict__.update(state)
            self.setFont("Helvetica", 8)
            self.drawString(22 * mm, A4[1] - 14 * mm, self.header)
            self.drawString(22 * mm, 12 * mm, self.number)
            self.drawRightString(A4[0] - 22 * mm, 12 * mm, f"Page {page} of {len(self.states)}")
            super().showPage()
        super().save()


def write_pdf(name, title, number, content):
    styles = getSampleStyleSheet()
    styles["BodyText"].fontSize, styles["BodyText"].leading = 10.5, 14.5
    story = []
    for kind, value in content:
        if kind in ("h1", "h2"):
            story.append(Paragraph(value, styles["Heading" + kind[1]]))
        elif kind == "p":
            story.append(Paragraph(value, styles["BodyText"]))
        elif kind in ("ul", "ol"):
            items = [ListItem(Paragraph(text, styles["BodyText"])) for text in value]
            how = {"bulletType": "1", "bulletFormat": "%s."} if kind == "ol" else {"bulletType": "bullet", "start": "•"}
            story.append(ListFlowable(items, leftIndent=14, bulletFontSize=10, **how))
        elif kind == "table":
            cells = [[Paragraph(f"<b>{c}</b>" if n == 0 else c, styles["BodyText"]) for c in row] for n, row in enumerate(value)]
            grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
            story += [Spacer(1, 2 * mm), Table(cells, style=grid, repeatRows=1), Spacer(1, 3 * mm)]
    doc = SimpleDocTemplate(str(FOLDER / name), pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=24 * mm,
                            bottomMargin=22 * mm, title=title, author="Tannvik Instruments, People Team", invariant=1, lang="en")
    doc.build(story, canvasmaker=lambda *a, **k: NumberedCanvas(*a, header=f"Tannvik Instruments · {title}", number=number, **k))


if __name__ == "__main__":
    write_docx("vacation-policy-2025.docx", "Vacation Policy", "HR-POL-02, revision 2", VACATION_2025, "2024-11-18")
    write_docx("travel-expenses.docx", "Travel Expenses", "FIN-GL-07", TRAVEL, "2025-06-02")
    write_pdf("vacation-policy-2026.pdf", "Vacation Policy", "HR-POL-02, revision 3", VACATION_2026)
    write_pdf("parental-leave.pdf", "Parental Leave", "HR-POL-05", PARENTAL)
