// The numbers by which connections make ids that nobody else makes: given out again when a connection is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disconnect, post, schemaOf, served, sound, sql, stands, today } from './support';

const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';
const SINCE = '(extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint';
const process = (name: string, later = 0) => `(SELECT pid || ' ' || ((extract(epoch FROM backend_start) * 1000000)::bigint + ${later}) || ' ' || ${SINCE}
  FROM pg_stat_activity WHERE backend_type = '${name}')`;
const GONE = `'999999 1 ' || ${SINCE}`;

test('when no number for ids is left, those of connections that are gone are given out again, and none of one that lives', async () => {
  const { place, base, token } = await served();
  assert.equal((await post(base, token, 'P1')).status, 201);
  const schema = schemaOf(place);
  const own = sql(`SELECT id FROM ${schema}.node WHERE claimed_at > 0`);
  const hold = (id: number, holder: string) => sql(`UPDATE ${schema}.node SET claimed_at = ${NOW}, holder = ${holder} WHERE id = ${id} RETURNING holder`);
  const isFree = (id: number) => sql(`SELECT claimed_at = 0 FROM ${schema}.node WHERE id = ${id}`) === 't';
  const one = (code: string) => place.run(['do', 'partner_create', JSON.stringify({ code, name: code, roles: ['distributor'] }), ...today]);
  sql(`INSERT INTO ${schema}.node (id, claimed_at, holder, last_id) SELECT n, ${NOW}, '', 0 FROM generate_series(0, 1023) n
    ON CONFLICT (id) DO UPDATE SET claimed_at = excluded.claimed_at, holder = '' WHERE node.claimed_at = 0`);
  assert.match(one('P2').err, /^ERR_BUSY/);
  hold(500, process('checkpointer'));
  hold(501, `'999999 1 ' || (${SINCE} - 1)`); // at another server
  assert.match(one('P2').err, /^ERR_BUSY/);
  hold(600, GONE);
  assert.equal(one('P2').code, 0);
  assert.ok(isFree(600));
  hold(600, "''");
  hold(700, process('walwriter', -1)); // one of the same number that ended
  assert.equal(one('P3').code, 0);
  assert.ok(isFree(700));
  assert.deepEqual([500, 501, Number(own)].map(isFree), [false, false, false]);
  assert.equal((await post(base, token, 'P4')).status, 201);
  sound(place);
});

test('one that is left is not taken from a connection that is gone while there are others', async () => {
  const { place, base, token } = await served();
  const schema = schemaOf(place);
  sql(`INSERT INTO ${schema}.node (id, claimed_at, holder, last_id) SELECT n, ${NOW}, ${GONE}, 0 FROM generate_series(0, 1022) n
    ON CONFLICT (id) DO UPDATE SET claimed_at = excluded.claimed_at, holder = excluded.holder`);
  assert.equal((await post(base, token, 'P1')).status, 201);
  assert.equal(sql(`SELECT id FROM ${schema}.node WHERE holder <> ${GONE}`), '1023');
});

test('of many that take such a number at once no two take the same', async () => {
  const { place, base, token } = await served();
  const schema = schemaOf(place);
  const pids = (those: string) => sql(`SELECT pid FROM pg_stat_activity WHERE application_name = 'guanxi' AND ${those} ORDER BY pid`);
  for (let round = 0; round < 12; round++) {
    // As few as there are writers, so that they meet.
    sql(`INSERT INTO ${schema}.node SELECT n, ${NOW}, CASE WHEN n < 16 THEN ${GONE} ELSE '' END, 0 FROM generate_series(0, 1023) n
      ON CONFLICT (id) DO UPDATE SET claimed_at = excluded.claimed_at, holder = excluded.holder`);
    disconnect();
    await stands(base, 'ready');
    const said = await Promise.all(Array.from({ length: 48 }, (_, i) => post(base, token, `R${round}-${i}`)));
    assert.deepEqual([...new Set(said.map(({ status }) => status))], [201]);
    const written = "query = 'COMMIT'";
    assert.equal(pids(`${written} AND pid || '' NOT IN (SELECT split_part(holder, ' ', 1) FROM ${schema}.node)`), '');
    assert.ok(pids(written).split('\n').length > 1);
  }
});
