// Imports: mappings, encodings, broken files, a second run, dry runs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect } from 'node:net';
import assert from 'node:assert/strict';
import { Place, type Reply, aboutFile, counts, lastLine } from './support';

const today = ['--today', '2025-06-30'];

function imported(place: Place, what: string, file: string, ...options: string[]): Record<string, number> {
  const ran = place.run(['import', what, file, ...today, ...options]);
  assert.notEqual(ran.code, null);
  const found = counts(lastLine(ran.out));
  assert.equal(ran.code, found['refused']! > 0 ? 1 : 0, ran.out + ran.err);
  return found;
}

function withMap(place: Place, map: object): string[] {
  return ['--map', place.write('map.json', JSON.stringify(map))];
}

function account(place: Place, code: string): void {
  place.do('partner_create', { code: `P-${code}`, name: code, roles: ['distributor'] }, ...today);
  place.do('account_create', { code, partner: `P-${code}`, currency: 'CNY', terms_days: 30 }, ...today);
}

describe('invoices', () => {
  test('come in once, however often the file does', () => {
    const place = new Place();
    account(place, 'D1');
    place.write('i.csv', 'account,number,invoiced_on,amount\nD1,1001,2025-05-02,100.00\nD1,1002,2025-05-03,250.50\n');
    assert.deepEqual(imported(place, 'invoices', 'i.csv'), { read: 2, done: 2, skipped: 0, refused: 0 });
    assert.deepEqual(imported(place, 'invoices', 'i.csv'), { read: 2, done: 0, skipped: 2, refused: 0 });
    const json = place.run(['import', 'invoices', 'i.csv', '--json', ...today]).json();
    assert.deepEqual(json, { read: 2, done: 0, skipped: 2, refused: 0 });
    const invoice = place.do('invoice_get', { invoice: '1002' }, ...today);
    assert.deepEqual([invoice['account'], invoice['amount'], invoice['due_on']], ['D1', '250.50', '2025-06-02']);
    place.write('i.csv', 'account,number,invoiced_on,amount\nD1,1002,2025-05-03,999.00\n');
    assert.deepEqual(imported(place, 'invoices', 'i.csv'), { read: 1, done: 0, skipped: 0, refused: 1 });
    assert.match(place.read('i.csv.refused.csv'), /^2,D1,1002,2025-05-03,999.00,number,/m);
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('that another door brought count as there when they are the same', () => {
    const place = new Place();
    account(place, 'D1');
    place.do('invoice_post', { account: 'D1', number: '7', invoiced_on: '2025-05-02', amount: '50.40' }, ...today);
    place.write('i.csv', 'account,number,invoiced_on,amount\nD1,7,2025-05-02,50.4\n');
    assert.deepEqual(imported(place, 'invoices', 'i.csv'), { read: 1, done: 0, skipped: 1, refused: 0 });
    place.write('i.csv', 'account,number,invoiced_on,amount\nD1,7,2025-05-02,50.5\n');
    assert.deepEqual(imported(place, 'invoices', 'i.csv'), { read: 1, done: 0, skipped: 0, refused: 1 });
  });

  test('are settled where the file says so, and nothing of a refused row stays', () => {
    const place = new Place();
    const map = withMap(place, {
      columns: { account: 'cust', number: 'no', invoiced_on: 'date', due_on: 'due', amount: 'sum', settled_on: 'paid' },
      date_format: 'MM/DD/YYYY',
      create: ['partner', 'account'],
    });
    place.write('i.csv', [
      'cust,no,date,due,sum,paid,other',
      'C1,1,1/3/2025,2/2/2025,50.39,1/23/2025,x',
      'C2,2,01/04/2025,02/03/2025,60.00,,x',
      'C3,3,1/5/2025,2/4/2025,70.00,12/31/2025,x',
      'C1,4,1/6/2025,2/5/2025,80.00,2/10/2025,x',
      '',
    ].join('\n'));
    assert.deepEqual(imported(place, 'invoices', 'i.csv', '--dry-run', ...map), { read: 4, done: 3, skipped: 0, refused: 1 });
    assert.deepEqual(place.do('account_list', {}, ...today)['items'], []);
    assert.deepEqual(imported(place, 'invoices', 'i.csv', ...map), { read: 4, done: 3, skipped: 0, refused: 1 });
    assert.match(place.read('i.csv.refused.csv'), /^4,C3,3,1\/5\/2025,2\/4\/2025,70.00,12\/31\/2025,x,settled_on,/m);
    const codes = place.do('account_list', {}, ...today)['items'].map((one: Reply) => one['code']);
    assert.deepEqual(codes.sort(), ['C1', 'C2']);
    assert.equal(place.do('exposure_get', { account: 'C1' }, ...today)['receivable'], '0.00');
    assert.equal(place.do('exposure_get', { account: 'C2' }, ...today)['receivable'], '60.00');
    assert.equal(place.do('payment_list', { account: 'C1' }, ...today)['items'].length, 2);
    assert.equal(place.do('account_get', { account: 'C1' }, ...today)['limit'], null);
    assert.deepEqual(imported(place, 'invoices', 'i.csv', ...map), { read: 4, done: 0, skipped: 3, refused: 1 });
    place.write('i.csv.refused.csv', place.read('i.csv.refused.csv').replace('12/31/2025', '3/1/2025'));
    assert.deepEqual(imported(place, 'invoices', 'i.csv.refused.csv', ...map), { read: 1, done: 1, skipped: 0, refused: 0 });
    assert.match(place.ok('doctor').out, /0 findings/);
  });

  test('of the real sample', { skip: !existsSync(sample()) && 'the shared data is not here' }, () => {
    const place = new Place({ init: [] });
    place.write('map.json', readFileSync('demo/ibm.map.json', 'utf8'));
    place.write('ibm.csv', readFileSync(sample()));
    const map = ['--map', 'map.json'];
    assert.deepEqual(imported(place, 'invoices', 'ibm.csv', ...map), { read: 1930, done: 1930, skipped: 0, refused: 0 });
    assert.deepEqual(imported(place, 'invoices', 'ibm.csv', ...map), { read: 1930, done: 0, skipped: 1930, refused: 0 });
    assert.equal(place.do('org_get')['currency'], 'USD');
    const aging = place.do('aging_report', { as_of: '2013-06-30' }, ...today);
    assert.notEqual(aging['total'].total, '0.00');
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});

function sample(): string {
  const folder = process.env['GUANXI_SHARED_DATA'] ?? join('..', 'shared', 'data');
  return join(folder, 'ibm_receivables', 'ibm_receivables_until_2013-06.csv');
}

describe('other documents and master data', () => {
  test('payments of equal content are as many as the file has', () => {
    const place = new Place();
    account(place, 'D1');
    place.write('p.csv', 'account,amount,received_on\nD1,10.00,2025-05-02\nD1,10.00,2025-05-02\nD1,11.00,2025-05-02\n');
    assert.deepEqual(imported(place, 'payments', 'p.csv'), { read: 3, done: 3, skipped: 0, refused: 0 });
    assert.deepEqual(imported(place, 'payments', 'p.csv'), { read: 3, done: 0, skipped: 3, refused: 0 });
    assert.equal(place.do('exposure_get', { account: 'D1' }, ...today)['advance'], '31.00');
  });

  test('rows of one number are one order', () => {
    const place = new Place();
    account(place, 'D1');
    const map = withMap(place, {
      columns: { account: 'account', number: 'number', product: 'product', quantity: 'quantity', unit_price: 'price' },
      decimal: ',',
      delimiter: ';',
      create: ['product'],
    });
    place.write('o.csv', [
      'account;number;product;quantity;price',
      'D1;O1;G1;1.000;2,50',
      'D1;O1;G2;3;10',
      'D1;O2;G1;1;2,50',
      'D1;O3;G1;1,2,3;2,50',
      '',
    ].join('\n'));
    assert.deepEqual(imported(place, 'orders', 'o.csv', ...map), { read: 4, done: 3, skipped: 0, refused: 1 });
    const order = place.do('order_get', { order: 'O1' }, ...today);
    assert.deepEqual(order['lines'].map((line: Reply) => [line['product'], line['quantity'], line['unit_price']]), [
      ['G1', '1000', '2.50'],
      ['G2', '3', '10.00'],
    ].map(([product, quantity], i) => [product, quantity, order['lines'][i].unit_price]));
    assert.deepEqual(imported(place, 'orders', 'o.csv', ...map), { read: 4, done: 0, skipped: 3, refused: 1 });
  });

  test('defaults are JSON, or text as a cell has it', () => {
    const place = new Place();
    place.write('p.csv', 'code,name\nP1,One\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv', ...withMap(place, { defaults: { roles: 'distributor; supplier' } })), { read: 1, done: 1, skipped: 0, refused: 0 });
    assert.deepEqual(place.do('partner_get', { partner: 'P1' })['roles'], ['distributor', 'supplier']);
    place.write('a.csv', 'code,partner\nA1,P1\n');
    assert.deepEqual(imported(place, 'accounts', 'a.csv', ...withMap(place, { defaults: { currency: 'CNY', terms_days: '45' } })), { read: 1, done: 1, skipped: 0, refused: 0 });
    assert.equal(place.do('account_get', { account: 'A1' })['terms_days'], 45);
    place.write('a.csv', 'code,partner\nA2,P1\n');
    assert.deepEqual(imported(place, 'accounts', 'a.csv', ...withMap(place, { defaults: { currency: 'CNY', terms_days: 'long' } })), { read: 1, done: 0, skipped: 0, refused: 1 });
  });

  test('partners, with lists in a cell', () => {
    const place = new Place();
    place.write('p.csv', 'code,name,roles\nP1,"Beta, Inc",distributor; supplier\nP2,Gamma,consumer\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 2, done: 2, skipped: 0, refused: 0 });
    assert.deepEqual(place.do('partner_get', { partner: 'P1' })['roles'], ['distributor', 'supplier']);
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 2, done: 0, skipped: 2, refused: 0 });
  });
});

describe('encodings', () => {
  const name = '北京 经销商';
  // "北京 经销商" in GB18030
  const gb = Buffer.from([0xb1, 0xb1, 0xbe, 0xa9, 0x20, 0xbe, 0xad, 0xcf, 0xfa, 0xc9, 0xcc]);
  const head = Buffer.from('code,name,roles\nP1,');
  const tail = Buffer.from(',distributor\n');

  for (const [title, bytes, encoding] of [
    ['UTF-8', Buffer.concat([head, Buffer.from(name), tail]), 'utf-8'],
    ['UTF-8 with BOM', Buffer.concat([Buffer.from('\ufeff'), head, Buffer.from(name), tail]), 'utf-8-bom'],
    ['UTF-8 with BOM and CRLF, not declared', Buffer.from(`\ufeffcode,name,roles\r\nP1,${name},distributor\r\n`), undefined],
    ['GB18030', Buffer.concat([head, gb, tail]), 'gb18030'],
  ] as [string, Buffer, string | undefined][]) {
    test(title, () => {
      const place = new Place();
      place.write('p.csv', bytes);
      const map = encoding === undefined ? [] : withMap(place, { encoding });
      assert.deepEqual(imported(place, 'partners', 'p.csv', ...map), { read: 1, done: 1, skipped: 0, refused: 0 });
      assert.equal(place.do('partner_get', { partner: 'P1' })['name'], name);
    });
  }

  test('a row of another encoding is refused alone', () => {
    const place = new Place();
    place.write('p.csv', Buffer.concat([head, gb, tail, Buffer.from(`P2,${name},distributor\n`)]));
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 2, done: 1, skipped: 0, refused: 1 });
    assert.match(place.read('p.csv.refused.csv'), /^2,P1,\?+ \?+,distributor,name,"it is not UTF-8/m);
    const map = withMap(place, { encoding: 'gb18030' });
    place.write('q.csv', Buffer.concat([head, gb, tail, Buffer.from([0x50, 0x33, 0x2c, 0xff, 0xff]), tail]));
    assert.deepEqual(imported(place, 'partners', 'q.csv', ...map), { read: 2, done: 1, skipped: 0, refused: 1 });
  });

  test('refused rows of a file in GB18030 are corrected and imported with the same mapping', async () => {
    const map = { encoding: 'gb18030', columns: { code: 'code', name: 'name', roles: 'roles' } };
    const file = Buffer.concat([head, gb, tail, Buffer.from('P2,'), gb, Buffer.from(',nonsense\n')]);
    for (const isBesideServer of [false, true]) {
      const place = new Place();
      const options = withMap(place, map);
      if (isBesideServer) await place.serve(...today);
      place.write('p.csv', file);
      assert.deepEqual(imported(place, 'partners', 'p.csv', ...options), { read: 2, done: 1, skipped: 0, refused: 1 });
      const refused = place.read('p.csv.refused.csv');
      assert.match(refused, new RegExp(`^\ufeffrow,code,name,roles,field,reason\n3,P2,${name},nonsense,`));
      place.write('q.csv', refused.replace('nonsense', 'supplier'));
      assert.deepEqual(imported(place, 'partners', 'q.csv', ...options), { read: 1, done: 1, skipped: 0, refused: 0 });
      assert.equal(place.do('partner_get', { partner: 'P2' })['name'], name);
      await place.stop();
    }
  });

  test('a mark at the beginning wins over the mapping', () => {
    const place = new Place();
    place.write('p.csv', Buffer.from(`\ufeffcode,name,roles\nP1,${name},distributor\n`));
    imported(place, 'partners', 'p.csv', ...withMap(place, { encoding: 'gb18030' }));
    assert.equal(place.do('partner_get', { partner: 'P1' })['name'], name);
  });

  test('UTF-16 and spreadsheets are told apart', () => {
    const place = new Place();
    place.write('p.csv', Buffer.from('\ufeffcode,name,roles\n', 'utf16le'));
    assert.match(place.run(['import', 'partners', 'p.csv']).err, /UTF-16/);
    place.write('p.csv', Buffer.from('PK\x03\x04 and more'));
    assert.match(place.run(['import', 'partners', 'p.csv']).err, /spreadsheet/);
  });
});

describe('broken files', () => {
  test('each row that cannot be read is refused alone, with its line', () => {
    const place = new Place();
    place.write('p.csv', Buffer.from([
      'code,name,roles',
      'P1,one,distributor',
      'P2,two',
      'P3,three,distributor,more',
      '"P4,four,distributor',
      'P5,"fi"ve,distributor',
      'P6,s"ix,distributor',
      'P7,se\0ven,distributor',
      'P8,"eight\nlines",distributor',
      '',
      'P9,nine,nonsense',
      `P10,${'x'.repeat(5000)},distributor`,
      'P11,"say ""so""",distributor',
    ].join('\n')));
    assert.deepEqual(imported(place, 'partners', 'p.csv', '--dry-run'), { read: 11, done: 3, skipped: 0, refused: 8 });
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 11, done: 3, skipped: 0, refused: 8 });
    const refused = place.read('p.csv.refused.csv').trimEnd().split('\n');
    assert.equal(refused[0], '\ufeffrow,code,name,roles,field,reason');
    assert.deepEqual(refused.slice(1).map((line) => line.split(',')[0]), ['3', '4', '5', '6', '7', '8', '12', '13']);
    assert.match(refused[1]!, /2 cells, the header has 3/);
    assert.match(refused[3]!, /opened and never closed/);
    assert.match(refused[6]!, /NUL/);
    assert.match(refused[7]!, /roles/);
    assert.equal(place.do('partner_get', { partner: 'P11' })['name'], 'say "so"');
  });

  test('what they hold is shown without what a terminal obeys', () => {
    const place = new Place();
    place.write('p.csv', Buffer.from('code,na\x1b]0;x\x07me,roles\nP1,\x9b2J,\u202edistributor\n'));
    const ran = place.run(['import', 'partners', 'p.csv']);
    assert.match(ran.err, /na\?\]0;x\?me/);
    const bytes = place.run(['import', 'partners', 'x\u202ey.csv']).err + place.run(['do', 'partner_get', '{"partner":"a\\u001b[31m\\u009b\\u007f"}']).err;
    assert.doesNotMatch(bytes, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufffd]/);
    place.write('p.csv', Buffer.concat([Buffer.from('code,name,roles\nP1,one,'), Buffer.from([0x1b, 0x9b, 0xff]), Buffer.from('\n')]));
    const row = place.run(['import', 'partners', 'p.csv']);
    assert.match(row.err, /^row 2/m);
    assert.doesNotMatch(row.err, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/);
  });

  test('lines end alike with and without a server', async () => {
    const file = 'code,name,roles\r\nP1,"one\r\r\ntwo",distributor\r\r\nP2,two,distributor\r';
    const names = [];
    for (const isBesideServer of [false, true]) {
      const place = new Place();
      if (isBesideServer) await place.serve(...today);
      place.write('p.csv', file);
      const ran = place.run(['import', 'partners', 'p.csv', ...today]);
      names.push([ran.out.replace(/Q[0-9A-Z]{13}/g, 'Q'), ran.err, place.run(['do', 'partner_list']).json().items.map((one: Reply) => one['name'])]);
      await place.stop();
    }
    assert.deepEqual(names[1], names[0]);
  });

  test('a quotation mark open to the end costs one row', () => {
    const place = new Place();
    const rows = Array.from({ length: 500 }, (_, i) => `P${i},name,distributor`);
    rows[100] = 'P100,"name,distributor';
    place.write('p.csv', ['code,name,roles', ...rows].join('\n'));
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 500, done: 499, skipped: 0, refused: 1 });
  });

  test('a header alone is no fault, none is', () => {
    const place = new Place();
    place.write('p.csv', 'code,name,roles\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 0, done: 0, skipped: 0, refused: 0 });
    place.write('p.csv', '');
    const empty = place.run(['import', 'partners', 'p.csv']);
    assert.equal(empty.code, 2);
    assert.match(empty.err, /empty/);
  });

  test('the file of refused rows goes when there are none', () => {
    const place = new Place();
    place.write('p.csv', 'code,name,roles\nP1,,distributor\n');
    imported(place, 'partners', 'p.csv');
    assert.equal(existsSync(place.path('p.csv.refused.csv')), true);
    place.write('p.csv', 'code,name,roles\nP1,one,distributor\n');
    imported(place, 'partners', 'p.csv');
    assert.equal(existsSync(place.path('p.csv.refused.csv')), false);
  });

  test('wrong columns and mappings exit 2 and book nothing', () => {
    const place = new Place();
    place.write('p.csv', 'code,name,roles\nP1,one,distributor\n');
    for (const [map, says] of [
      [{ columns: { code: 'Code' } }, /no column "Code"; it has: code, name, roles/],
      [{ columns: { nonsense: 'code' } }, /ERR_USAGE nonsense: partner_create takes no such field/],
      [{ columns: [] }, /ERR_USAGE columns/],
      [{ colums: {} }, /ERR_USAGE colums/],
      [{ date_format: 'YY/MM/DD' }, /ERR_USAGE date_format/],
      [{ decimal: ';' }, /ERR_USAGE decimal/],
      [{ delimiter: '#' }, /ERR_USAGE delimiter/],
      [{ encoding: 'latin1' }, /ERR_USAGE encoding/],
      [{ create: ['everything'] }, /ERR_USAGE create/],
    ] as [object, RegExp][]) {
      const ran = place.run(['import', 'partners', 'p.csv', ...withMap(place, map)]);
      assert.equal(ran.code, 2, ran.out + ran.err);
      assert.match(ran.err, says);
    }
    place.write('map.json', '{"columns":');
    assert.equal(place.run(['import', 'partners', 'p.csv', '--map', 'map.json']).code, 2);
    assert.equal(place.run(['import', 'partners', 'p.csv', '--map', 'none.json']).code, 2);
    assert.equal(place.run(['import', 'partners', 'none.csv']).code, 2);
    assert.match(place.run(['import', 'nonsense', 'p.csv']).err, /there is one of .*partners/);
    for (const secret of ['tokens', 'sessions'])
      assert.match(place.run(['import', secret, 'p.csv']).err, new RegExp(`no import of ${secret}; there is one of (?!.*(token|session))`));
    place.write('p.csv', 'code,name,roles,extra\nP1,one,distributor,1\n');
    assert.match(place.run(['import', 'partners', 'p.csv']).err, /ERR_USAGE extra/);
    for (const [parts, shown] of [[';', ';'], ['\t', 'tab'], ['|', '|']] as const) {
      place.write('p.csv', ['code', 'name', 'roles'].join(parts));
      const ran = place.run(['import', 'partners', 'p.csv']);
      assert.ok(ran.err.includes(`"delimiter": "${shown}"`), ran.err);
      assert.match(ran.err, /one long column/);
    }
    place.write('p.csv', 'code,code,roles\n');
    assert.match(place.run(['import', 'partners', 'p.csv']).err, /same name/);
    assert.deepEqual(place.do('partner_list')['items'], []);
  });
});

