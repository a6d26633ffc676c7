package chunk

import "strings"

// wordSet is a set of lower-case words.
type wordSet map[string]struct{}

func (s wordSet) has(word string) bool {
	_, ok := s[word]
	return ok
}

func words(list string) wordSet {
	set := wordSet{}
	for word := range strings.FieldsSeq(list) {
		set[word] = struct{}{}
	}
	return set
}

// abbreviations never end a sentence: something always follows.
var abbreviations = words(`
	mr mrs ms dr prof rev hon st messrs gen col capt lt sgt vs viz approx dept est e.g i.e cf ext tel fax ave blvd incl
	hr fr frl dipl ing bzw ca vgl ggf inkl exkl evtl zzgl lt gem d.h z.b u.a i.d.r z.t s.o s.u v.a o.ä m.e sog bspw
	tägl monatl jährl geb usf zw resp einschl vorm nachm entspr allg
	m mme mlle mm me env éd cad p.ex
	sr sra srta dra ud uds ej aprox avda pág
	sig dott avv
	т.е т.к т.н им ул напр др
	dhr mevr bijv mw o.a d.w.z`)

// endingAbbreviations end a sentence if a capital follows.
var endingAbbreviations = words(`etc et.al al inc ltd co corp llc jr a.m p.m am pm b.v n.v s.a s.l usw u.s.w u.a.m min max
	ecc ff enz т.д т.п ph.d d.c`)

// numberAbbreviations stand before a number; before anything else they are a word, or end a sentence.
var numberAbbreviations = words(`no nos nr nrn art arts sec secs fig figs p pp vol ch par paras para abs ziff ziffer kap tab
	abb s anh § núm n num стр п ст г рис app eq item`)

// months follow a German ordinal, and so do a few other words.
var months = words(`januar jänner februar märz april mai juni juli august september oktober november dezember
	jan feb mär apr jun jul aug sep sept okt nov dez quartal halbjahr jahrhundert tag monat lebensjahr absatz
	janvier enero gennaio januari ledna stycznia`)

// beforeOrdinals stand before a German ordinal.
var beforeOrdinals = words(`am der die das den dem des im zum zur vom bis ab seit und oder jeder jede jedes jeden ein eine einem einer`)
