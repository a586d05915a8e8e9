// The numbers by which connections make ids that nobody else makes: given out again when a connection is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disconnect, post, schemaOf, served, sound, sql, stands, today } from './support';

test('when no number for ids is left, those of connections that are gone are given out again, and none of one that lives', async () => {
  const { place, base, token } = await served();
  assert.equal((await post(base, token, 'P1')).status, 201);
  const schema = schemaOf(place);
  const now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
  const since = '(extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint';
  const node = (id: number) => sql(`SELECT holder || ' ' || (claimed_at = 0) FROM ${schema}.node WHERE id = ${id}`);
  const one = (code: string) => place.run(['do', 'partner_create', JSON.stringify({ code, name: code, roles: ['distributor'] }), ...today]);
  sql(`INSERT INTO ${schema}.node (id, claimed_at, holder, last_id) SELECT n, ${now}, '0 ' || ${since}, 0 FROM generate_series(0, 1023) n
    ON CONFLICT (id) DO UPDATE SET claimed_at = excluded.claimed_at, holder = excluded.holder WHERE node.claimed_at = 0`);
  assert.match(one('P2').err, /^ERR_BUSY/);
  const living = sql(`UPDATE ${schema}.node SET holder = pid || ' ' || ${since} FROM pg_stat_activity WHERE backend_type = 'checkpointer' AND id = 500 RETURNING holder`);
  sql(`UPDATE ${schema}.node SET holder = '999999 ' || (${since} - 1) WHERE id = 501`); // at another server
  assert.match(one('P2').err, /^ERR_BUSY/);
  sql(`UPDATE ${schema}.node SET holder = '999999 ' || ${since} WHERE id = 600`);
  assert.equal(one('P2').code, 0);
  assert.match(node(600), /^(?!999999 ).* true$/);
  // A process of the same number that came later is another one.
  sql(`UPDATE ${schema}.node SET claimed_at = ${now}, holder = '0 ' || ${since} WHERE id = 600`,
    `UPDATE ${schema}.node SET holder = pid || ' ' || ${since}, claimed_at = extract(epoch FROM backend_start) * 1000 - 5000
      FROM pg_stat_activity WHERE backend_type = 'walwriter' AND id = 700`);
  assert.equal(one('P3').code, 0);
  assert.match(node(700), / true$/);
  assert.equal(node(500), `${living} false`);
  assert.equal((await post(base, token, 'P4')).status, 201);
  sound(place);
});

test('of many that take such a number at once no two take the same', async () => {
  const { place, base, token } = await served();
  const schema = schemaOf(place);
  const pids = (those: string) => sql(`SELECT pid FROM pg_stat_activity WHERE application_name = 'guanxi' AND ${those} ORDER BY pid`);
  for (let round = 0; round < 12; round++) {
    sql(`INSERT INTO ${schema}.node SELECT n, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        '999999 ' || (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint, 0 FROM generate_series(0, 1023) n
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
