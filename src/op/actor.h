/* Who acts, and what roles may do. Roles are sets of permissions; both lists stand here alone. */
#ifndef GUANXI_OP_ACTOR_H
#define GUANXI_OP_ACTOR_H

#include "base/ctx.h"

typedef enum Role {
    ROLE_NONE,
    ROLE_ADMIN,
    ROLE_MANAGER,
    ROLE_SALES,
    ROLE_CREDIT,
    ROLE_COLLECTIONS,
    ROLE_FINANCE,
    ROLE_VIEWER,
    ROLE_PARTNER,
    ROLE_SYSTEM, /* the program and the command line on its own database: all rights, no consents */
    ROLE_COUNT
} Role;

extern const char
    *const role_names[]; /* "", "admin", … "partner", NULL: as FIELD_ENUM wants; no "system" */

typedef enum Perm {
#define PERM(name, roles, doc) PERM_##name,
#include "op/perm.def"
#undef PERM
    PERM_COUNT
} Perm;

typedef struct Actor {
    Id user_id; /* 0: the system */
    const char *name;
    Role role;
    Id partner_id;        /* ROLE_PARTNER: its own partner */
    bool has_territories; /* rows are limited to them */
    Id session_id;        /* 0: came with a token or by the command line */
    bool is_session_due;  /* it was used, and that has not been written for a while */
} Actor;

/* A session ends when nobody used it for this long, and in any case; that it was used is written
 * no oftener than so. */
enum {
    SESSION_IDLE_MS = 60 * 60 * 1000,
    SESSION_TOUCH_MS = 5 * 60 * 1000,
    SESSION_MS = 12 * 60 * 60 * 1000,
};

extern const Actor actor_system;
bool actor_may(const Actor *actor, Perm perm);
bool role_may(Role role, Perm perm);
Role role_by_name(const char *name); /* ROLE_NONE when unknown */
const char *perm_name(Perm perm);

#endif
