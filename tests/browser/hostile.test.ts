// Two hundred hostile texts: kept as they are typed or refused by a plain rule, shown as text, run by nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCode, refusal, textsOf, type TextField, type Texts } from './fields';
import { HOSTILE } from './hostile';
import { suite } from './suite';
import { DECIDES, NOT_KEPT, recipes, type Do, type Members } from './texts';
import { program, TODAY, type World } from './world';

const REASON_BYTES = 4096;
const PAGE = 500;

interface Answer {
  status: number;
  body: Members & { code?: string; field?: string; detail?: string };
}

/** The same text again and again costs a call each time; a reason takes many of them at once, a line each. */
function lines(): string[] {
  const kept: string[] = [];
  for (const { kind, text } of HOSTILE) {
    if (kind === 'control') continue;
    const last = kept.at(-1);
    const longer = last === undefined ? text : `${last}\n${text}`;
    if (last !== undefined && Buffer.byteLength(longer) <= REASON_BYTES) kept[kept.length - 1] = longer;
    else kept.push(text);
  }
  return [...kept, ...HOSTILE.filter(({ kind }) => kind === 'control').map(({ text }) => text)];
}

function caller(world: World, paths: ReadonlyMap<string, { method: string; path: string }>) {
  return (operation: string, members: Members, who = DECIDES[operation] ?? 'admin'): Promise<Answer> => {
    const one = paths.get(operation);
    assert.ok(one, operation);
    const rest = { ...members };
    const path = one.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = String(rest[name]);
      delete rest[name];
      return encodeURIComponent(value);
    });
    const query = one.method === 'GET' ? `?${new URLSearchParams(rest as Record<string, string>).toString()}` : '';
    return world.ask(who, one.method, path + query, one.method === 'GET' ? undefined : rest);
  };
}

/** Every input of an operation as it was recorded. */
async function recorded(act: Do, operation: string): Promise<Members[]> {
  const found: Members[] = [];
  for (let cursor = ''; ;) {
    const page = await act('audit_list', { what: operation, limit: PAGE, ...(cursor && { cursor }) }) as { items: { input: Members }[]; next: string | null };
    found.push(...page.items.map((one) => one.input));
    if (!page.next) return found;
    cursor = page.next;
  }
}

interface HostileFirm {
  /** With a document for each text that may be its number. */
  account: string;
  named: { code: string; name: string }[];
}

const MOST_AT_ONCE = 6;

/** Every text that a name may be is the name of a partner, of a product, a territory, a contact and an activity's note. */
async function hostileFirm(world: World): Promise<HostileFirm> {
  const names = HOSTILE.map(({ text }) => text).filter((text) => !refusal('partner_create', { name: 'name', bytes: 255, isRequired: true }, text));
  const isNumber = (text: string) => !refusal('order_place', { name: 'number', bytes: 64, isRequired: true }, text);
  const codes = names.map((name, i) => ({ name, code: isNumber(name) ? name : `h${i}` }));
  const account = '</title><script>hurt()</script>';
  const post = (path: string, body: object) => world.send('admin', 'POST', path, body);
  const onEach = async (work: (one: { name: string; code: string }) => Promise<unknown>) => {
    for (let i = 0; i < codes.length; i += MOST_AT_ONCE) await Promise.all(codes.slice(i, i + MOST_AT_ONCE).map(work));
  };
  await onEach(async ({ name, code }) => {
    await post('/partners', { code, name, roles: ['distributor'], ...(Buffer.byteLength(name) <= 64 && { tier: name }) });
    await post('/accounts', { code, partner: code, currency: 'CNY', terms_days: 30, limit: code === account ? '60.00' : null });
  });
  await onEach(async ({ name, code }) => {
    await post('/products', { code, name, unit_price: '1.00' });
    await post('/territories', { code, name });
    await post('/contacts', { partner: account, name, title: name, email: name, note: name });
    await post('/activities', { partner: account, kind: 'market', on: TODAY, outcome: name, note: name });
    await post('/orders', { account, number: code, lines: [{ product: code, quantity: '1' }] });
    await post('/invoices', { account, number: code, amount: '1.00', invoiced_on: TODAY });
    await post('/payments', { account, amount: '0.10', received_on: TODAY, reference: name });
  });
  const shown = ['<img src=x onerror=hurt()>', '../..', '%2e%2e', '#x', '?a=b', '\u202egnihtemos', '\u0634\u0631\u0643\u0629 \u0627\u0644\u0645\u0631\u0641\u0623', 'W'.repeat(255), 'W'.repeat(60)];
  return { account, named: codes.filter(({ name }) => shown.includes(name)) };
}

