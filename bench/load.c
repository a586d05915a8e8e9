/* Orders over HTTP: so many connections that are kept open, each of which sends its next order when
 * the one before is answered. Every answer's time is kept.
 *
 *     load PORT TOKEN CONNECTIONS ORDERS ACCOUNTS PRODUCTS SEED [RATE]
 *
 * With RATE so many orders a second at most: a connection whose order is answered early waits.
 * Prints: orders a second, p50, p99, p99.9 and the longest in milliseconds, connections that were
 * without an answer for a second, orders that were refused. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MAX = 16384, REQUEST_MAX = 2048, EVENTS_MAX = 256, STALL_US = 1000000 };
enum { PATIENCE_US = 60000000 };

typedef struct Connection {
    int socket;
    bool is_waiting;
    bool was_stalled;
    long long sent_us;
    size_t length;
    char answer[ANSWER_MAX + 1];
} Connection;

typedef struct Load {
    int port;
    const char *token;
    unsigned long connections;
    unsigned long orders;
    unsigned long accounts;
    unsigned long products;
    unsigned long long random;
    unsigned long sent;
    unsigned long answered;
    unsigned long refused;
    double rate; /* 0: as many as are answered */
    long long began_us;
    Connection **idle; /* whose next order is not due */
    unsigned long idle_count;
    long long *took_us;
    int poll;
} Load;

static void stop(const char *what)
{
    perror(what);
    exit(1);
}

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* xorshift */
static unsigned long draw(Load *load, unsigned long below)
{
    load->random ^= load->random << 13;
    load->random ^= load->random >> 7;
    load->random ^= load->random << 17;
    return (unsigned long)(load->random % below);
}

static void order_send(Load *load, Connection *to)
{
    char body[REQUEST_MAX / 2];
    char request[REQUEST_MAX];
    int size = snprintf(body, sizeof body,
        "{\"account\":\"D%lu\",\"lines\":[{\"product\":\"P%lu\",\"quantity\":%lu},"
        "{\"product\":\"P%lu\",\"quantity\":\"2.5\"},"
        "{\"product\":\"P%lu\",\"quantity\":1,\"unit_price\":\"9.99\"}]}",
        draw(load, load->accounts) + 1, draw(load, load->products) + 1, draw(load, 7) + 1,
        draw(load, load->products) + 1, draw(load, load->products) + 1);
    int length = snprintf(request, sizeof request,
        "POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
        "Idempotency-Key: %016llx-%lu\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s",
        load->port, load->token, load->random, load->sent, size, body);
    to->sent_us = now_us();
    to->is_waiting = true;
    to->length = 0;
    load->sent++;
    if (write(to->socket, request, (size_t)length) != length) {
        stop("load: a request was not taken");
    }
}

/* The size of the whole answer once its headers are there; 0: not yet. */
static size_t answer_size(const Connection *of)
{
    const char *end = strstr(of->answer, "\r\n\r\n");
    const char *size = strcasestr(of->answer, "\r\nContent-Length:");
    if (end == NULL || size == NULL || size > end) {
        return 0;
    }
    size += strlen("\r\nContent-Length:");
    return (size_t)(end - of->answer) + 4 + strtoul(size, NULL, 10);
}

/* Until the next order is due; not above 0: it is. */
static long long due_us(const Load *load)
{
    return load->rate > 0
               ? load->began_us + (long long)((double)load->sent * 1e6 / load->rate) - now_us()
               : 0;
}

/* The orders that are due, by whoever has nothing to do. */
static void orders_send(Load *load)
{
    while (load->idle_count > 0 && load->sent < load->orders && due_us(load) <= 0) {
        order_send(load, load->idle[--load->idle_count]);
    }
}

static void answer_count(Load *load, Connection *of)
{
    long long took = now_us() - of->sent_us;
    of->is_waiting = false;
    of->was_stalled = of->was_stalled || took >= STALL_US;
    load->took_us[load->answered++] = took;
    if (strncmp(of->answer, "HTTP/1.1 201 ", strlen("HTTP/1.1 201 ")) != 0) {
        if (load->refused++ == 0) {
            fprintf(stderr, "load: %s\n", of->answer);
        }
    }
    load->idle[load->idle_count++] = of;
    orders_send(load);
}

