/* Pages and scripts of the web interface, from memory. */
#include "edge/static.h"

#include "base/crypto.h"

#include <string.h>

enum { TAG_BYTES = 8, TAG_SIZE = 2 * TAG_BYTES + 3 };

struct Static {
    char (*tags)[TAG_SIZE]; /* one an asset, quoted */
};

Static *static_start(Arena *arena)
{
    Static *files = arena_alloc(arena, sizeof *files);
    files->tags = arena_array(arena, assets_count, sizeof *files->tags);
    for (size_t i = 0; i < assets_count; i++) {
        Bytes content = {assets[i].data, assets[i].size};
        Hash hash = crypto_digest(&content, 1);
        char hex[2 * TAG_BYTES + 1];
        crypto_hex(hash.bytes, TAG_BYTES, hex);
        snprintf(files->tags[i], sizeof files->tags[i], "\"%s\"", hex);
    }
    return files;
}

static const Asset *asset_find(const char *path)
{
    size_t low = 0;
    size_t high = assets_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(assets[middle].path, path);
        if (order == 0) {
            return &assets[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* The build names a file by its content, "app-5F3K2Q7A.js": such a name never changes its
 * meaning. */
static bool is_named_by_content(const char *path)
{
    const char *dash = strrchr(path, '-');
    return dash != NULL && strcspn(dash + 1, ".") == 8 &&
           strspn(dash + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == 8;
}

bool static_answer(const Static *files, HttpRequest *request, const char *path)
{
    const char *accept = http_header(request, "Accept");
    const Asset *asset = asset_find(path);
    if (asset == NULL && accept != NULL && strstr(accept, "text/html") != NULL) {
        asset = asset_find("/index.html");
    }
    if (asset == NULL && strcmp(path, "/") == 0) {
        asset = asset_find("/index.html");
    }
    if (asset == NULL) {
        return false;
    }
    const char *tag = files->tags[asset - assets];
    const char *known = http_header(request, "If-None-Match");
    bool is_known = known != NULL && strstr(known, tag) != NULL;
    request->reply.status = is_known ? 304 : 200;
    request->reply.body = (const char *)asset->data;
    request->reply.size = is_known ? 0 : asset->size;
    http_reply_header(request, "Content-Type", asset->type);
    http_reply_header(request, "ETag", tag);
    http_reply_header(request, "Cache-Control",
        is_named_by_content(asset->path) ? "public, max-age=31536000, immutable" : "no-cache");
    http_reply_header(request, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'");
    return true;
}