suite('hostile texts', ({ start, world }) => {
  test('every text field keeps them as typed, or refuses them by a rule', async () => {
    const { texts, paths } = textsOf(program());
    const ask = caller(world(), paths);
    const act: Do = async (operation, members, who) => {
      const reply = await ask(operation, members, who);
      assert.ok(reply.status < 300, `${operation} ${JSON.stringify(members).slice(0, 200)}: ${JSON.stringify(reply.body)}`);
      return reply.body;
    };
    const { members } = recipes(act);
    const missing = texts.map((one) => one.operation).filter((name) => !NOT_KEPT.has(name) && !members[name]);
    assert.deepEqual(missing, [], 'each operation that takes text is tried');

    const give = async (one: Texts, text: string): Promise<Members | null> => {
      const base = await members[one.operation]!();
      // A code that is changed may not be one that the creation has been given.
      const said = (name: string) => one.operation.endsWith('_change') && isCode(one.operation, name) ? `${text}~` : text;
      const barred = (field: TextField) => refusal(one.operation, field, said(field.name));
      const given = (fields: TextField[]) => Object.fromEntries(fields.map(({ name }) => [name, said(name)]));
      const bad = one.fields.filter(barred);
      if (bad.length) {
        const reply = await ask(one.operation, { ...base, ...given(one.fields) });
        const named = bad.find(({ name }) => name === (reply.body.field ?? name));
        assert.equal(reply.body.code, named && barred(named), `${one.operation} ${JSON.stringify(text)}: ${JSON.stringify(reply.body)}`);
      }
      const good = given(one.fields.filter((field) => !barred(field)));
      if (!Object.keys(good).length) return null;
      // What is needed and refuses this text has another.
      const rest = Object.fromEntries(bad.filter(({ isRequired, name }) => isRequired && !(name in base)).map(({ name }) => [name, 'plain']));
      await act(one.operation, { ...base, ...rest, ...good });
      return good;
    };
    const joined = lines();
    const wrong: string[] = [];
    for (const one of texts) {
      if (NOT_KEPT.has(one.operation)) continue;
      const isReason = one.fields.every(({ bytes }) => bytes === REASON_BYTES);
      const kept: Members[] = [];
      for (const text of isReason ? joined : HOSTILE.map((each) => each.text)) {
        try {
          const given = await give(one, text);
          if (given) kept.push(given);
        } catch (error) {
          wrong.push(`${one.operation}: ${String(error).slice(-400)}`);
        }
      }
      const seen = new Set((await recorded(act, one.operation)).flatMap((input) => Object.entries(input).map(([name, value]) => `${name} ${String(value)}`)));
      for (const given of kept) {
        for (const [name, text] of Object.entries(given)) {
          if (!seen.has(`${name} ${String(text)}`)) wrong.push(`${one.operation}.${name} did not keep ${JSON.stringify(text)}`);
        }
      }
    }
    assert.equal(wrong.length, 0, wrong.slice(0, 20).join('\n'));
  });

  for (const lang of ['en', 'zh'] as const) {
    test(`they are shown as text, run nothing and break no page, ${lang}`, async () => {
      const { page, signIn, fits } = await start({ lang });
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await page.addInitScript(() => {
        const all = window as unknown as { hurt: () => void; wasHurt: string[] };
        all.wasHurt = [];
        all.hurt = () => void all.wasHurt.push('hurt() was run');
        addEventListener('securitypolicyviolation', (event) => all.wasHurt.push(`${event.violatedDirective} ${event.blockedURI}`));
      });
      const firm = await hostileFirm(world());
      await signIn('admin');
      const broken: string[] = [];
      const look = async (path: string, wanted?: string) => {
        await page.goto(`${world().url}${path}`);
        await page.waitForSelector('main h1');
        await fits(`hostile${path.replace(/\W+/g, '-').slice(0, 40)}`).catch((error: unknown) => broken.push(String(error)));
        const seen = await page.evaluate(() => ({ hurt: (window as unknown as { wasHurt: string[] }).wasHurt, text: document.querySelector('main')?.textContent ?? '' }));
        assert.deepEqual([...seen.hurt, ...dialogs], [], path);
        if (wanted !== undefined) assert.ok(seen.text.includes(wanted), `${path} does not show ${JSON.stringify(wanted)}`);
      };
      const one = encodeURIComponent(firm.account);
      for (const [width, height] of [[1280, 860], [360, 780]] as const) {
        await page.setViewportSize({ width, height });
        for (const section of ['', '/orders', '/invoices', '/people']) await look(`/accounts/${one}${section}`);
        if (width < 500) for (const { code, name } of firm.named) await look(`/accounts/${encodeURIComponent(code)}`, name);
        for (const path of ['/accounts', '/held', '/today', '/receivables/open', '/receivables/payments', `/receivables/statement/${one}`, `/partners/${one}`, '/settings/users', '/settings/territories', '/settings/audit', `/order/${one}`]) await look(path);
        for (const typed of ['<', '\'', '%', '\u202e', '😀']) {
          await page.keyboard.press('Control+K');
          await page.fill('dialog input', typed);
          await fits(`hostile-palette-${typed.codePointAt(0)}`);
          await page.keyboard.press('Escape');
          await page.waitForSelector('dialog', { state: 'detached' });
        }
      }
      assert.deepEqual(broken, []);
    });
  }
});