static void answer_read(Load *load, Connection *of)
{
    ssize_t size = read(of->socket, of->answer + of->length, ANSWER_MAX - of->length);
    if (size <= 0) {
        stop("load: a connection was closed");
    }
    of->length += (size_t)size;
    of->answer[of->length] = '\0';
    size_t whole = answer_size(of);
    if (whole > 0 && of->length >= whole) {
        answer_count(load, of);
    }
}

static void connection_open(Load *load, Connection *made)
{
    int on = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)load->port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    made->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (made->socket < 0 || connect(made->socket, (struct sockaddr *)&at, sizeof at) != 0) {
        stop("load: no connection");
    }
    (void)setsockopt(made->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = made};
    if (epoll_ctl(load->poll, EPOLL_CTL_ADD, made->socket, &event) != 0) {
        stop("load: epoll_ctl");
    }
}

static int by_time(const void *a, const void *b)
{
    long long left = *(const long long *)a;
    long long right = *(const long long *)b;
    return (left > right) - (left < right);
}

static double part_ms(const Load *load, double part)
{
    size_t at = (size_t)((double)(load->answered - 1) * part);
    return (double)load->took_us[at] / 1000;
}

static void result_print(Load *load, const Connection *all, long long took_us)
{
    unsigned long stalled = 0;
    for (unsigned long i = 0; i < load->connections; i++) {
        stalled += all[i].was_stalled || all[i].is_waiting ? 1 : 0;
    }
    qsort(load->took_us, load->answered, sizeof *load->took_us, by_time);
    printf("%.0f %.2f %.2f %.2f %.2f %lu %lu\n", (double)load->answered * 1e6 / (double)took_us,
        part_ms(load, 0.5), part_ms(load, 0.99), part_ms(load, 0.999), part_ms(load, 1), stalled,
        load->refused);
}

/* Milliseconds to wait for answers at most. */
static int patience(const Load *load)
{
    long long due = load->idle_count > 0 && load->sent < load->orders ? due_us(load) : 1000000;
    return due <= 0 ? 0 : (int)(due / 1000) + 1;
}

static void run(Load *load, Connection *all)
{
    struct epoll_event events[EVENTS_MAX];
    load->began_us = now_us();
    for (unsigned long i = 0; i < load->connections; i++) {
        load->idle[load->idle_count++] = &all[i];
    }
    orders_send(load);
    while (load->answered < load->orders && now_us() - load->began_us < PATIENCE_US) {
        int count = epoll_wait(load->poll, events, EVENTS_MAX, patience(load));
        for (int i = 0; i < count; i++) {
            answer_read(load, events[i].data.ptr);
        }
        orders_send(load);
    }
    if (load->answered == 0) {
        fprintf(stderr, "load: nothing was answered\n");
        exit(1);
    }
    result_print(load, all, now_us() - load->began_us);
}

int main(int count, char **words)
{
    if (count != 8 && count != 9) {
        fprintf(
            stderr, "usage: load PORT TOKEN CONNECTIONS ORDERS ACCOUNTS PRODUCTS SEED [RATE]\n");
        return 2;
    }
    Load load = {.port = (int)strtol(words[1], NULL, 10),
        .token = words[2],
        .connections = strtoul(words[3], NULL, 10),
        .orders = strtoul(words[4], NULL, 10),
        .accounts = strtoul(words[5], NULL, 10),
        .products = strtoul(words[6], NULL, 10),
        .random = strtoull(words[7], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1,
        .rate = count == 9 ? strtod(words[8], NULL) : 0,
        .poll = epoll_create1(0)};
    Connection *all = calloc(load.connections, sizeof *all);
    load.took_us = calloc(load.orders, sizeof *load.took_us);
    load.idle = calloc(load.connections, sizeof(Connection *));
    if (all == NULL || load.took_us == NULL || load.idle == NULL) {
        stop("load: no memory");
    }
    for (unsigned long i = 0; i < load.connections; i++) {
        connection_open(&load, &all[i]);
    }
    run(&load, all);
    free(load.took_us);
    free(load.idle);
    free(all);
    return 0;
}
