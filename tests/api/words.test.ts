// Words for people that hang on what the server says: its refusals in Chinese, and what was done, by operation.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalChinese, SENTENCES } from '../../web/src/words/refusals';
import { operations } from './described';

/** What an import notes beside the calls of its rows; they have no route of their own. */
const OF_IMPORTS = ['import_begin', 'import_end', 'import_undone'];
/** Sent as a write, and leaves nothing on record. */
const LEAVES_NOTHING = ['policy_trial', 'decision_replay', 'order_preview', 'order_approvers'];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name);
    return one.isDirectory() ? sources(path) : /\.[ch]$/.test(one.name) ? [path] : [];
  });
}

/** Literals that follow each other are one; what is put in is {}. */
function saidBy(source: string): string {
  return source.replace(/%"\s*PRI[a-z]+\d+\s*"/g, '{}').replace(/"\s*"/g, '').replaceAll('\\"', '\0')
    .replace(/%[-0-9.*]*(?:ll|z|l)?[a-zA-Z]/g, '{}');
}

describe('words for what the server says', () => {
  const said = sources('src').map((path) => saidBy(readFileSync(path, 'utf8'))).join('\n');

  test('each refusal that is put into Chinese is still said', () => {
    const lost = SENTENCES.map(([english]) => english).filter((english) => !said.includes(`"${english.replaceAll('"', '\0')}"`));
    assert.deepEqual(lost, []);
  });

  test('and takes no more than is in it', () => {
    for (const [english, chinese] of SENTENCES) {
      const most = english.split('{}').length - 1;
      for (const [, at] of chinese.matchAll(/\{(\d)\}/g)) assert.ok(Number(at) < most, chinese);
    }
  });

  test('figures stand where they belong, and things and states are named', () => {
    const name = (value: string) => (value === 'reversed' ? '已冲销' : null);
    assert.equal(refusalChinese('Invoice INV-1 has 20.00 open.', name), '发票 INV-1 未付金额只有 20.00。');
    assert.equal(refusalChinese('There is no account "X (1)", or you may not see it.', name), '没有账户“X (1)”，或您无权查看。');
    assert.equal(refusalChinese('The payment is reversed.', name), '该收款的状态为“已冲销”，不能这样做。');
    assert.equal(refusalChinese('Nobody has said this.', name), null);
  });

  test('each operation that leaves something on record has its words for the audit page', () => {
    const worded = [...readFileSync('web/src/places/settings/operations.ts', 'utf8').matchAll(/^ {2}(\w+): \{ en: '[^']+', zh: '[^']+' \},$/gm)].map((found) => found[1] ?? '');
    const writing = [...operations.values()].filter((one) => one.method !== 'get').map((one) => one.id).filter((id) => !LEAVES_NOTHING.includes(id));
    assert.deepEqual(worded.filter((id) => !writing.includes(id)), OF_IMPORTS);
    assert.deepEqual(writing.filter((id) => !worded.includes(id)), []);
  });
});
