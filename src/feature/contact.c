/* Contacts: the people at a partner. */
#include "feature/features.h"

#include "feature/shown.h"
#include "feature/search.h"
#include "op/op.h"
#include "op/run.h"

typedef struct Contact {
    Id id;
    Ref partner;
    const char *partner_name;
    const char *name;
    const char *title;
    const char *phone;
    const char *email;
    const char *note;
    const char *fields;
    int64_t version;
} Contact;

SCHEMA(Contact,
    F_ID(Contact, id, "contact"),
    F_REF(Contact, partner, "partner", .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    F_PARTNER_NAME(Contact),
    F_TEXT(Contact, name, .flags = FIELD_REQUIRED | FIELD_SORT | FIELD_FILTER),
    F_TEXT(Contact, title, .doc = "What this person does there."),
    F_TEXT(Contact, phone, .max_len = 64),
    F_TEXT(Contact, email, .flags = FIELD_FILTER),
    F_TEXT(Contact, note, .max_len = 4096),
    F_CUSTOM(Contact, "contact"),
    F_INT(Contact, version, .flags = FIELD_OUTPUT));

static const Sql sql_contact_uses = {
    "SELECT c.contact_id FROM activity_contact c WHERE c.contact_id = $1 LIMIT 1",
    .in = "k",
    .out = "k",
};

static Err contact_wrote(Ctx *cx, const void *before, const void *after)
{
    const Contact *contact = after != NULL ? after : before;
    return search_refresh(cx, "contact", contact->id);
}

static const Record record_contact = {
    .name = "contact",
    .path = "/contacts",
    .letter = 'C',
    .schema = &Contact_schema,
    .verbs = VERB_READS | VERB_CREATE | VERB_CHANGE | VERB_REMOVE,
    .reads = PERM_READ,
    .writes = PERM_PARTNER_WRITE,
    .partner_join = "JOIN partner p ON p.id = r.partner_id",
    .wrote = contact_wrote,
    .uses = &sql_contact_uses,
    .summary = "a person at a partner",
};

static const RefKind ref_contact = {
    .name = "contact", .letter = 'C', .partner = "partner_id", .called = "name", .shows = "name"};

const Feature contact_feature = {
    .name = "contact",
    .records = (const Record *const[]){&record_contact, NULL},
    .refs = (const RefKind *const[]){&ref_contact, NULL},
};
