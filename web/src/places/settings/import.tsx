// A file of another system, taken in: what it is, which column is which field (remembered for the next file with the same
// columns), a dry run that tells of every row that would be refused, and the run itself.

import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import { importKinds, importSend, type ImportField, type ImportKind, type Mapping, type Outcome } from '../../api/imports';
import { Problem, problemFrom } from '../../api/problem';
import { may } from '../../api/session';
import { import_mapping_list } from '../../api/types';
import { customLabel, customName, customsOf, customsRead } from '../../custom/defs';
import { Button } from '../../kit/button';
import { refusedSave } from '../../kit/download';
import { Check, Field } from '../../kit/field';
import { FileField } from '../../kit/file';
import { Load, useLoaded } from '../../kit/load';
import { Notice, ProblemNotice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { fieldNamed } from '../../list/names';
import { runStart } from '../../run/runs';
import type { Imported } from '../../run/view';
import { refusalText } from '../../words/refusal';
import { cells, DATES, headRead, kindGuess, mappingGuess, type FileHead } from './csv';
import type { ImportAsked } from './import-work';
import { Past } from './past';
import { sentence, t } from './words';

const RECORDS: Readonly<Record<string, string>> = { partners: 'partner', accounts: 'account', contacts: 'contact', products: 'product', orders: 'order', activities: 'activity' };

/** What can be imported, the fields that the organisation added included. */
async function kindsRead(): Promise<ImportKind[]> {
  const [kinds] = await Promise.all([importKinds(), customsRead()]);
  return kinds.filter((one) => may(one.needs)).map((kind) => ({
    ...kind,
    fields: [...kind.fields.map((one) => ({ ...one, labels: [fieldNamed(one.name)] })), ...customsOf(RECORDS[kind.what] ?? '').map((one) => ({
      name: customName(one), required: one.required, doc: null, labels: [one.label_en, one.label_zh].filter((label) => label !== null),
    }))],
  }));
}

/** What is made along with rows, and the fields of it that a column may be. */
const MADE: readonly { target: string; what: string; without: readonly string[] }[] = [
  { target: 'partner', what: 'partners', without: [] },
  { target: 'account', what: 'accounts', without: ['code', 'partner'] },
];

/** The fields of the kind, and what a mapping takes besides: when an invoice was paid, and what is made along. */
function fieldsOf(kinds: readonly ImportKind[], kind: ImportKind, mapping: Mapping): ImportField[] {
  const settled: ImportField[] = kind.what === 'invoices' ? [{ name: 'settled_on', required: false, doc: null }] : [];
  const made = MADE.filter((one) => mapping.create?.includes(one.target)).flatMap(({ target, what, without }) =>
    (kinds.find((one) => one.what === what)?.fields ?? []).filter((one) => !without.includes(one.name))
      .map((one) => ({ ...one, name: `${target}.${one.name}`, required: false })));
  return [...kind.fields, ...settled, ...made];
}

/** A field in words; of what is made along with a row, with what it is of. */
function fieldText(kind: ImportKind, name: string): string {
  const custom = customsOf(RECORDS[kind.what] ?? '').find((one) => customName(one) === name);
  if (custom) return customLabel(custom);
  // Without the place in a list, such as that of the first role.
  const [of = '', field] = name.split('.').filter((part) => !/^\d+$/.test(part));
  return field ? t('import.field.of', { record: fieldNamed(of), field: fieldNamed(field) }) : fieldNamed(of);
}

/** In the file a reason begins with its code, which programs read. */
function reasonText(reason: string, field: string): string {
  const [, code, sentence = reason] = /^(?:.*: )?(ERR_[A-Z_]+): (.*)$/s.exec(reason) ?? [];
  return refusalText(sentence, code, field);
}

interface Chosen {
  file: File;
  head: FileHead;
}

const MOST_REFUSED = 200;

/** How a file with these columns was mapped the last time, as far as it still fits. */
async function remembered(what: string, head: FileHead): Promise<Mapping | null> {
  const { items } = await call(import_mapping_list, { what, header: head.header.join('\n') });
  const kept = items[0];
  if (!kept) return null;
  return { ...JSON.parse(kept.document) as Mapping, encoding: head.encoding };
}

function whatText(what: string): string {
  return sentence(`import.what.${what}`) ?? what;
}

function Choose({ onChoose }: { onChoose: (file: File) => void }) {
  return (
    <section class="card settings-part">
      <FileField label={t('import.file')} choose={t('import.choose')} drop={t('import.drop')} hint={t('import.file.hint')} accept=".csv,.txt,text/csv,text/plain" onChoose={onChoose} />
    </section>
  );
}

interface MappingProps {
  kind: ImportKind;
  fields: readonly ImportField[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

/** What the file says nothing of and is the same in all rows. */
function Fixed({ kind, fields, mapping, onChange }: MappingProps) {
  const given = mapping.defaults ?? {};
  const open = fields.filter((one) => !mapping.columns[one.name] && given[one.name] === undefined);
  const put = (name: string, value: string | null) => {
    const { [name]: _, ...rest } = given;
    onChange({ ...mapping, defaults: value === null ? rest : { ...given, [name]: value } });
  };
  return (
    <>
      <h2>{t('import.fixed')}</h2>
      <p class="faint">{t('import.fixed.hint')}</p>
      {Object.entries(given).map(([name, value]) => (
        <div class="form-row import-fixed" key={name}>
          <Field label={fieldText(kind, name)} value={value} onInput={(text) => put(name, text)} />
          <Button kind="quiet" label={`${t('import.fixed.off')}: ${fieldText(kind, name)}`} onClick={() => put(name, null)}>{t('import.fixed.off')}</Button>
        </div>
      ))}
      <div class="form-row">
        <Field label={t('import.fixed.add')} value="" onInput={(name) => name && put(name, '')}
          options={[{ value: '', label: t('app.none') }, ...open.map((one) => ({ value: one.name, label: fieldText(kind, one.name) }))]} />
      </div>
    </>
  );
}

function Columns({ kind, fields, head, mapping, onChange }: MappingProps & { head: FileHead }) {
  const fieldOf = (column: string) => Object.entries(mapping.columns).find(([, one]) => one === column)?.[0] ?? '';
  const put = (column: string, field: string) => {
    const columns = Object.fromEntries(Object.entries(mapping.columns).filter(([name, one]) => one !== column && name !== field));
    onChange({ ...mapping, columns: field ? { ...columns, [field]: column } : columns });
  };
  const options = [{ value: '', label: t('import.left_out') }, ...fields.map((one) => ({ value: one.name, label: fieldText(kind, one.name) + (one.required ? ' *' : '') }))];
  return (
    <ul class="import-columns">
      {head.header.map((column, i) => (
        <li key={column}>
          <span><b>{column}</b> <span class="faint">{head.rows.map((row) => row[i]).filter(Boolean).slice(0, 3).join(' · ')}</span></span>
          <Field label={t('import.field_of', { column })} hideLabel value={fieldOf(column)} options={options} onInput={(field) => put(column, field)} />
        </li>
      ))}
    </ul>
  );
}

function Forms({ mapping, onChange }: { mapping: Mapping; onChange: (mapping: Mapping) => void }) {
  const set = (name: keyof Mapping) => (value: string) => onChange({ ...mapping, [name]: value });
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <div class="form-row">
      <Field label={t('import.dates')} value={mapping.date_format} onInput={set('date_format')} options={plain(DATES.includes(mapping.date_format) ? DATES : [...DATES, mapping.date_format])} />
      <Field label={t('import.decimal')} value={mapping.decimal} onInput={set('decimal')} options={[{ value: '.', label: '1234.50' }, { value: ',', label: '1234,50' }]} />
      <Field label={t('import.delimiter')} value={mapping.delimiter} onInput={set('delimiter')} options={plain([',', ';', '|', ':', 'tab'])} />
      <Field label={t('import.encoding')} value={mapping.encoding} onInput={set('encoding')} options={plain(['utf-8', 'gb18030'])} />
    </div>
  );
}

/** A field of what is not made would be refused. */
function withoutMade(mapping: Mapping): Mapping {
  const left = <Value,>(of: Record<string, Value>) => Object.fromEntries(Object.entries(of).filter(([name]) => !MADE.some(({ target }) => name.startsWith(`${target}.`))));
  return { ...mapping, columns: left(mapping.columns), defaults: left(mapping.defaults ?? {}), create: [] };
}

/** Offered where rows are of accounts, to who may make such. */
function Missing({ kind, mapping, onChange }: { kind: ImportKind; mapping: Mapping; onChange: (mapping: Mapping) => void }) {
  const isOffered = kind.fields.some((one) => one.name === 'account') && may('PARTNER_WRITE') && may('ACCOUNT_WRITE');
  if (!isOffered) return null;
  return (
    <Check label={t('import.create')} checked={Boolean(mapping.create?.length)}
      onChange={(on) => onChange(on ? { ...mapping, create: ['partner', 'account'] } : withoutMade(mapping))} />
  );
}

function Refused({ kind, outcome, mapping, name }: { kind: ImportKind; outcome: Outcome; mapping: Mapping; name: string }) {
  const [head = [], ...rows] = cells(outcome.file.replace(/^\uFEFF/, ''), mapping.delimiter === 'tab' ? '\t' : mapping.delimiter, MOST_REFUSED + 1);
  return (
    <>
      <div class="table-frame">
        <table class="table" aria-label={t('import.refused')}>
          <thead><tr><th scope="col">{t('import.row')}</th><th scope="col">{t('import.field')}</th><th scope="col">{t('import.reason')}</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row[0]}>
                <td class="lead" data-label={t('import.row')}>{row[0]}</td>
                <td data-label={t('import.field')}>{fieldText(kind, row[head.length - 2] ?? '')}</td>
                <td class="wide" data-label={t('import.reason')}>{reasonText(row[head.length - 1] ?? '', row[head.length - 2] ?? '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row"><Button onClick={() => refusedSave(name, outcome.file)}>{t('import.save_refused')}</Button></div>
    </>
  );
}

function Result({ kind, outcome, mapping, name, isDry, onPast }: { kind: ImportKind; outcome: Outcome; mapping: Mapping; name: string; isDry: boolean; onPast: () => void }) {
  const { read, done, skipped, refused } = outcome;
  return (
    <section class="card settings-part" aria-live="polite">
      <Notice tone={refused ? 'warn' : 'good'}><strong>{t(isDry ? 'import.would' : 'import.did', { read, done, skipped, refused })}</strong></Notice>
      {!isDry && done > 0 && <div class="row"><Button onClick={onPast}>{t('import.past')}</Button></div>}
      {refused > 0 && <Refused kind={kind} outcome={outcome} mapping={mapping} name={name} />}
    </section>
  );
}

interface Ran {
  outcome: Outcome;
  isDry: boolean;
}

function Mapped({ kinds, chosen, onAgain }: { kinds: readonly ImportKind[]; chosen: Chosen; onAgain: () => void }) {
  const { file, head } = chosen;
  const [what, setWhat] = useState(() => kindGuess(kinds, head.header));
  const kind = kinds.find((one) => one.what === what);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [isKept, setIsKept] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ran, setRan] = useState<Ran | null>(null);
  useEffect(() => {
    let isOver = false;
    if (!kind) return;
    setRan(null);
    setProblem(null);
    remembered(what, head).catch(() => null).then((kept) => {
      if (isOver) return;
      setIsKept(kept !== null);
      setMapping(kept ?? mappingGuess(kind, head));
    });
    return () => void (isOver = true);
  }, [what]);
  if (!kind || !mapping) return null;
  const change = (next: Mapping) => {
    setMapping(next);
    setRan(null);
  };
  const fields = fieldsOf(kinds, kind, mapping);
  const lacks = kind.fields.filter((one) => one.required && !mapping.columns[one.name] && !mapping.defaults?.[one.name])
    .map((one) => fieldText(kind, one.name));
  const run = (isDry: boolean) => {
    const defaults = Object.fromEntries(Object.entries(mapping.defaults ?? {}).filter(([, value]) => value.trim() !== ''));
    const asked = { ...mapping, defaults };
    setBusy(true);
    setProblem(null);
    if (isDry) {
      importSend(what, asked, file, true).then((outcome) => setRan({ outcome, isDry }), (error: unknown) => setProblem(problemFrom(error))).finally(() => setBusy(false));
      return;
    }
    // It goes on when this page is left; the tray tells of it then.
    setRan(null);
    const data: ImportAsked = { what, header: head.header.join('\n'), mapping: asked, file };
    runStart({ kind: 'import', title: t('import.of', { what: whatText(what), file: file.name }), total: null, canStop: false, data }, (over) => {
      setBusy(false);
      if (over.state === 'over') setRan({ outcome: over.out as Imported, isDry });
      else if (over.problem) setProblem(new Problem(0, over.problem));
    });
  };
  const isTried = ran?.isDry === true && ran.outcome.done > 0;
  return (
    <>
      <section class="card settings-part">
        <div class="form-row">
          <Field label={t('import.what')} value={what} onInput={setWhat} options={kinds.map((one) => ({ value: one.what, label: whatText(one.what) }))} />
        </div>
        {isKept && <p class="faint">{t('import.kept')}</p>}
        <h2>{t('import.columns')}</h2>
        <Columns kind={kind} fields={fields} head={head} mapping={mapping} onChange={change} />
        {lacks.length > 0 && <Notice tone="warn">{t('import.lacks', { fields: lacks.join(t('app.comma')) })}</Notice>}
        <Fixed kind={kind} fields={fields} mapping={mapping} onChange={change} />
        <Forms mapping={mapping} onChange={change} />
        <Missing kind={kind} mapping={mapping} onChange={change} />
        <div class="form-foot">
          <Button kind={isTried ? 'plain' : 'primary'} busy={busy} onClick={() => run(true)}>{t('import.try')}</Button>
          <Button kind={isTried ? 'primary' : 'plain'} busy={busy || !isTried} onClick={() => run(false)}>{t('import.run')}</Button>
          <Button onClick={onAgain}>{t('import.other')}</Button>
        </div>
        {busy && <p class="faint" role="status">{t('import.busy')}</p>}
        {problem && <ProblemNotice problem={problem} />}
      </section>
      {ran && <Result kind={kind} outcome={ran.outcome} mapping={mapping} name={file.name} isDry={ran.isDry} onPast={onAgain} />}
    </>
  );
}

export function Import() {
  const found = useLoaded('import kinds', kindsRead);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const choose = (file: File) => void headRead(file).then((head) => setChosen({ file, head }));
  return (
    <Page title={t('import.title')} intro={t('import.intro')}>
      <div class="settings">
        <Load of={found}>
          {(kinds) => chosen
            ? <Mapped key={chosen.file.name + chosen.file.lastModified} kinds={kinds} chosen={chosen} onAgain={() => setChosen(null)} />
            : <><Choose onChoose={choose} /><Past /></>}
        </Load>
      </div>
    </Page>
  );
}
