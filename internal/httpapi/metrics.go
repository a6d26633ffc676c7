package httpapi

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"clearwell/internal/answer"
)

// metrics counts requests and answers for one server.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	answers  *prometheus.CounterVec
	dropped  prometheus.Counter
}

func newMetrics(others []prometheus.Collector) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clearwell_http_requests_total", Help: "Requests by method, route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "clearwell_http_request_duration_seconds", Help: "Time until the response was written, by route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route"}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clearwell_answers_total", Help: "Questions by outcome: answered, abstained, failed.",
		}, []string{"outcome"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "clearwell_citations_dropped_total", Help: "Citations that pointed nowhere or quoted what wasn't there.",
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.answers, m.dropped,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(others...)
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

var countedMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// observe counts a request. Methods and addresses that clients make up fall together, or each would be a series.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if !slices.Contains(countedMethods, method) {
		method = "other"
	}
	if route == "" || route == "/*" {
		route = "site"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) answered(a answer.Answer) {
	outcome := "answered"
	if a.Abstained {
		outcome = "abstained"
	}
	m.answers.WithLabelValues(outcome).Inc()
	m.dropped.Add(float64(a.Dropped))
}

func (m *metrics) failed() { m.answers.WithLabelValues("failed").Inc() }
