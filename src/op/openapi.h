/* The two parts of the OpenAPI document: its schemas, and its operations. Private to op/. */
#ifndef GUANXI_OP_OPENAPI_H
#define GUANXI_OP_OPENAPI_H

#include "base/json.h"
#include "op/op.h"

/* What an input and an output of the same struct may say differs (members that are only shown,
 * integers taken for decimals, null), so each direction has components of its own. */
typedef enum Direction { GIVEN, SHOWN } Direction;

/* A schema of components.schemas. */
typedef struct Component {
    const char *name;
    const Schema *schema;
    Direction direction;
    const char *path; /* members named in it are left out: they are no part of the body */
} Component;

typedef struct Document {
    Arena *arena;
    JsonWriter w;
    Component *components;
    size_t component_count;
    size_t component_size;
} Document;

/* ---- openapi_schema.c ---- */

/* Finds all schemas that operations with a route use. */
void openapi_collect(Document *doc);
/* Writes them as the members of components.schemas. */
void openapi_components(Document *doc);
/* {"$ref": …}; path: of the operation whose body it is, else NULL. */
void openapi_ref(Document *doc, const Schema *schema, Direction direction, const char *path);
/* The schema of one member. */
void openapi_value(Document *doc, const Field *field, Direction direction);
bool openapi_is_in_path(const char *path, const char *name);
/* Whether the operation takes a body: some member that its path does not carry. */
bool openapi_has_body(const Op *op);
bool openapi_body_is_required(const Op *op);
void openapi_member(JsonWriter *w, const char *key, const char *text);

#endif
