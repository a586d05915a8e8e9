/* What this program can do: every feature of src/feature. */
#ifndef GUANXI_FEATURE_FEATURES_H
#define GUANXI_FEATURE_FEATURES_H

#include "op/op.h"

/* NULL-terminated. */
extern const Feature *const features[];

/* One each, declared in its own file. */
extern const Feature org_feature;
extern const Feature user_feature;
extern const Feature token_feature;
extern const Feature session_feature;
extern const Feature partner_feature;
extern const Feature contact_feature;
extern const Feature relation_feature;
extern const Feature product_feature;
extern const Feature custom_feature;
extern const Feature territory_feature;
extern const Feature activity_feature;
extern const Feature worklist_feature;
extern const Feature view_feature;
extern const Feature aging_feature;
extern const Feature dso_feature;
extern const Feature lateness_feature;
extern const Feature stream_feature;
extern const Feature news_feature;
extern const Feature search_feature;
extern const Feature search_kept_feature;
extern const Feature audit_list_feature;
extern const Feature sight_feature;
extern const Feature preference_feature;
extern const Feature import_mapping_feature;
extern const Feature import_run_feature;
extern const Feature alert_feature;
extern const Feature signs_feature;
extern const Feature day_close_feature;
extern const Feature day_log_feature;
extern const Feature period_feature;
extern const Feature approval_feature;
extern const Feature rate_feature;
extern const Feature account_feature;
extern const Feature account_view_feature;
extern const Feature account_remove_feature;
extern const Feature dossier_feature;
extern const Feature ledger_feature;
extern const Feature policy_feature;
extern const Feature limit_feature;
extern const Feature credit_feature;
extern const Feature trial_feature;
extern const Feature exposure_feature;
extern const Feature order_entry_feature;
extern const Feature order_change_feature;
extern const Feature order_feature;
extern const Feature release_feature;
extern const Feature release_approver_feature;
extern const Feature promise_feature;
extern const Feature promise_entry_feature;
extern const Feature shipment_entry_feature;
extern const Feature shipment_feature;
extern const Feature return_feature;
extern const Feature invoice_entry_feature;
extern const Feature invoice_imported_feature;
extern const Feature invoice_feature;
extern const Feature payment_entry_feature;
extern const Feature payment_feature;
extern const Feature month_feature;
extern const Feature refund_feature;
extern const Feature credit_note_feature;
extern const Feature write_off_feature;

#endif