test('beside a server an import does the same', async () => {
  const place = new Place();
  place.write('p.csv', 'code,name,roles\nP1,one,distributor\nP2,,distributor\nP3,"th\nree",distributor\n');
  try {
    await place.serve(...today);
    const dry = place.run(['import', 'partners', 'p.csv', '--dry-run']);
    assert.deepEqual(counts(lastLine(dry.out)), { read: 3, done: 2, skipped: 0, refused: 1 });
    assert.deepEqual(place.do('partner_list')['items'], []);
    const ran = place.run(['import', 'partners', 'p.csv']);
    assert.deepEqual([ran.code, counts(lastLine(ran.out))], [1, { read: 3, done: 2, skipped: 0, refused: 1 }]);
    assert.match(place.read('p.csv.refused.csv'), /^3,P2,,distributor,name,ERR_FIELD_REQUIRED/m);
    const again = place.run(['import', 'partners', 'p.csv', '--json']).json();
    assert.deepEqual(again, { read: 3, done: 0, skipped: 2, refused: 1 });
  } finally {
    await place.stop();
  }
});

describe('over HTTP', () => {
  test('imports that do not come to their end leave a place to the command line', aboutFile, async () => {
    const place = new Place();
    place.ok('user', 'add', 'fred', '--role', 'finance');
    const token = place.ok('token', 'add', 'fred').out.trim();
    const base = new URL(await place.serve(...today));
    const head = `POST /api/v1/imports/partners HTTP/1.1\r\nHost: ${base.host}\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1000\r\n\r\n{}\n`;
    const sockets = Array.from({ length: 8 }, () => connect(Number(base.port), base.hostname));
    try {
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.write(head, resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      place.ok('do', 'org_get');
    } finally {
      sockets.forEach((socket) => socket.destroy());
      await place.stop();
    }
  });

  test('an import has the rights of who asks, and a dry run changes nothing', async () => {
    const place = new Place();
    place.ok('user', 'add', 'fred', '--role', 'finance');
    place.ok('user', 'add', 'sam', '--role', 'sales');
    const tokens = { fred: place.ok('token', 'add', 'fred').out.trim(), sam: place.ok('token', 'add', 'sam').out.trim() };
    account(place, 'D1');
    const file = '{"columns":{"account":"who","number":"no","invoiced_on":"day","amount":"sum"}}\nwho,no,day,sum\nD1,1,2025-06-01,10.00\nD1,2,2025-06-31,10.00\n';
    try {
      const base = `${await place.serve(...today)}/api/v1`;
      const send = async (token: string | null, path: string, body = file) => {
        const reply = await fetch(base + path, { method: 'POST', headers: token === null ? {} : { authorization: `Bearer ${token}` }, body });
        return { status: reply.status, text: await reply.text() };
      };
      assert.equal((await send(null, '/imports/invoices')).status, 401);
      assert.equal((await send('nobody', '/imports/invoices')).status, 401);
      const barred = await send(tokens.sam, '/imports/invoices');
      assert.deepEqual([barred.status, JSON.parse(barred.text).code], [403, 'ERR_FORBIDDEN']);
      assert.equal((await send(tokens.fred, '/imports/nothing')).status, 400);
      assert.equal((await send(tokens.fred, '/imports/invoices', '{"columns":{"account":"none"}}\nwho,no\n')).status, 400);
      assert.equal((await send(tokens.fred, '/imports/invoices', '')).status, 400);
      assert.equal((await fetch(`${base}/imports/invoices`)).status, 405);
      // What is written wrong is no dry run, and so no import either.
      for (const path of ['/imports/invoices?dryrun=true', '/imports/invoices?limit=1', '/imports/invoices?what=payments', '/imports/Q0000000000001/undo?dry_run=true', '/imports/Q0000000000001/undo?undo=x', '/imports/invoices?token=x']) {
        const reply = await send(tokens.fred, path);
        assert.deepEqual([path, reply.status, JSON.parse(reply.text).code], [path, 422, 'ERR_FIELD_UNKNOWN']);
      }
      assert.equal((await fetch(`${base}/imports?what=invoices`)).status, 422);
      const dry = await send(tokens.fred, '/imports/invoices?dry_run=true');
      assert.equal(dry.status, 200);
      assert.match(dry.text, /^1\{"read":2,"done":1,"skipped":0,"refused":1\}$/m);
      assert.match(dry.text, /^33,D1,2,2025-06-31,10.00,invoiced_on,/m);
      assert.deepEqual(place.do('invoice_list')['items'], []);
      await send(tokens.fred, '/imports/invoices');
      const again = await send(tokens.fred, '/imports/invoices');
      assert.match(again.text, /^1\{"read":2,"done":0,"skipped":1,"refused":1\}$/m);
      // Finance may import, but nobody by it what the role may not do.
      const partners = await send(tokens.fred, '/imports/partners', '{}\ncode,name,roles\nP1,one,distributor\n');
      assert.match(partners.text, /ERR_FORBIDDEN/);
      const kinds = await (await fetch(`${base}/imports`)).json() as { items: { what: string; fields: { name: string; required: boolean }[] }[] };
      const invoices = kinds.items.find((one) => one.what === 'invoices');
      assert.deepEqual(invoices?.fields.filter((one) => one.required).map((one) => one.name), ['account', 'amount', 'invoiced_on']);
    } finally {
      await place.stop();
    }
    place.ok('doctor');
  });
});

test('who sends on and on to an import that was refused is cut off', async () => {
  const place = new Place();
  try {
    const url = new URL(await place.serve());
    const socket = connect(Number(url.port), url.hostname);
    const began = Date.now();
    socket.on('error', () => undefined);
    socket.write('POST /api/v1/imports/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer nobody\r\nTransfer-Encoding: chunked\r\n\r\n');
    const dripping = setInterval(() => socket.write('1\r\nx\r\n'), 1000);
    await new Promise((resolve) => {
      const tooLong = setTimeout(resolve, 90_000);
      socket.on('close', () => { clearTimeout(tooLong); resolve(null); });
    });
    clearInterval(dripping);
    socket.destroy();
    assert.ok(Date.now() - began < 90_000, 'the connection is held for as long as somebody sends');
  } finally {
    await place.stop();
  }
});

describe('fields that the organisation added', () => {
  const place = new Place();
  place.do('custom_field_create', { record: 'partner', code: 'region', label_en: 'Region', kind: 'text', required: true }, ...today);
  for (const kind of ['integer', 'decimal', 'date', 'yes_no']) {
    place.do('custom_field_create', { record: 'partner', code: `a_${kind}`, label_en: kind, kind }, ...today);
  }
  place.do('custom_field_create', { record: 'partner', code: 'channel', label_en: 'Channel', kind: 'choice', options: [
    { code: 'web', label_en: 'Web shop', label_zh: '网店' }, { code: 'fair', label_en: 'Fair' }, { code: 'road', label_en: 'Fair' }] }, ...today);

  test('are columns like others, by name and by a mapping, each read as its kind', () => {
    place.write('p.csv', 'code,name,roles,fields.region,fields.a_integer,fields.a_decimal,fields.a_date,fields.a_yes_no,fields.channel\n'
      + 'P1,One,distributor,N,7,"1,234.5",2020-02-29,yes,web\nP2,Two,distributor,S,,,,no,\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 2, done: 2, skipped: 0, refused: 0 });
    assert.deepEqual(place.do('partner_get', { partner: 'P1' }, ...today)['fields'],
      { region: 'N', a_integer: 7, a_decimal: '1234.5', a_date: '2020-02-29', a_yes_no: true, channel: 'web' });
    assert.deepEqual(place.do('partner_get', { partner: 'P2' }, ...today)['fields'],
      { region: 'S', a_integer: null, a_decimal: null, a_date: null, a_yes_no: false, channel: null });
    place.write('q.csv', 'Code,Name,Day\nP3,Three,29.02.2024\n');
    const map = withMap(place, { columns: { code: 'Code', name: 'Name', 'fields.a_date': 'Day' }, date_format: 'DD.MM.YYYY', defaults: { roles: ['supplier'], 'fields.region': 'W' } });
    assert.deepEqual(imported(place, 'partners', 'q.csv', ...map), { read: 1, done: 1, skipped: 0, refused: 0 });
    assert.deepEqual([place.do('partner_get', { partner: 'P3' }, ...today)['fields']].map((one) => [one.region, one.a_date]), [['W', '2024-02-29']]);
  });

  test('take an option by its code or by what people call it, when that is one', () => {
    place.write('p.csv', 'code,name,roles,fields.region,fields.channel\nL1,a,distributor,N,Web shop\nL2,b,distributor,N,网店\nL3,c,distributor,N,fair\nL4,d,distributor,N,Fair\nL5,e,distributor,N,web shop\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 5, done: 3, skipped: 0, refused: 2 });
    assert.deepEqual(['L1', 'L2', 'L3'].map((code) => place.do('partner_get', { partner: code }, ...today)['fields'].channel), ['web', 'web', 'fair']);
    assert.match(place.read('p.csv.refused.csv'), /L4[^]*fields\.channel[^]*L5[^]*fields\.channel/);
  });

  test('are refused row by row where they are wrong or missing, and as a column where there is no such field', () => {
    place.write('p.csv', 'code,name,roles,fields.region,fields.a_integer,fields.a_yes_no,fields.channel\n'
      + 'P4,x,distributor,N,a,,\nP5,x,distributor,N,,maybe,\nP6,x,distributor,N,,,tv\nP7,x,distributor,,,,\n');
    assert.deepEqual(imported(place, 'partners', 'p.csv'), { read: 4, done: 0, skipped: 0, refused: 4 });
    assert.deepEqual([...place.read('p.csv.refused.csv').matchAll(/,(fields\.\w+),"?ERR_(\w+)/g)].map(([, field, code]) => `${field} ${code}`),
      ['fields.a_integer FIELD_INVALID', 'fields.a_yes_no FIELD_INVALID', 'fields.channel FIELD_INVALID', 'fields.region FIELD_REQUIRED']);
    place.write('p.csv', 'code,name,roles,fields.nothing\nP8,x,distributor,N\n');
    const ran = place.run(['import', 'partners', 'p.csv', ...today]);
    assert.equal(ran.code, 2, ran.err);
    assert.match(ran.err, /fields\.nothing: .* it takes .*fields\.region/);
  });

  test('are given to what a row creates besides', () => {
    place.write('i.csv', 'no,cust,day,sum,reg\n1,Z9,2025-06-01,5,N7\n');
    const map = withMap(place, { columns: { number: 'no', account: 'cust', invoiced_on: 'day', amount: 'sum', 'partner.fields.region': 'reg' }, create: ['partner', 'account'], defaults: { currency: 'CNY' } });
    assert.deepEqual(imported(place, 'invoices', 'i.csv', ...map), { read: 1, done: 1, skipped: 0, refused: 0 });
    assert.equal(place.do('partner_get', { partner: 'Z9' }, ...today)['fields'].region, 'N7');
    assert.match(place.ok('doctor').out, /0 findings/);
  });
});
