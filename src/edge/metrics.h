/* Counts of requests, for /metrics in Prometheus' text format. */
#ifndef GUANXI_EDGE_METRICS_H
#define GUANXI_EDGE_METRICS_H

#include "base/buf.h"
#include "op/queue.h"

#include <stdatomic.h>

enum { METRICS_STATUSES = 600, METRICS_BUCKETS = 12 };

typedef struct Metrics {
    _Atomic int64_t by_status[METRICS_STATUSES];
    _Atomic int64_t by_bucket[METRICS_BUCKETS + 1]; /* the last: slower than all */
    _Atomic int64_t total_us;
} Metrics;

void metrics_count(Metrics *metrics, int status, int64_t took_us);

typedef struct MetricsGauges {
    QueueFigures queue;
    int64_t connections;
    int64_t active;
} MetricsGauges;
void metrics_write(const Metrics *metrics, const MetricsGauges *gauges, Buf *out);

#endif
