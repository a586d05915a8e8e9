-- What an order takes in PostgreSQL when one function does it all: the reads that a judgement needs, each once, and
-- the rows that guanxi writes, with the texts of an order that guanxi placed here before. It judges and renders
-- nothing: the order is within its limit.
--     psql -v schema=NAME -f bench/order.sql
CREATE SCHEMA side; -- guanxi refuses a schema that has more in it than its own
SET search_path = side, :"schema";

-- Of each block of ids the first is given out: what an order is made of takes those behind it.
CREATE SEQUENCE bench_block INCREMENT 16 CACHE 100;
SELECT setval('bench_block', ((SELECT max(id) FROM audit) / 16 + 100) * 16);

CREATE TABLE bench_texts AS
    SELECT a.facts AS prints, a.input, a.reply, d.facts, d.rules
    FROM audit a JOIN audit_subject s ON s.audit_id = a.id JOIN decision d ON d.order_id = s.subject_id
    WHERE a.operation = 'order_place' LIMIT 1;

CREATE FUNCTION bench_line(at date, account bigint, order_id bigint, number bigint, product_code text,
    quantity bigint, given_price bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    product record;
    price bigint;
    net bigint;
BEGIN
    SELECT p.id, p.code, p.unit_price, p.tax_rate INTO STRICT product FROM product p WHERE p.code = product_code;
    price := coalesce(given_price, product.unit_price);
    net := price * quantity / 10000000;
    INSERT INTO order_line (id, account_id, order_id, line, product_id, quantity, unit_price, tax_rate, net, tax,
        gross, shipped, shipped_amount, shipped_tax, invoiced, invoiced_amount, invoiced_tax, returned,
        returned_amount, is_dropped)
    VALUES (order_id + 3 + number, account, order_id, number, product.id, quantity, price, 0, net, 0, net, 0, 0, 0, 0,
        0, 0, 0, 0, false);
    RETURN net;
END $$;

CREATE FUNCTION bench_order(account_code text, key text, one text, quantity bigint, two text, three text)
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    today date := '2025-06-02';
    now_ms bigint := extract(epoch FROM clock_timestamp()) * 1000;
    key_is bytea := substr(sha256(convert_to(key, 'UTF8')), 1, 16);
    account record;
    place record;
    found record;
    texts record;
    order_id bigint := nextval('bench_block');
    decision_id bigint := order_id + 1;
    entry_id bigint := order_id + 2;
    audit_id bigint := order_id + 3;
    total bigint := 0;
    head bytea;
BEGIN
    PERFORM k.audit_id FROM idempotency_lookup k WHERE k.key_hash = key_is;
    SELECT a.id INTO STRICT account FROM account a WHERE a.code = account_code;
    SELECT * INTO STRICT place FROM position p WHERE p.account_id = account.id FOR NO KEY UPDATE;
    SELECT a.id, a.code, a.partner_id, p.code AS partner, p.owner_id, p.tier, a.currency, a.terms_days, a.parent_id,
        a.state, a.state_since_on, a.state_since_id, a.version
        INTO STRICT account FROM account a JOIN partner p ON p.id = a.partner_id WHERE a.id = account.id;
    SELECT currency, is_solo, prices_include_tax, closed_until, last_day_close, first_booked_on
        INTO STRICT found FROM org WHERE id = 1;
    SELECT (SELECT count(*) FROM promise p WHERE p.account_id = account.id AND p.status = 'open'
            AND p.window_end_on < today) AS promises,
        (SELECT count(*) FROM credit_release r WHERE r.account_id = account.id AND r.status = 'active'
            AND r.expires_on < today) AS releases INTO found;
    SELECT version, document INTO STRICT found FROM policy WHERE status = 'in_force' ORDER BY version DESC LIMIT 1;
    SELECT l.id, l.kind, l.amount_kind, l.amount, l.from_on, l.until_on INTO found FROM credit_limit l
        WHERE l.account_id = account.id AND l.status = 'in_force' ORDER BY l.id;
    SELECT min(CASE WHEN open >= 0 THEN due_on END) AS oldest,
        coalesce(sum(CASE WHEN due_on < today THEN open ELSE 0 END), 0) AS overdue
        INTO found FROM invoice i WHERE i.account_id = account.id AND i.open > 0;
    SELECT min(shipped_on) INTO found FROM shipment s
        WHERE s.account_id = account.id AND s.status = 'posted' AND s.amount > s.invoiced + s.returned;
    PERFORM id, status, window_end_on, received, lacks, ended_on FROM promise p
        WHERE p.partner_id = account.partner_id ORDER BY id LIMIT 500;
    SELECT * INTO STRICT texts FROM bench_texts;

    INSERT INTO dossier VALUES (account.id, order_id, true, true);
    INSERT INTO sales_order (id, account_id, number, status, ordered_on, total, ordered, shipped, delivered, invoiced,
        billed, is_final, decision_id, placed_on)
    VALUES (order_id, account.id, 'B' || order_id, 'approved', today, 0, 0, 0, 0, 0, 0, false, decision_id, today);
    total := bench_line(today, account.id, order_id, 1, one, quantity * 1000, NULL)
        + bench_line(today, account.id, order_id, 2, two, 2500, NULL)
        + bench_line(today, account.id, order_id, 3, three, 1000, 9990000);
    INSERT INTO decision VALUES (decision_id, account.id, 'order', 'order', order_id, order_id, 'pass', 1, today,
        now_ms, texts.facts, texts.rules);
    INSERT INTO entry VALUES (entry_id, account.id, today, today, now_ms, 'order_approved', 'outside',
        'ordered', greatest(total, 1), 'order', order_id, order_id);
    head := sha256(coalesce(place.chain_head, '') || convert_to(texts.input || texts.reply, 'UTF8') || texts.prints);
    INSERT INTO audit VALUES (audit_id, account.id, place.chain_seq + 1, now_ms, today, NULL, 'system', 'order_place',
        texts.prints, texts.input, texts.reply, 201, NULL, place.chain_head, head);
    INSERT INTO audit_subject VALUES (order_id, audit_id, account.id);
    UPDATE position p SET ordered = ordered + greatest(total, 1), outside = outside - greatest(total, 1),
        chain_seq = place.chain_seq + 1, chain_head = head WHERE p.account_id = account.id;
    INSERT INTO idempotency_lookup VALUES (key_is, key_is, audit_id);
    RETURN order_id;
END $$;
