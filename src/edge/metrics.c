/* Counts of requests, and the text that they are told in. */
#include "edge/metrics.h"

static const int64_t bucket_us[METRICS_BUCKETS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000};

void metrics_count(Metrics *metrics, int status, int64_t took_us)
{
    ASSERT(status >= 0);
    ASSERT(status < METRICS_STATUSES);
    int bucket = 0;
    while (bucket < METRICS_BUCKETS && took_us > bucket_us[bucket]) {
        bucket++;
    }
    atomic_fetch_add_explicit(&metrics->by_status[status], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->by_bucket[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->total_us, took_us, memory_order_relaxed);
}

static void head(Buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(Buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    head(out, name, type, help);
    buf_printf(out, "%s %lld\n", name, (long long)value);
}

static void requests_write(const Metrics *metrics, Buf *out)
{
    head(out, "guanxi_requests_total", "counter", "Requests answered, by status.");
    for (int s = 0; s < METRICS_STATUSES; s++) {
        int64_t count = atomic_load_explicit(&metrics->by_status[s], memory_order_relaxed);
        if (count > 0) {
            buf_printf(out, "guanxi_requests_total{status=\"%d\"} %lld\n", s, (long long)count);
        }
    }
}

static void seconds_write(const Metrics *metrics, Buf *out)
{
    head(out, "guanxi_request_seconds", "histogram", "From request line to end of answer.");
    int64_t count = 0;
    for (int b = 0; b <= METRICS_BUCKETS; b++) {
        count += atomic_load_explicit(&metrics->by_bucket[b], memory_order_relaxed);
        if (b < METRICS_BUCKETS) {
            buf_printf(out, "guanxi_request_seconds_bucket{le=\"%lld.%04lld\"} %lld\n",
                (long long)(bucket_us[b] / 1000000), (long long)(bucket_us[b] % 1000000 / 100),
                (long long)count);
        }
    }
    int64_t total_us = atomic_load_explicit(&metrics->total_us, memory_order_relaxed);
    buf_printf(out,
        "guanxi_request_seconds_bucket{le=\"+Inf\"} %lld\nguanxi_request_seconds_sum %lld.%06lld\n"
        "guanxi_request_seconds_count %lld\n",
        (long long)count, (long long)(total_us / 1000000), (long long)(total_us % 1000000),
        (long long)count);
}

void metrics_write(const Metrics *metrics, const MetricsGauges *gauges, Buf *out)
{
    const QueueFigures *queue = &gauges->queue;
    requests_write(metrics, out);
    seconds_write(metrics, out);
    single(out, "guanxi_writes_total", "counter", "Writes answered.", queue->writes);
    single(out, "guanxi_writes_refused_total", "counter", "Writes refused.", queue->refused);
    single(out, "guanxi_batches_total", "counter", "Commits.", queue->batches);
    single(out, "guanxi_writes_retried_total", "counter",
        "Writes done again alone after their batch was ended.", queue->retried);
    single(out, "guanxi_reads_total", "counter", "Reads.", queue->reads);
    single(out, "guanxi_writes_waiting", "gauge", "Writes that wait.", queue->waiting);
    single(out, "guanxi_read_only", "gauge", "1 when no write is taken until restart.",
        queue->is_read_only);
    single(
        out, "guanxi_disk_full", "gauge", "1 while writes fail for want of room.", queue->is_full);
    single(out, "guanxi_database_ready", "gauge", "0 while the database cannot be written to.",
        queue->standing == NULL);
    single(out, "guanxi_connections", "gauge", "Open connections.", gauges->connections);
    single(out, "guanxi_requests_active", "gauge", "Requests being served.", gauges->active);
}
