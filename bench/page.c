/* Pages over HTTP: each is some requests one after another on a connection that is kept open, about
 * an account that is drawn for it.
 *
 *     page PORT TOKEN PAGES ACCOUNTS SEED PATH...
 *
 * A PATH is what stands behind /api/v1/; %s in it is the account's code. Accounts are D1 and so on,
 * so many as are named. Prints the p50, the p99 and the longest time of a page in milliseconds. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, REQUEST_MAX = 2048, PATH_MAX_SIZE = 1024 };

typedef struct Reader {
    int socket;
    int port;
    const char *token;
    char piece[PIECE + 1];
} Reader;

static void stop(const char *what)
{
    perror(what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* xorshift */
static unsigned long draw(unsigned long long *random, unsigned long below)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (unsigned long)(*random % below);
}

static void connection_open(Reader *reader)
{
    int on = 1;
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)reader->port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    reader->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (reader->socket < 0 || connect(reader->socket, (struct sockaddr *)&at, sizeof at) != 0) {
        stop("page: no connection");
    }
    (void)setsockopt(reader->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static size_t piece_read(Reader *reader, size_t held)
{
    ssize_t size = read(reader->socket, reader->piece + held, PIECE - held);
    if (size <= 0) {
        stop("page: the connection was closed");
    }
    return (size_t)size;
}

/* All of an answer, which is thrown away; it has to be a 200. */
static void answer_read(Reader *reader)
{
    size_t held = 0;
    const char *end = NULL;
    while (end == NULL) {
        held += piece_read(reader, held);
        reader->piece[held] = '\0';
        end = strstr(reader->piece, "\r\n\r\n");
    }
    const char *size = strcasestr(reader->piece, "\r\nContent-Length:");
    if (strncmp(reader->piece, "HTTP/1.1 200 ", 13) != 0 || size == NULL) {
        fprintf(stderr, "page: %s\n", reader->piece);
        exit(1);
    }
    size_t whole = strtoul(size + 17, NULL, 10) + (size_t)(end - reader->piece) + 4;
    while (held < whole) {
        held += piece_read(reader, 0);
    }
}

/* The account's code takes the place of each %s. */
static void path_make(char made[PATH_MAX_SIZE], const char *path, const char *code)
{
    size_t length = 0;
    for (const char *at = path; *at != '\0' && length + strlen(code) + 1 < PATH_MAX_SIZE;) {
        if (strncmp(at, "%s", 2) == 0) {
            memcpy(made + length, code, strlen(code));
            length += strlen(code);
            at += 2;
        } else {
            made[length++] = *at++;
        }
    }
    made[length] = '\0';
}

static void part_ask(Reader *reader, const char *path, const char *code)
{
    char made[PATH_MAX_SIZE];
    char request[REQUEST_MAX];
    path_make(made, path, code);
    int length = snprintf(request, sizeof request,
        "GET /api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n", made,
        reader->port, reader->token);
    if (write(reader->socket, request, (size_t)length) != length) {
        stop("page: a request was not taken");
    }
    answer_read(reader);
}

static int by_time(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(int count, char **words)
{
    static Reader reader;
    if (count < 7) {
        fprintf(stderr, "usage: page PORT TOKEN PAGES ACCOUNTS SEED PATH...\n");
        return 2;
    }
    reader.port = (int)strtol(words[1], NULL, 10);
    reader.token = words[2];
    size_t pages = strtoul(words[3], NULL, 10);
    unsigned long accounts = strtoul(words[4], NULL, 10);
    unsigned long long random = strtoull(words[5], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    double *took = calloc(pages, sizeof *took);
    if (pages == 0 || took == NULL) {
        stop("page: no memory");
    }
    connection_open(&reader);
    for (size_t i = 0; i < pages; i++) {
        char code[32];
        (void)snprintf(code, sizeof code, "D%lu", draw(&random, accounts) + 1);
        double began = now_ms();
        for (int part = 6; part < count; part++) {
            part_ask(&reader, words[part], code);
        }
        took[i] = now_ms() - began;
    }
    qsort(took, pages, sizeof *took, by_time);
    printf("%.2f %.2f %.2f\n", took[pages / 2], took[(pages - 1) * 99 / 100], took[pages - 1]);
    free(took);
    return close(reader.socket);
}
