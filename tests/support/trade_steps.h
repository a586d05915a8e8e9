/* Steps of random trade, one operation each, by what they are about. */
#ifndef GUANXI_TESTS_TRADE_STEPS_H
#define GUANXI_TESTS_TRADE_STEPS_H

#include "support/trade.h"

/* trade_goods.c */
void step_order_place(Trade *trade);
void step_order_preview(Trade *trade);
void step_order_change(Trade *trade);
void step_cancel(Trade *trade);
void step_close(Trade *trade);
void step_reopen(Trade *trade);
void step_refuse(Trade *trade);
void step_recheck(Trade *trade);
void step_release_request(Trade *trade);
void step_release(Trade *trade);
void step_release_withdraw(Trade *trade);
void step_approve(Trade *trade);
void step_ship(Trade *trade);
void step_ship_back(Trade *trade);
void step_return(Trade *trade);
void step_return_back(Trade *trade);

/* trade_money.c */
void step_invoice(Trade *trade);
void step_invoice_back(Trade *trade);
void step_payment(Trade *trade);
void step_allocate(Trade *trade);
void step_payment_back(Trade *trade);
void step_allocation_back(Trade *trade);
void step_note(Trade *trade);
void step_write_off(Trade *trade);
void step_note_back(Trade *trade);
void step_write_off_back(Trade *trade);
void step_refund(Trade *trade);
void step_refund_back(Trade *trade);

/* trade_back.c */
void step_recover(Trade *trade);
void step_refunded_back(Trade *trade);
void step_written_off_back(Trade *trade);
void step_dealt_shipment_back(Trade *trade);

#endif
