package eval

import (
	"fmt"
	"math/rand/v2"
)

// fillers stand where the sentences of a style leave a blank: parts of systems, and people's words for them.
var fillers = []string{"the scheduler", "the billing service", "the export job", "the login page", "the cache", "the gateway",
	"the report builder", "the mobile client", "the invoice archive", "the mail relay", "the search index", "the backup agent",
	"the payment form", "the sync worker", "the audit log", "the storage layer", "the admin console", "the session store",
	"the import wizard", "the metrics collector", "the label printer", "the warehouse scanner", "the route planner", "the time clock"}

// codeStyles are the identifiers that people look for in tickets, manuals, release notes and parts lists.
var codeStyles = []codeStyle{
	{
		name: "ticket",
		family: func(rng *rand.Rand, n int) []string {
			return around(rng, n, pick(rng, []string{"SPARK", "OPS", "CORE", "HR", "NET", "DATA", "PAY"})+"-%05d", 10_000, 99_999)
		},
		titles: []string{"%s: work stops after an update", "[%s] wrong totals in a report", "%s Time-out under load"},
		bare:   []string{"Work stops after an update", "Wrong totals in a report", "Time-out under load"},
		sentences: []string{"Ticket %s was opened because {x} stopped answering while {x} was being updated.",
			"The team that looks after {x} could reproduce it within {n} minutes.",
			"Restarting {x} helped for a while, then the same messages came back.",
			"The cause was a lock that {x} held while it waited for {x}.",
			"A fix went into the next release, and {x} has been stable for {n} days.",
			"As a workaround, set the limit of {x} to {n} and clear what {x} has kept.",
			"Customers were told by mail, and {n} of them had asked before."},
		questions: []string{"What was the cause of %s and how was it fixed?", "Is there a workaround for %s yet?",
			"Could you tell me which team worked on %s?"},
	},
	{
		name:   "error constant",
		family: errorConstants,
		titles: []string{"Error %s", "%s: what to do", "Troubleshooting %s"},
		bare:   []string{"An error when a file is saved", "What to do when an operation is refused", "Troubleshooting"},
		sentences: []string{"The program ends with %s when {x} asks for more than {x} allows.",
			"It is written to the log of {x} together with the time and the caller.",
			"Raise the limit of {x} to {n} and try again.",
			"If it comes back, look at the disk of {x}: it should be less than {n} percent full.",
			"It has nothing to do with rights: those have an error of their own.",
			"Older versions of {x} stopped without a message here.",
			"Support needs the log of {x} and the number of the attempt."},
		questions: []string{"Why do I get %s when saving a file?", "How can I get rid of the error %s?", "The log says %s, what does that mean?"},
	},
	{
		name: "section",
		family: func(rng *rand.Rand, n int) []string {
			return around(rng, n, fmt.Sprintf("§ %d.%%d", 1+rng.IntN(40)), 1, 30)
		},
		titles: []string{"Handbook %s", "House rules, %s", "Service regulations %s"},
		bare:   []string{"Handbook", "House rules", "Service regulations"},
		sentences: []string{"%s Whoever is responsible for {x} keeps a record of each change.",
			"The record names who asked for it, and is kept for {n} months.",
			"Exceptions for {x} need the consent of the head of the unit.",
			"Work on {x} is announced {n} hours ahead.",
			"Outside of working hours the person on call for {x} decides.",
			"Costs up to {n} euros need no further approval.",
			"The rule is reviewed once a year together with those for {x}."},
		questions: []string{"What does %s of the handbook say?", "Which record does %s ask for?", "Are there exceptions to %s?"},
	},
	{
		name: "version",
		family: func(rng *rand.Rand, n int) []string {
			return around(rng, n, fmt.Sprintf("v%d.%d.%%d", 1+rng.IntN(9), rng.IntN(30)), 0, 40)
		},
		titles: []string{"Release notes %s", "What is new in %s", "%s (maintenance release)"},
		bare:   []string{"Release notes", "What is new", "Maintenance release"},
		sentences: []string{"Release %s repairs an error in {x} that lost entries when {x} was restarted.",
			"{x} starts {n} percent faster.",
			"The settings of {x} are read again without a restart.",
			"Before the upgrade, stop {x} and keep a copy of its folder.",
			"Going back is possible for {n} days.",
			"Known problem: {x} shows an old name until {x} was opened once.",
			"Thanks to everyone who tried {x} ahead of time."},
		questions: []string{"What was repaired in %s?", "Can I go back after upgrading to %s?", "Which known problems does %s have?"},
	},
	{
		name: "part number",
		family: func(rng *rand.Rand, n int) []string {
			return around(rng, n, fmt.Sprintf("%s-%d-%c%%02d", pick(rng, []string{"HX", "TR", "KL", "BQ"}), 100*(1+rng.IntN(9)), 'A'+rune(rng.IntN(6))), 1, 80)
		},
		titles: []string{"Data sheet %s", "Spare part %s", "%s mounting kit"},
		bare:   []string{"Data sheet", "Spare part", "Mounting kit"},
		sentences: []string{"Part %s fits {x} and is delivered with screws.",
			"It may be used from {n} degrees below zero.",
			"Tighten the screws crosswise, and check them after {n} hours.",
			"For {x} another seal is needed, which is ordered separately.",
			"The part is in stock; delivery takes {n} days.",
			"It replaces the earlier form, whose holder broke in {x}.",
			"Keep the packaging until {x} has been tested."},
		questions: []string{"How long does delivery of %s take?", "Does %s come with screws?", "At which temperatures may %s be used?"},
	},
	{
		name: "status",
		family: func(rng *rand.Rand, n int) []string {
			return around(rng, n, "0x%08X", 0x80070000, 0x8007FFFF)
		},
		titles: []string{"Status %s", "Update fails with %s", "%s during installation"},
		bare:   []string{"An update fails", "A message during installation", "Installation stops"},
		sentences: []string{"The installation of {x} stops with %s at about {n} percent.",
			"Mostly {x} is still running and keeps a file open.",
			"End {x}, wait {n} seconds and start the installation again.",
			"On machines with little memory {x} has to be switched off, too.",
			"The log of the installation lies beside {x}.",
			"Removing {x} first is not necessary.",
			"If {n} attempts fail, use the full package."},
		questions: []string{"The installation stops with %s, what can I do?", "What causes status %s?", "Is there a full package that avoids %s?"},
	},
}

// errorConstants join parts; members of a family differ in one of them.
func errorConstants(rng *rand.Rand, n int) []string {
	areas := []string{"FS", "NET", "DB", "AUTH", "JOB", "QUOTA", "TLS", "MAIL", "CFG", "IO", "API", "MEM"}
	things := []string{"FILE", "FOLDER", "HANDLE", "RECORD", "STREAM", "BUFFER", "PACKET", "CERTIFICATE", "SESSION", "TOKEN"}
	faults := []string{"TOO_LARGE", "NOT_FOUND", "LOCKED", "EXPIRED", "TRUNCATED", "DENIED", "BUSY", "CORRUPT"}
	area, thing, trouble := pick(rng, areas), pick(rng, things), pick(rng, faults)
	varied := rng.IntN(3)
	var codes []string
	for i := range n {
		switch varied {
		case 0:
			area = areas[i%len(areas)]
		case 1:
			thing = things[i%len(things)]
		default:
			trouble = faults[i%len(faults)]
		}
		codes = append(codes, "ERR_"+area+"_"+thing+"_"+trouble)
	}
	return codes
}
