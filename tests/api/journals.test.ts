// Runs every journal of tests/journal against a fresh database. A file begins with a line for the runner,
// {"note": what it shows, "with"?: a journal of tests/journal/with that is run before, "init"?: options of init},
// which is the only one the program does not see. Every other line says what it expects.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { Place } from './support';

const folder = 'tests/journal';

const linesOf = (path: string): string[] => readFileSync(`${folder}/${path}`, 'utf8').split('\n');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.ndjson'))) {
  const [first, ...lines] = linesOf(file);
  const head = JSON.parse(first ?? '{}');
  test(`${file}: ${head.note}`, () => {
    const place = new Place({ init: head.init });
    const before = head.with === undefined ? [] : linesOf(`with/${head.with}.ndjson`);
    // An empty line stands for the first one, so that the numbers told are those of the file.
    const setUp = place.run(['journal', '-'], before.join('\n'));
    assert.equal(setUp.code, 0, setUp.err);
    const ran = place.run(['journal', '-'], ['', ...lines].join('\n'));
    assert.equal(ran.code, 0, `${file} ${ran.err}`);
    place.ok('doctor');
  });
}
