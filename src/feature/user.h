/* What other features need of users. */
#ifndef GUANXI_FEATURE_USER_H
#define GUANXI_FEATURE_USER_H

#include "base/ctx.h"

/* ERR_FIELD_INVALID `password`: too short or long, known to everybody, or the user's own name. */
Err user_password_check(Ctx *cx, const char *password, const char *name) MUST_CHECK;

#endif
