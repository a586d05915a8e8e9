// After all API tests: was every operation done once, and every refusal that it declares answered once?
// Prints what was not, and "N passed, N failed".
import { existsSync, readFileSync } from 'node:fs';
import { operations } from './described';

const file = process.env['GUANXI_SEEN'] ?? 'build/tests/seen.ndjson';
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const done = new Set<string>();
const refused = new Set<string>();
for (const line of lines) {
  const seen: { do: string; code?: string } = JSON.parse(line);
  if (seen.code) {
    refused.add(`${seen.do} ${seen.code}`);
  } else {
    done.add(seen.do);
  }
}

let passed = 0;
let failed = 0;
function wants(holds: boolean, what: string): void {
  holds ? passed++ : failed++;
  if (!holds) {
    console.log(`FAIL ${what}`);
  }
}

for (const { id, operation } of operations.values()) {
  wants(done.has(id), `${id} was never done`);
  for (const code of operation['x-refusals']) {
    wants(refused.has(`${id} ${code}`), `${id} never refused with ${code}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
